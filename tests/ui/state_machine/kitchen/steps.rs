use serde::{Deserialize, Serialize};
use sfn_runtime::{Callback, Payload, StepError, step};

#[derive(Clone, Serialize, Deserialize, Payload)]
pub struct Order {
    pub id: u64,
    pub size: i64,
    pub items: Vec<i64>,
    pub note: Option<String>,
}

#[derive(Clone, Serialize, Deserialize, Payload)]
pub struct Pie {
    pub heat: i64,
}

#[derive(Debug, thiserror::Error, StepError)]
pub enum OvenError {
    #[error("the oven is busy")]
    Busy,
    #[error("burnt after {minutes} minutes")]
    #[step_error(data)]
    Burnt { minutes: i64 },
}

#[derive(Debug, thiserror::Error, StepError)]
pub enum OrderError {
    #[error("rejected")]
    Rejected,
    #[error(transparent)]
    #[step_error(transparent)]
    Oven(#[from] OvenError),
}

#[derive(Debug, thiserror::Error, StepError)]
#[error("it is raining")]
pub struct Rain;

#[step]
pub async fn bake(order: &Order) -> Result<Pie, OvenError> {
    Ok(Pie { heat: order.size })
}

#[step]
pub async fn count(order: &Order) -> i64 {
    order.size
}

#[step]
pub async fn put(order: &Order, pie: Pie) -> Pie {
    let _ = order;
    pie
}

#[step]
pub async fn approve(order: &Order) -> Result<Callback<bool>, OvenError> {
    let _ = order;
    Ok(Callback::pending())
}

pub async fn no_step(order: &Order) -> i64 {
    order.size
}
