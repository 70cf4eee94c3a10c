//! Roles and their inline policies.

use std::collections::BTreeMap;

use aws_sdk_iam::types::Tag;
use serde_json::Value;

use super::{Cloud, Error, Reason, answer, pairs};
use crate::deploy::{
    plan::Actual,
    resource::{Role, Spec, Tags},
};

fn tag(name: &str, value: &str) -> Tag {
    Tag::builder()
        .key(name)
        .value(value)
        .build()
        .expect("it has a key and a value")
}

impl Cloud {
    pub(super) async fn read_role(&self, name: &str) -> Result<Option<Actual>, Error> {
        let asked = self.roles.get_role().role_name(name).send().await;
        let found = answer("iam:GetRole", name, asked)?;
        let Some(role) = found.role else {
            return Ok(None);
        };
        let boundary = role
            .permissions_boundary
            .and_then(|boundary| boundary.permissions_boundary_arn);
        let mut policies = BTreeMap::new();
        for policy in self.inline_policies(name).await? {
            let asked = self
                .roles
                .get_role_policy()
                .role_name(name)
                .policy_name(&policy)
                .send()
                .await;
            let found = answer("iam:GetRolePolicy", name, asked)?;
            policies.insert(policy, document(&found.policy_document));
        }
        let asked = self.roles.list_role_tags().role_name(name).send().await;
        let tags = answer("iam:ListRoleTags", name, asked)?.tags;
        let spec = Role {
            path: role.path,
            trust: document(&role.assume_role_policy_document.unwrap_or_default()),
            policies,
            boundary,
        };
        let tags = tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
        Ok(Some(Actual::new(Spec::Role(spec), tags)))
    }

    async fn inline_policies(&self, name: &str) -> Result<Vec<String>, Error> {
        let asked = self.roles.list_role_policies().role_name(name).send().await;
        Ok(answer("iam:ListRolePolicies", name, asked)?.policy_names)
    }

    pub(super) async fn list_roles(&self, path: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let mut page = None;
        loop {
            let asked = self
                .roles
                .list_roles()
                .path_prefix(path)
                .set_marker(page)
                .send()
                .await;
            let answered = answer("iam:ListRoles", path, asked)?;
            found.extend(answered.roles.into_iter().map(|role| role.role_name));
            page = answered.marker;
            if page.is_none() {
                return Ok(found);
            }
        }
    }

    pub(super) async fn put_role(
        &self,
        name: &str,
        spec: &Role,
        tags: &Tags,
        exists: bool,
    ) -> Result<(), Error> {
        if exists {
            self.change_role(name, spec, tags).await?;
        } else {
            let asked = self
                .roles
                .create_role()
                .role_name(name)
                .path(&spec.path)
                .assume_role_policy_document(spec.trust.to_string())
                .set_permissions_boundary(spec.boundary.clone())
                .set_tags(Some(pairs(tags, tag)))
                .send()
                .await;
            answer("iam:CreateRole", name, asked)?;
        }
        for (policy, document) in &spec.policies {
            let asked = self
                .roles
                .put_role_policy()
                .role_name(name)
                .policy_name(policy)
                .policy_document(document.to_string())
                .send()
                .await;
            answer("iam:PutRolePolicy", name, asked)?;
        }
        for old in self.inline_policies(name).await? {
            if !spec.policies.contains_key(&old) {
                self.remove_policy(name, &old).await?;
            }
        }
        Ok(())
    }

    async fn change_role(&self, name: &str, spec: &Role, tags: &Tags) -> Result<(), Error> {
        let asked = self
            .roles
            .update_assume_role_policy()
            .role_name(name)
            .policy_document(spec.trust.to_string())
            .send()
            .await;
        answer("iam:UpdateAssumeRolePolicy", name, asked)?;
        match &spec.boundary {
            Some(boundary) => {
                let asked = self
                    .roles
                    .put_role_permissions_boundary()
                    .role_name(name)
                    .permissions_boundary(boundary)
                    .send()
                    .await;
                answer("iam:PutRolePermissionsBoundary", name, asked)?;
            }
            None => {
                let asked = self
                    .roles
                    .delete_role_permissions_boundary()
                    .role_name(name);
                match answer(
                    "iam:DeleteRolePermissionsBoundary",
                    name,
                    asked.send().await,
                ) {
                    Err(error) if error.reason() != Reason::NotFound => return Err(error),
                    _ => {}
                }
            }
        }
        let asked = self
            .roles
            .tag_role()
            .role_name(name)
            .set_tags(Some(pairs(tags, tag)))
            .send()
            .await;
        answer("iam:TagRole", name, asked).map(drop)
    }

    async fn remove_policy(&self, role: &str, policy: &str) -> Result<(), Error> {
        let asked = self
            .roles
            .delete_role_policy()
            .role_name(role)
            .policy_name(policy)
            .send()
            .await;
        answer("iam:DeleteRolePolicy", role, asked).map(drop)
    }

    pub(super) async fn remove_role(&self, name: &str) -> Result<(), Error> {
        for policy in self.inline_policies(name).await? {
            self.remove_policy(name, &policy).await?;
        }
        let asked = self.roles.delete_role().role_name(name).send().await;
        answer("iam:DeleteRole", name, asked).map(drop)
    }
}

/// A policy document; IAM gives it with percent signs.
fn document(text: &str) -> Value {
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&decoded(text)))
        .unwrap_or(Value::Null)
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_come_in_two_forms() {
        let expected = serde_json::json!({ "Version": "2012-10-17", "Ü": "%" });
        assert_eq!(
            document("{\"Version\": \"2012-10-17\", \"Ü\": \"%\"}"),
            expected
        );
        let encoded = "%7B%22Version%22%3A%222012-10-17%22%2C%22%C3%9C%22%3A%22%25%22%7D";
        assert_eq!(document(encoded), expected);
    }
}
