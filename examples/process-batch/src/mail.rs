//! The steps, and the services behind them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepContext, StepError, step};

/// What marketing wants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Campaign {
    /// Its name.
    pub campaign: String,
    /// Who is to hear from us.
    pub contacts: Vec<String>,
    /// In how many batches, an hour apart.
    pub batches: usize,
    /// When the first is due: RFC 3339.
    pub first_at: String,
}

/// The contacts that hear from us at one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Batch {
    /// Of which campaign.
    pub campaign: String,
    /// When: RFC 3339.
    pub due: String,
    /// Who.
    pub contacts: Vec<String>,
}

/// One e-mail to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Mail {
    /// To whom.
    pub contact: String,
    /// What the learner thinks suits them.
    pub asset: String,
}

/// What came of one try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Tried {
    /// The mail.
    pub mail: Mail,
    /// Whether it went out.
    pub sent: bool,
}

/// What came of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Done {
    /// When it was due.
    pub due: String,
    /// How many mails went out.
    pub sent: usize,
    /// After how many rounds.
    pub rounds: u32,
    /// Who did not get one.
    pub unsent: Vec<String>,
}

/// What came of a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Report {
    /// Its name.
    pub campaign: String,
    /// How many mails went out.
    pub sent: usize,
    /// Who did not get one.
    pub unsent: Vec<String>,
}

/// Why there is no schedule.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum ScheduleError {
    /// Nobody, or at no time.
    #[error("a campaign has contacts and batches, and this one has {contacts} and {batches}")]
    #[step_error(retryable = false, data)]
    Nothing {
        /// How many contacts.
        contacts: usize,
        /// How many batches.
        batches: usize,
    },
    /// The time is none.
    #[error("`{0}` is not a full hour such as `2026-11-21T09:00:00Z`")]
    #[step_error(retryable = false)]
    Time(String),
}

/// Why the learner says nothing.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum LearnerError {
    /// It is learning.
    #[error("the learner is busy learning")]
    Busy,
}

/// Why a mail did not go out.
#[derive(Debug, PartialEq, thiserror::Error, StepError)]
pub enum SendError {
    /// The mail service had enough.
    #[error("the mail service takes no mail for {contact} now")]
    #[step_error(data)]
    Throttled {
        /// Whom it was for.
        contact: String,
    },
    /// There is no such address.
    #[error("{contact} has no mailbox")]
    #[step_error(retryable = false, data)]
    NoMailbox {
        /// Whom it was for.
        contact: String,
    },
}

/// The mail service: it takes every third mail only when it is asked again, and knows what it has sent.
#[derive(Debug, Clone, Default)]
pub struct Post {
    asked: Arc<Mutex<HashMap<String, u32>>>,
}

impl Post {
    fn send(&self, key: &str, mail: &Mail) -> Result<u32, SendError> {
        let contact = mail.contact.clone();
        if contact == "ivo" {
            return Err(SendError::NoMailbox { contact });
        }
        let mut asked = self
            .asked
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        let times = asked.entry(key.to_owned()).or_default();
        *times += 1;
        match (contact.as_str(), *times) {
            ("cleo" | "fay", 1) | ("gus", 1 | 2) => Err(SendError::Throttled { contact }),
            _ => Ok(*times),
        }
    }
}

/// Divides the contacts into batches, an hour apart.
#[step]
pub async fn schedule(campaign: &Campaign) -> Result<Vec<Batch>, ScheduleError> {
    let (contacts, batches) = (campaign.contacts.len(), campaign.batches);
    if contacts == 0 || batches == 0 {
        return Err(ScheduleError::Nothing { contacts, batches });
    }
    let wrong = || ScheduleError::Time(campaign.first_at.clone());
    let (day, hour) = campaign
        .first_at
        .strip_suffix(":00:00Z")
        .and_then(|at| at.split_once('T'))
        .ok_or_else(wrong)?;
    let hour: usize = hour.parse().map_err(|_| wrong())?;
    let chunks = campaign.contacts.chunks(contacts.div_ceil(batches));
    let batch = |(index, contacts): (usize, &[String])| Batch {
        campaign: campaign.campaign.clone(),
        due: format!("{day}T{:02}:00:00Z", (hour + index).min(23)),
        contacts: contacts.to_vec(),
    };
    Ok(chunks.enumerate().map(batch).collect())
}

/// Asks the learner which mail suits whom.
#[step(
    retry(on(LearnerError::Busy, Timeout), interval = "30s", max_attempts = 4),
    timeout = "5m"
)]
pub async fn pick(batch: &Batch, #[inject] ctx: StepContext) -> Result<Vec<Mail>, LearnerError> {
    if ctx.attempt == 1 && batch.due.contains("T10") {
        return Err(LearnerError::Busy);
    }
    let assets = ["the garden", "the kitchen", "the workshop"];
    let suits = |contact: &String| Mail {
        contact: contact.clone(),
        asset: assets[contact.len() % assets.len()].to_owned(),
    };
    Ok(batch.contacts.iter().map(suits).collect())
}

/// Sends one mail. The service sends a mail only once a key, so that a second try does no harm.
#[step(timeout = "1m")]
pub async fn send(mail: &Mail, #[inject] post: Post) -> Result<u32, SendError> {
    let tries = post.send(&format!("{}/{}", mail.contact, mail.asset), mail)?;
    tracing::info!("{} hears of {}", mail.contact, mail.asset);
    Ok(tries)
}

/// Adds up the batches.
#[step]
pub async fn summarise(campaign: &str, batches: &[Done]) -> Report {
    Report {
        campaign: campaign.to_owned(),
        sent: batches.iter().map(|batch| batch.sent).sum(),
        unsent: batches
            .iter()
            .flat_map(|batch| batch.unsent.clone())
            .collect(),
    }
}
