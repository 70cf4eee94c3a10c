//! Putting values into the store, and references in their place; and back.

use std::{fmt::Write as _, sync::Arc, sync::OnceLock};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{ABOVE, Directory, Error, Store};
use crate::{Failure, worker::back_off};

/// The key of a value that stands where it belongs.
pub(super) const INLINE: &str = "sfn:large";
/// The key of a reference to one in the store.
pub(super) const STORED: &str = "sfn:stored";

/// How often a store is asked in all before a task fails for it.
const TRIES: u32 = 4;

/// A store, as steps and clients use it.
#[derive(Debug, Clone)]
pub(crate) struct Offload {
    store: Arc<dyn Store>,
}

impl Offload {
    pub(crate) fn to(store: impl Store) -> Self {
        Self {
            store: Arc::new(store),
        }
    }

    /// The store that the process was given by its environment.
    pub(crate) fn of_environment() -> Option<Self> {
        static FOUND: OnceLock<Option<Offload>> = OnceLock::new();
        let found = FOUND.get_or_init(|| {
            let given = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
            #[cfg(feature = "large")]
            if let Some(bucket) = given("SFN_BUCKET") {
                return Some(Self::to(super::Bucket::new(bucket)));
            }
            given("SFN_LARGE_DIR").map(|folder| Self::to(Directory::new(folder)))
        });
        found.clone()
    }

    /// Puts the large values in it into the store.
    pub(crate) async fn put_away(&self, value: &mut Value) -> Result<(), Error> {
        let mut found = Vec::new();
        marked(value, INLINE, &mut found);
        for large in found {
            let bytes = large[INLINE].to_string().into_bytes();
            if bytes.len() <= ABOVE {
                continue;
            }
            let key = checksum(&bytes);
            let reference = json!({ STORED: { "sha256": key, "bytes": bytes.len() } });
            self.patiently(|| self.store.put(key.clone(), bytes.clone()))
                .await?;
            *large = reference;
        }
        Ok(())
    }

    /// Takes the values in it out of the store.
    pub(crate) async fn bring_back(&self, value: &mut Value) -> Result<(), Error> {
        let mut found = Vec::new();
        marked(value, STORED, &mut found);
        for reference in found {
            let key = match reference[STORED]["sha256"].as_str() {
                // Whoever writes a reference must not choose a path in the store.
                Some(key) if key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()) => {
                    key.to_owned()
                }
                _ => return Err(Error::BadReference),
            };
            let bytes = self.patiently(|| self.store.get(key.clone())).await?;
            let changed = |_| Error::Changed {
                store: format!("{:?}", self.store),
                key: key.clone(),
            };
            if checksum(&bytes) != key {
                return Err(changed(()));
            }
            let large: Value = serde_json::from_slice(&bytes).map_err(|_| changed(()))?;
            *reference = json!({ INLINE: large });
        }
        Ok(())
    }

    /// The same in a text of JSON.
    pub(crate) async fn put_away_in_text(&self, text: String) -> Result<String, Error> {
        self.in_text(text, INLINE).await
    }

    /// The same in a text of JSON.
    pub(crate) async fn bring_back_in_text(&self, text: String) -> Result<String, Error> {
        self.in_text(text, STORED).await
    }

    async fn in_text(&self, text: String, key: &str) -> Result<String, Error> {
        // Most texts have no large value, and need not be read.
        if !text.contains(key) {
            return Ok(text);
        }
        let Ok(mut value) = serde_json::from_str(&text) else {
            return Ok(text);
        };
        match key {
            INLINE => self.put_away(&mut value).await?,
            _ => self.bring_back(&mut value).await?,
        }
        Ok(value.to_string())
    }

    async fn patiently<T, F>(&self, ask: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut tries = 0;
        loop {
            match ask().await {
                Err(error) if error.passes() && tries + 1 < TRIES => {
                    tries += 1;
                    tracing::warn!(%error, tries, "the store of large values did not answer; trying again");
                    tokio::time::sleep(back_off(tries)).await;
                }
                answer => return answer,
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut cause = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            let _ = write!(cause, ": {inner}");
            source = inner.source();
        }
        Failure::new(Failure::STORE, cause)
    }
}

/// The outermost objects whose only key is that one.
fn marked<'v>(value: &'v mut Value, key: &str, found: &mut Vec<&'v mut Value>) {
    if value
        .as_object()
        .is_some_and(|object| object.len() == 1 && object.contains_key(key))
    {
        found.push(value);
        return;
    }
    match value {
        Value::Object(object) => object
            .values_mut()
            .for_each(|value| marked(value, key, found)),
        Value::Array(items) => items.iter_mut().for_each(|value| marked(value, key, found)),
        _ => {}
    }
}

fn checksum(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Large;

    #[tokio::test]
    async fn large_values_go_and_come_back_and_small_ones_stay() {
        let offload = Offload::to(Directory::temporary());
        let text = "ä\"".repeat(ABOVE);
        let mut value = serde_json::to_value((Large(&text), Large("small"), 7)).expect("JSON");
        let before = value.clone();
        offload
            .put_away(&mut value)
            .await
            .expect("the folder takes it");
        assert_eq!(
            value[0][STORED]["bytes"],
            serde_json::to_string(&text).expect("JSON").len()
        );
        assert_eq!(value[1], before[1]);
        assert!(value.to_string().len() < 200);
        offload
            .bring_back(&mut value)
            .await
            .expect("the folder gives it");
        assert_eq!(value, before);
    }

    #[tokio::test]
    async fn what_was_changed_or_made_up_is_refused() {
        let folder = Directory::temporary();
        let (key, forged) = ("0".repeat(64), b"\"forged\"".to_vec());
        folder
            .put(key.clone(), forged)
            .await
            .expect("the folder takes it");
        let offload = Offload::to(folder);
        for (reference, wrong) in [
            (json!(key), "its checksum differs"),
            (json!("1".repeat(64)), "has no object"),
            (json!("../../etc/passwd"), "no legal checksum"),
            (json!(7), "no legal checksum"),
        ] {
            let mut value = json!([{ STORED: { "sha256": reference } }]);
            let error = offload
                .bring_back(&mut value)
                .await
                .expect_err("it is refused");
            assert!(error.to_string().contains(wrong), "{error}");
        }
    }

    #[test]
    fn without_a_store_a_reference_says_what_is_missing() {
        let reference = json!({ STORED: { "sha256": "0", "bytes": 1 } });
        let error = serde_json::from_value::<Large<String>>(reference).expect_err("no store");
        assert!(error.to_string().contains("set `SFN_BUCKET`"), "{error}");
    }
}
