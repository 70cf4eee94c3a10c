//! The bucket for code and large payloads.

use aws_sdk_s3::{
    primitives::ByteStream,
    types::{
        BucketLifecycleConfiguration, BucketLocationConstraint, CreateBucketConfiguration, Delete,
        ExpirationStatus, LifecycleExpiration, LifecycleRule, LifecycleRuleFilter,
        ObjectIdentifier, PublicAccessBlockConfiguration, Tag, Tagging,
    },
};

use super::{Cloud, Error, Reason, Zip, answer, pairs};
use crate::deploy::{
    names,
    plan::Actual,
    resource::{Bucket, Spec, Tags},
};

/// The id of the lifecycle rule.
const RULE: &str = "sfn-large-payloads";

fn tag(name: &str, value: &str) -> Tag {
    Tag::builder()
        .key(name)
        .value(value)
        .build()
        .expect("it has a key and a value")
}

impl Cloud {
    pub(super) async fn read_bucket(&self, name: &str) -> Result<Option<Actual>, Error> {
        let asked = self.buckets.head_bucket().bucket(name).send().await;
        answer("s3:ListBucket", name, asked)?;
        let asked = self.buckets.get_bucket_tagging().bucket(name).send().await;
        let tags: Tags = match answer("s3:GetBucketTagging", name, asked) {
            Ok(found) => found
                .tag_set
                .into_iter()
                .map(|tag| (tag.key, tag.value))
                .collect(),
            Err(error) if error.reason() == Reason::NotFound => Tags::new(),
            Err(error) => return Err(error),
        };
        if tags.is_empty() && self.is_empty(name).await? {
            // A deployment was interrupted between making it and tagging it, which are two calls: it is made again. Its name
            // has the account's number, so it is hardly anybody else's.
            return Ok(None);
        }
        let asked = self
            .buckets
            .get_bucket_lifecycle_configuration()
            .bucket(name)
            .send()
            .await;
        let rules = match answer("s3:GetLifecycleConfiguration", name, asked) {
            Ok(found) => found.rules.unwrap_or_default(),
            Err(error) if error.reason() == Reason::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let rule = rules
            .into_iter()
            .find(|rule| rule.id.as_deref() == Some(RULE));
        let days = rule.and_then(|rule| rule.expiration?.days).unwrap_or(0);
        let spec = Bucket {
            large_retention_days: u32::try_from(days).unwrap_or(0),
        };
        Ok(Some(Actual::new(Spec::Bucket(spec), tags)))
    }

    async fn is_empty(&self, name: &str) -> Result<bool, Error> {
        let asked = self.buckets.list_objects_v2().bucket(name).max_keys(1);
        let found = answer("s3:ListBucket", name, asked.send().await)?;
        Ok(found.contents.unwrap_or_default().is_empty())
    }

    pub(super) async fn put_bucket(
        &self,
        name: &str,
        spec: &Bucket,
        tags: &Tags,
        exists: bool,
    ) -> Result<(), Error> {
        if !exists {
            // The oldest Region is the one that must not be named.
            let region = self.location.region.as_str();
            let place = (region != "us-east-1").then(|| {
                CreateBucketConfiguration::builder()
                    .location_constraint(BucketLocationConstraint::from(region))
                    .build()
            });
            let asked = self
                .buckets
                .create_bucket()
                .bucket(name)
                .set_create_bucket_configuration(place)
                .send()
                .await;
            answer("s3:CreateBucket", name, asked)?;
        }
        let tagging = Tagging::builder()
            .set_tag_set(Some(pairs(tags, tag)))
            .build()
            .expect("it has tags");
        let asked = self
            .buckets
            .put_bucket_tagging()
            .bucket(name)
            .tagging(tagging);
        answer("s3:PutBucketTagging", name, asked.send().await)?;
        let closed = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true)
            .build();
        let asked = self
            .buckets
            .put_public_access_block()
            .bucket(name)
            .public_access_block_configuration(closed);
        answer("s3:PutBucketPublicAccessBlock", name, asked.send().await)?;
        let days = i32::try_from(spec.large_retention_days).unwrap_or(i32::MAX);
        let rule = LifecycleRule::builder()
            .id(RULE)
            .status(ExpirationStatus::Enabled)
            .filter(LifecycleRuleFilter::builder().prefix("large/").build())
            .expiration(LifecycleExpiration::builder().days(days).build())
            .build()
            .expect("it has a status");
        let rules = BucketLifecycleConfiguration::builder()
            .rules(rule)
            .build()
            .expect("it has a rule");
        let asked = self
            .buckets
            .put_bucket_lifecycle_configuration()
            .bucket(name)
            .lifecycle_configuration(rules);
        answer("s3:PutLifecycleConfiguration", name, asked.send().await).map(drop)
    }

    /// Brings the zip into the bucket, and gives its key.
    pub(super) async fn upload(&self, bucket: &str, zip: &Zip) -> Result<String, Error> {
        let key = names::code(&zip.sha256);
        let asked = self
            .buckets
            .head_object()
            .bucket(bucket)
            .key(&key)
            .send()
            .await;
        match answer("s3:GetObject", bucket, asked) {
            Ok(_) => return Ok(key),
            Err(error) if error.reason() == Reason::NotFound => {}
            Err(error) => return Err(error),
        }
        let asked = self
            .buckets
            .put_object()
            .bucket(bucket)
            .key(&key)
            .body(ByteStream::from(zip.bytes.clone()))
            .send()
            .await;
        answer("s3:PutObject", bucket, asked)?;
        Ok(key)
    }

    /// Removes a bucket and everything in it.
    pub(super) async fn remove_bucket(&self, name: &str) -> Result<(), Error> {
        loop {
            let asked = self.buckets.list_objects_v2().bucket(name).send().await;
            let found = answer("s3:ListBucket", name, asked)?
                .contents
                .unwrap_or_default();
            let objects: Vec<ObjectIdentifier> = found
                .into_iter()
                .filter_map(|object| ObjectIdentifier::builder().key(object.key?).build().ok())
                .collect();
            if objects.is_empty() {
                break;
            }
            let delete = Delete::builder()
                .set_objects(Some(objects))
                .build()
                .expect("it has objects");
            let asked = self.buckets.delete_objects().bucket(name).delete(delete);
            answer("s3:DeleteObject", name, asked.send().await)?;
        }
        let asked = self.buckets.delete_bucket().bucket(name).send().await;
        answer("s3:DeleteBucket", name, asked).map(drop)
    }
}
