//! The credit bureau: somebody else's service, with its bad minutes.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use serde::{Deserialize, Serialize};
use sfn_runtime::{Payload, StepError, step};

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Payload)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Who asks.
    pub applicant: String,
    /// The credit applied for.
    pub applied: u32,
    /// What comes in each month.
    pub income: u32,
}

/// An application that the bureau has looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Payload)]
pub struct Rated {
    /// Who asks.
    pub applicant: String,
    /// The credit applied for.
    pub applied: u32,
    /// The highest credit that the bureau advises.
    pub limit: u32,
}

/// How the bureau fails.
///
/// Its errors have the names that Lambda gives such failures. A retrier matches names alone, so
/// the one below fits while the step runs here, and still fits on the day it moves to Lambda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, StepError)]
pub enum BureauError {
    /// Too many questions in this second. The next one may be answered.
    #[error("the bureau takes no more questions this second")]
    #[step_error(name = "Lambda.TooManyRequestsException")]
    Throttled,
    /// Nobody of that name: asking again brings nobody into being.
    #[error("the bureau knows nobody without a name")]
    #[step_error(name = "UnknownApplicant", retryable = false)]
    Unknown,
}

/// A line to the bureau.
#[derive(Debug, Clone)]
pub struct Bureau {
    turned_away: Arc<AtomicU32>,
    refusals: u32,
}

impl Bureau {
    /// A bureau that turns the first `refusals` questions away, and answers ever after.
    pub fn busy(refusals: u32) -> Self {
        Self {
            turned_away: Arc::default(),
            refusals,
        }
    }

    /// Half a year's income.
    fn limit(&self, application: &Application) -> Result<u32, BureauError> {
        if self.turned_away.fetch_add(1, Ordering::SeqCst) < self.refusals {
            return Err(BureauError::Throttled);
        }
        if application.applicant.trim().is_empty() {
            return Err(BureauError::Unknown);
        }
        Ok(application.income.saturating_mul(6))
    }
}

/// Asks the bureau how much credit it advises.
///
/// The retrier is the one that AWS advises for every call of a Lambda function: the same names, and
/// waits of 2, 4, 8, 16, 32 and 64 seconds. An unknown applicant is not in its list, and
/// so ends the execution at the first attempt.
#[step(
    name = "Get credit limit",
    retry(
        on(
            "Lambda.ServiceException",
            "Lambda.AWSLambdaException",
            "Lambda.SdkClientException",
            "Lambda.TooManyRequestsException"
        ),
        interval = "2s",
        max_attempts = 6,
        backoff = 2.0
    ),
    timeout = "30s"
)]
pub async fn get_credit_limit(
    application: Application,
    #[inject] bureau: Bureau,
) -> Result<Rated, BureauError> {
    // The runtime's span around a step puts execution, state and attempt into each of its lines.
    tracing::info!(applicant = application.applicant, "asking the bureau");
    let limit = bureau.limit(&application).inspect_err(|error| {
        tracing::warn!(%error, "the bureau did not answer");
    })?;
    Ok(Rated {
        applicant: application.applicant,
        applied: application.applied,
        limit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_bureau_answers_in_the_end() {
        let bureau = Bureau::busy(2);
        let application = Application {
            applicant: "Ada".to_owned(),
            applied: 3000,
            income: 3100,
        };
        assert_eq!(bureau.limit(&application), Err(BureauError::Throttled));
        assert_eq!(bureau.limit(&application), Err(BureauError::Throttled));
        assert_eq!(bureau.limit(&application), Ok(18_600));
    }

    #[test]
    fn nobody_has_no_limit() {
        let application = Application {
            applicant: " ".to_owned(),
            applied: 3000,
            income: 3100,
        };
        assert_eq!(
            Bureau::busy(0).limit(&application),
            Err(BureauError::Unknown)
        );
    }
}
