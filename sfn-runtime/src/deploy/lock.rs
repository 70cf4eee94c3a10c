//! One deployment at a time.
//!
//! The lock is a log group: making one is atomic, costs nothing, needs no permission that a deployment does not need
//! anyway, and its tags say who holds it. It stays when a deployment is killed; then `--break-lock` removes it. It is
//! never taken over by itself, since nobody can tell a dead deployment from a slow one.

use super::{
    APP_TAG, ENV_TAG, MANAGED_TAG, Model, Tags,
    cloud::{Cloud, Error, Reason, persist},
    names,
};

/// The tag that says who holds the lock.
const HOLDER: &str = "sfn:lock-holder";

/// The tag that tells one hold from all others.
const HOLD: &str = "sfn:lock-id";

/// How often a lock that goes and comes while it is asked for is asked for again.
const TRIES: u32 = 5;

/// Why the lock cannot be had.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum LockError {
    /// Somebody else has it.
    #[error(
        "another deployment of `{prefix}` is under way, by {holder}\n\
         help: wait for it; if it was killed, say `--break-lock`"
    )]
    Held { prefix: String, holder: String },
    #[error(transparent)]
    Cloud(#[from] Error),
}

/// The lock, held until it is [released](Lock::release).
#[derive(Debug)]
pub(crate) struct Lock {
    cloud: Cloud,
    name: String,
}

impl Lock {
    /// Takes the lock. With `force`, from whoever has it.
    pub(crate) async fn take(cloud: &Cloud, model: &Model, force: bool) -> Result<Self, LockError> {
        let name = names::lock(&model.prefix);
        if force {
            match persist(|| cloud.remove_log_group(&name)).await {
                Err(error) if error.reason() != Reason::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        let tags = Tags::from([
            (APP_TAG.to_owned(), model.app.clone()),
            (
                ENV_TAG.to_owned(),
                model.env.clone().unwrap_or_else(|| "default".to_owned()),
            ),
            (MANAGED_TAG.to_owned(), "sfn".to_owned()),
            (HOLDER.to_owned(), holder()),
            (HOLD.to_owned(), uuid::Uuid::new_v4().to_string()),
        ]);
        let lock = || Self {
            cloud: cloud.clone(),
            name: name.clone(),
        };
        for _ in 0..TRIES {
            match persist(|| cloud.create_log_group(&name, &tags)).await {
                Ok(()) => return Ok(lock()),
                Err(error) if error.reason() == Reason::Exists => {}
                Err(error) => return Err(error.into()),
            }
            let found = match persist(|| cloud.log_group_tags(&name)).await {
                Ok(found) => found,
                // Whoever had it has let go of it since.
                Err(error) if error.reason() == Reason::NotFound => continue,
                Err(error) => return Err(error.into()),
            };
            // It was made, and the answer was lost.
            if found.get(HOLD) == tags.get(HOLD) {
                return Ok(lock());
            }
            let holder = found.get(HOLDER).cloned();
            return Err(LockError::Held {
                prefix: model.prefix.clone(),
                holder: holder.unwrap_or_else(|| "somebody".to_owned()),
            });
        }
        Err(LockError::Held {
            prefix: model.prefix.clone(),
            holder: "several at once".to_owned(),
        })
    }

    /// Lets go of it.
    pub(crate) async fn release(self) -> Result<(), Error> {
        let done = persist(|| self.cloud.remove_log_group(&self.name)).await;
        match done {
            Err(error) if error.reason() == Reason::NotFound => Ok(()),
            other => other,
        }
    }
}

/// Who we are: `bob@kitchen (process 4711)`.
fn holder() -> String {
    let of = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok());
    let user = of(&["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER", "USERNAME"]);
    let host = of(&["HOSTNAME", "COMPUTERNAME"])
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok())
        .map(|host| host.trim().to_owned());
    let who = match (user, host) {
        (Some(user), Some(host)) => format!("{user}@{host}"),
        (Some(name), None) | (None, Some(name)) => name,
        (None, None) => "somebody".to_owned(),
    };
    // What tags take; brackets are not among it.
    let legal = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
    let who: String = who.chars().filter(|c| legal(*c)).take(200).collect();
    format!("{who} process {}", std::process::id())
}
