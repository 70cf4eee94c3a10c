//! The human in the workflow.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sfn_runtime::{Callback, Client, Payload, StepContext, StepError, step};

use crate::shop::{Checked, Fraud};

/// What a human says of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Verdict {
    /// Whether it may go on.
    pub ok: bool,
    /// Why, or why not.
    pub reason: String,
}

/// Why nobody was asked.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum ApprovalError {
    /// The desk has closed.
    #[error("the desk is closed")]
    Closed,
}

/// Where questions are put: to a human who answers by the command line, or to one who answers by himself.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Whether nobody sits at it.
    alone: bool,
}

impl Desk {
    /// A desk with a human behind it, who types `cargo run -p order -- answer TOKEN --output '{"ok":true,"reason":"fine"}'`.
    pub fn with_a_human() -> Self {
        Self { alone: false }
    }

    /// A desk where every question is answered with yes after a moment, for the story.
    pub fn that_answers_itself() -> Self {
        Self { alone: true }
    }
}

/// Puts the question on the desk. The answer comes from there, by the task token, within two days.
#[step(timeout = "1m")]
pub async fn approval(
    order: &Checked,
    fraud: &Fraud,
    #[inject] desk: Desk,
    #[inject] client: Client,
    #[inject] ctx: StepContext,
) -> Result<Callback<Verdict>, ApprovalError> {
    let token = ctx.task_token().ok_or(ApprovalError::Closed)?.to_owned();
    tracing::info!(
        "{} € for {}, fraud score {}: may it go on?",
        order.cents / 100,
        order.customer,
        fraud.score
    );
    if desk.alone {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(1200)).await;
            let verdict = Verdict {
                ok: true,
                reason: "an old customer".to_owned(),
            };
            if let Err(error) = client.send_success(&token, &verdict).await {
                tracing::warn!(%error, "the answer did not arrive");
            }
        });
    } else {
        tracing::info!(
            "answer from another terminal:\n\
             cargo run -q -p order -- answer {token} --output '{{\"ok\":true,\"reason\":\"fine\"}}'"
        );
    }
    Ok(Callback::pending())
}
