//! Notify: the digest, sent once.

use sfn_runtime::{StepContext, step};

use crate::{
    digest::Digest,
    lake::{Lake, key_part},
    store::{DATABASE, Stored},
    trouble::Trouble,
    warehouse::Warehouse,
};

/// The key of the digest that was written last, for people.
pub const LATEST: &str = "digest.md";

/// Writes the digest and sends it: here, into the outbox.
///
/// What is sent has the idempotency key of this state of this execution. Should the worker die after the
/// sending, and before Step Functions hears of it, the next attempt finds the page sent.
#[step(
    retry(
        on(Trouble::Locked, Trouble::Unreachable),
        interval = "5s",
        max_attempts = 4,
        backoff = 2.0
    ),
    timeout = "1m"
)]
pub fn notify(
    stored: Stored,
    #[inject] lake: Lake,
    #[inject] warehouse: Warehouse,
    #[inject] ctx: StepContext,
) -> Result<Digest, Trouble> {
    let page = format!("outbox/{}.md", key_part(&ctx.idempotency_key()));
    let connection = warehouse.open(&lake.make_room(DATABASE)?)?;
    let digest = Digest::of(&connection, stored, page)?;
    let text = digest.page();
    lake.put_text(LATEST, &text)?;
    if lake.put_once(&digest.page, &text)? {
        tracing::info!(page = digest.page, "sent");
    } else {
        tracing::info!(page = digest.page, "already sent");
    }
    Ok(digest)
}
