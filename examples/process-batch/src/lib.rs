//! A campaign of e-mails.
//!
//! ```text
//! cargo run -p process-batch                                # the whole story, live
//! cargo run -p process-batch -- run campaign --input @examples/process-batch/campaign.json --skip-waits
//! cargo run -p process-batch -- run process-batch --input '{"campaign":"autumn","due":"2026-11-21T09:00:00Z","contacts":["ada","ben"]}'
//! ```
//!
//! [`campaign`] holds the two workflows, [`mail`] their steps and the mail service, which is not at its best today.

pub mod campaign;
pub mod mail;

/// The campaign of the story.
pub const CAMPAIGN: &str = include_str!("../campaign.json");
