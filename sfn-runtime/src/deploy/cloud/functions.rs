//! Functions, their published versions and their concurrency.

use std::collections::BTreeMap;

use aws_sdk_lambda::{
    primitives::Blob,
    types::{
        Architecture as SdkArchitecture, Environment, EphemeralStorage, FunctionCode,
        FunctionConfiguration, LastUpdateStatus, Runtime, State, TracingConfig, TracingMode,
        VpcConfig,
    },
};

use super::{Cloud, Error, Reason, Zip, answer, persist};
use crate::{
    deploy::{
        plan::Actual,
        resource::{Function, Spec, Tags},
    },
    placement::Architecture,
};

/// The largest zip that is sent with the call itself. Lambda takes 50 MB, and the base64 of it more than that.
pub(crate) const LARGEST_DIRECT: usize = 50 << 20;

impl Cloud {
    pub(super) async fn read_function(&self, name: &str) -> Result<Option<Actual>, Error> {
        let asked = self
            .functions
            .get_function()
            .function_name(name)
            .send()
            .await;
        let found = answer("lambda:GetFunction", name, asked)?;
        let Some(configuration) = found.configuration else {
            return Ok(None);
        };
        let mut spec = spec(&configuration);
        spec.max_concurrency = found
            .concurrency
            .and_then(|concurrency| concurrency.reserved_concurrent_executions)
            .and_then(|calls| u32::try_from(calls).ok());
        let newest = self
            .versions(name)
            .await?
            .into_iter()
            .max_by_key(|(version, _)| *version);
        // The concurrency belongs to the function and not to its versions.
        let current = newest.filter(|(_, published)| {
            let published = Function {
                max_concurrency: spec.max_concurrency,
                ..published.clone()
            };
            published == spec
        });
        let version = current.map(|(version, _)| version.to_string());
        let tags = found.tags.unwrap_or_default().into_iter().collect();
        Ok(Some(
            Actual::new(Spec::Function(spec), tags).version(version),
        ))
    }

    /// The published versions.
    pub(crate) async fn versions(&self, name: &str) -> Result<Vec<(u64, Function)>, Error> {
        let mut found = Vec::new();
        let mut page = None;
        loop {
            let asked = self
                .functions
                .list_versions_by_function()
                .function_name(name)
                .set_marker(page)
                .send()
                .await;
            let answered = answer("lambda:ListVersionsByFunction", name, asked)?;
            let versions = answered.versions.unwrap_or_default();
            found.extend(versions.iter().filter_map(|configuration| {
                // The other one is `$LATEST`.
                let version = configuration.version()?.parse().ok()?;
                Some((version, spec(configuration)))
            }));
            page = answered.next_marker.filter(|marker| !marker.is_empty());
            if page.is_none() {
                return Ok(found);
            }
        }
    }

    pub(super) async fn list_functions(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let mut page = None;
        loop {
            let asked = self
                .functions
                .list_functions()
                .set_marker(page)
                .send()
                .await;
            let answered = answer("lambda:ListFunctions", prefix, asked)?;
            let functions = answered.functions.unwrap_or_default();
            let names = functions
                .into_iter()
                .filter_map(|function| function.function_name);
            found.extend(names.filter(|name| name.starts_with(prefix)));
            page = answered.next_marker.filter(|marker| !marker.is_empty());
            if page.is_none() {
                return Ok(found);
            }
        }
    }

    /// Makes or changes a function, and gives the version that was published.
    pub(super) async fn put_function(
        &self,
        name: &str,
        spec: &Function,
        tags: &Tags,
        exists: bool,
        zip: Option<&Zip>,
        bucket: Option<&str>,
    ) -> Result<String, Error> {
        let key = match (zip, bucket) {
            (Some(zip), Some(bucket)) if zip.bytes.len() > LARGEST_DIRECT => {
                Some((bucket, self.upload(bucket, zip).await?))
            }
            (Some(zip), None) if zip.bytes.len() > LARGEST_DIRECT => {
                let message = format!(
                    "the zip has {} MB, and needs a bucket",
                    zip.bytes.len() >> 20
                );
                return Err(Error::refused("lambda:CreateFunction", name, message));
            }
            _ => None,
        };
        let created = if exists {
            false
        } else {
            match self
                .create_function(name, spec, tags, zip, key.as_ref())
                .await
            {
                Ok(()) => true,
                // An answer that was lost, or another deployment.
                Err(error) if error.reason() == Reason::Exists => false,
                Err(error) => return Err(error),
            }
        };
        self.settled(name).await?;
        if !created {
            self.change_function(name, spec, tags, zip, key.as_ref())
                .await?;
        }
        match spec.max_concurrency {
            Some(calls) => {
                let asked = self
                    .functions
                    .put_function_concurrency()
                    .function_name(name)
                    .reserved_concurrent_executions(i32::try_from(calls).unwrap_or(i32::MAX));
                answer("lambda:PutFunctionConcurrency", name, asked.send().await)?;
            }
            None if !created => {
                let asked = self
                    .functions
                    .delete_function_concurrency()
                    .function_name(name);
                answer("lambda:DeleteFunctionConcurrency", name, asked.send().await)?;
            }
            None => {}
        }
        self.publish(name).await
    }

    async fn create_function(
        &self,
        name: &str,
        spec: &Function,
        tags: &Tags,
        zip: Option<&Zip>,
        key: Option<&(&str, String)>,
    ) -> Result<(), Error> {
        let Some(zip) = zip else {
            let message = "there is no zip of the program";
            return Err(Error::refused("lambda:CreateFunction", name, message));
        };
        let code = match key {
            Some((bucket, key)) => FunctionCode::builder().s3_bucket(*bucket).s3_key(key),
            None => FunctionCode::builder().zip_file(Blob::new(zip.bytes.clone())),
        };
        let asked = self
            .functions
            .create_function()
            .function_name(name)
            .runtime(Runtime::from(spec.runtime.as_str()))
            .handler(&spec.handler)
            .role(&spec.role)
            .architectures(architecture(spec.architecture))
            .memory_size(signed(spec.memory))
            .timeout(signed(spec.timeout))
            .ephemeral_storage(storage(spec.storage))
            .environment(environment(&spec.environment))
            .vpc_config(network(spec))
            .tracing_config(tracing(spec.tracing))
            .set_tags(Some(tags.clone().into_iter().collect()))
            .code(code.build())
            .send()
            .await;
        answer("lambda:CreateFunction", name, asked).map(drop)
    }

    async fn change_function(
        &self,
        name: &str,
        spec: &Function,
        tags: &Tags,
        zip: Option<&Zip>,
        key: Option<&(&str, String)>,
    ) -> Result<(), Error> {
        if let Some(zip) = zip {
            let update = self
                .functions
                .update_function_code()
                .function_name(name)
                .architectures(architecture(spec.architecture));
            let update = match key {
                Some((bucket, key)) => update.s3_bucket(*bucket).s3_key(key),
                None => update.zip_file(Blob::new(zip.bytes.clone())),
            };
            answer("lambda:UpdateFunctionCode", name, update.send().await)?;
            self.settled(name).await?;
        }
        let asked = self
            .functions
            .update_function_configuration()
            .function_name(name)
            .runtime(Runtime::from(spec.runtime.as_str()))
            .handler(&spec.handler)
            .role(&spec.role)
            .memory_size(signed(spec.memory))
            .timeout(signed(spec.timeout))
            .ephemeral_storage(storage(spec.storage))
            .environment(environment(&spec.environment))
            .vpc_config(network(spec))
            .tracing_config(tracing(spec.tracing))
            .send()
            .await;
        answer("lambda:UpdateFunctionConfiguration", name, asked)?;
        self.settled(name).await?;
        let asked = self
            .functions
            .tag_resource()
            .resource(self.arn("lambda", &format!("function:{name}")))
            .set_tags(Some(tags.clone().into_iter().collect()))
            .send()
            .await;
        answer("lambda:TagResource", name, asked).map(drop)
    }

    /// Waits until a function can be called and changed.
    async fn settled(&self, name: &str) -> Result<(), Error> {
        persist(|| async {
            let action = "lambda:GetFunctionConfiguration";
            let asked = self
                .functions
                .get_function_configuration()
                .function_name(name);
            let found = answer(action, name, asked.send().await)?;
            let reason = found
                .state_reason
                .or(found.last_update_status_reason)
                .unwrap_or_default();
            match (found.state, found.last_update_status) {
                (Some(State::Failed), _) | (_, Some(LastUpdateStatus::Failed)) => {
                    Err(Error::refused(action, name, format!("it failed: {reason}")))
                }
                (Some(State::Pending), _) | (_, Some(LastUpdateStatus::InProgress)) => {
                    Err(Error::late(action, name, "it is not ready yet"))
                }
                _ => Ok(()),
            }
        })
        .await
    }

    async fn publish(&self, name: &str) -> Result<String, Error> {
        let asked = self
            .functions
            .publish_version()
            .function_name(name)
            .send()
            .await;
        let published = answer("lambda:PublishVersion", name, asked)?;
        published.version.ok_or_else(|| {
            Error::refused("lambda:PublishVersion", name, "the answer names no version")
        })
    }

    /// Removes a published version.
    pub(crate) async fn remove_version(&self, name: &str, version: u64) -> Result<(), Error> {
        let asked = self
            .functions
            .delete_function()
            .function_name(name)
            .qualifier(version.to_string())
            .send()
            .await;
        answer("lambda:DeleteFunction", name, asked).map(drop)
    }

    pub(super) async fn remove_function(&self, name: &str) -> Result<(), Error> {
        let asked = self
            .functions
            .delete_function()
            .function_name(name)
            .send()
            .await;
        answer("lambda:DeleteFunction", name, asked).map(drop)
    }
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn unsigned(number: Option<i32>) -> u32 {
    number
        .and_then(|number| u32::try_from(number).ok())
        .unwrap_or(0)
}

fn architecture(architecture: Architecture) -> SdkArchitecture {
    SdkArchitecture::from(architecture.as_str())
}

fn storage(megabytes: u32) -> EphemeralStorage {
    EphemeralStorage::builder()
        .size(signed(megabytes))
        .build()
        .expect("it has a size")
}

fn environment(variables: &BTreeMap<String, String>) -> Environment {
    let variables = variables.clone().into_iter().collect();
    Environment::builder()
        .set_variables(Some(variables))
        .build()
}

fn network(spec: &Function) -> VpcConfig {
    VpcConfig::builder()
        .set_subnet_ids(Some(spec.subnets.clone()))
        .set_security_group_ids(Some(spec.security_groups.clone()))
        .build()
}

fn tracing(active: bool) -> TracingConfig {
    let mode = match active {
        true => TracingMode::Active,
        false => TracingMode::PassThrough,
    };
    TracingConfig::builder().mode(mode).build()
}

fn spec(configuration: &FunctionConfiguration) -> Function {
    let network = configuration.vpc_config();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let variables = configuration
        .environment()
        .and_then(|found| found.variables());
    let x86 = configuration
        .architectures()
        .iter()
        .any(|found| found.as_str() == "x86_64");
    Function {
        runtime: text(configuration.runtime().map(Runtime::as_str)),
        handler: text(configuration.handler()),
        // Lambda's own default is the older one.
        architecture: match x86 || configuration.architectures().is_empty() {
            true => Architecture::X86_64,
            false => Architecture::Arm64,
        },
        memory: unsigned(configuration.memory_size()),
        timeout: unsigned(configuration.timeout()),
        storage: configuration
            .ephemeral_storage()
            .map_or(512, |storage| unsigned(Some(storage.size()))),
        role: text(configuration.role()),
        environment: variables
            .map(|all| all.clone().into_iter().collect())
            .unwrap_or_default(),
        subnets: network
            .map(|found| found.subnet_ids().to_vec())
            .unwrap_or_default(),
        security_groups: network
            .map(|found| found.security_group_ids().to_vec())
            .unwrap_or_default(),
        tracing: configuration
            .tracing_config()
            .and_then(|found| found.mode())
            .is_some_and(|mode| *mode == TracingMode::Active),
        max_concurrency: None,
        code: configuration.code_sha256().map(str::to_owned),
    }
}
