//! The two workflows: one a campaign, one a batch.

use sfn_runtime::{StepError, map_concurrent, minutes, sleep, sleep_until, state_machine};

use crate::mail::{
    Batch, Campaign, Done, LearnerError, Report, ScheduleError, Tried, pick, schedule, send,
    summarise,
};

/// How often a mail is tried in all.
const ROUNDS: u32 = 3;

/// Why a campaign or a batch did not end.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum CampaignError {
    /// It cannot be divided.
    #[error(transparent)]
    #[step_error(transparent)]
    Schedule(#[from] ScheduleError),
    /// The learner does not say which mail suits whom.
    #[error(transparent)]
    #[step_error(transparent)]
    Learner(#[from] LearnerError),
}

/// Decides once which contact hears from us when, and sends each batch when it is due.
#[state_machine(name = "campaign", timeout = "7 days")]
pub async fn campaign(campaign: Campaign) -> Result<Report, CampaignError> {
    let batches = schedule(&campaign).await?;
    let mut reports = Vec::new();
    for batch in &batches {
        sleep_until(&batch.due).await;
        let done = process_batch(batch.clone()).await?;
        reports.push(done);
    }
    Ok(summarise(&campaign.campaign, &reports).await)
}

/// Sends one batch. Mails that did not go out are tried again, and only those; what still did not is reported.
#[state_machine(name = "process-batch", timeout = "6h")]
pub async fn process_batch(batch: Batch) -> Result<Done, CampaignError> {
    let mut unsent = pick(&batch).await?;
    let mut sent = 0;
    let mut round = 1;
    while !unsent.is_empty() && round <= ROUNDS {
        if round > 1 {
            sleep(minutes(15)).await;
        }
        let tried = map_concurrent(5, &unsent, |mail| async move {
            // An error is caught where it arises, so that it stops no other mail.
            match send(mail).await {
                Ok(_) => Tried {
                    mail: mail.clone(),
                    sent: true,
                },
                Err(_) => Tried {
                    mail: mail.clone(),
                    sent: false,
                },
            }
        })
        .await;
        sent += tried.iter().filter(|tried| tried.sent).count();
        unsent = tried
            .iter()
            .filter(|tried| !tried.sent)
            .map(|tried| tried.mail.clone())
            .collect::<Vec<_>>();
        round += 1;
    }
    Ok(Done {
        due: batch.due,
        sent,
        rounds: round - 1,
        unsent: unsent
            .iter()
            .map(|mail| mail.contact.clone())
            .collect::<Vec<_>>(),
    })
}
