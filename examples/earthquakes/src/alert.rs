//! Alert: who must know at once.

use sfn_runtime::step;

use crate::{
    enrich::{Enriched, Quake},
    lake::{Lake, key_part},
    trouble::Trouble,
    validate::count,
};

/// From which magnitude on somebody must know. The workflow's choice compares with it.
pub const ALERT_FROM: f64 = 5.0;

/// Sends an alert for each strong earthquake of a batch.
///
/// The key of an alert is the event's, not the execution's: whether the step is retried, or the same feed comes
/// in again tomorrow, nobody is woken twice for one earthquake.
#[step(
    retry(on(Trouble::Unreachable), interval = "2s", max_attempts = 3),
    timeout = "1m"
)]
pub fn alert(batch: Enriched, #[inject] lake: Lake) -> Result<Enriched, Trouble> {
    let quakes: Vec<Quake> = lake.get(&batch.key)?;
    let strong: Vec<&Quake> = quakes
        .iter()
        .filter(|quake| quake.event.magnitude >= ALERT_FROM)
        .collect();
    for quake in &strong {
        let key = format!("alerts/{}.txt", key_part(&quake.event.id));
        let text = format!(
            "magnitude {:.1}, {}, {}\n",
            quake.event.magnitude, quake.event.place, quake.local_time
        );
        if lake.put_once(&key, &text)? {
            tracing::warn!(
                magnitude = quake.event.magnitude,
                place = quake.event.place,
                "alert"
            );
        }
    }
    Ok(Enriched {
        alerts: count(strong.len()),
        ..batch
    })
}
