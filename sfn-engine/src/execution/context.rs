//! The context object, `$$` in JSONPath and `$states.context` in JSONata.

use std::cell::OnceCell;

use serde_json::{Map, Value, json};
use sfn_asl::StateType;
use sfn_expr::Context;

use super::Execution;
use crate::token::TaskToken;

/// The context object as a frame sees it. Each member is made when it is asked for.
pub(super) struct View<'a> {
    execution: &'a Execution,
    frame: u32,
    token: Option<TaskToken>,
    whole: OnceCell<Value>,
    members: [OnceCell<Option<Value>>; MEMBERS.len()],
}

/// The members, in the order AWS writes them.
const MEMBERS: [&str; 5] = ["Execution", "StateMachine", "State", "Task", "Map"];

impl<'a> View<'a> {
    /// The context of a frame; `token` only for tasks that may see theirs.
    pub(super) fn new(execution: &'a Execution, frame: u32, token: Option<TaskToken>) -> Self {
        View {
            execution,
            frame,
            token,
            whole: OnceCell::new(),
            members: Default::default(),
        }
    }

    fn make(&self, member: &str) -> Option<Value> {
        // A test of a single state brings along all but the item.
        if let Some(trial) = &self.execution.trial
            && member != "Map"
        {
            return trial.context.get(member).cloned();
        }
        match member {
            "Execution" => Some(self.execution().clone()),
            "StateMachine" => {
                let about = &self.execution.about;
                Some(json!({ "Id": &*about.machine_arn, "Name": &*about.machine_name }))
            }
            "State" => Some(self.state()),
            "Task" => self
                .token
                .map(|token| json!({ "Token": token.to_string() })),
            "Map" => self.item(),
            _ => None,
        }
    }

    fn execution(&self) -> &'a Value {
        self.execution.shown.get_or_init(|| {
            let about = &self.execution.about;
            let mut execution = json!({
                "Id": &*about.arn,
                "Input": about.input.value(),
                "StartTime": about.started.to_string(),
                "Name": &*about.name,
                "RoleArn": &*about.role_arn,
                "RedriveCount": self.execution.redrive_count,
            });
            if let Some(at) = self.execution.redriven_at {
                execution["RedriveTime"] = json!(at.to_string());
            }
            execution
        })
    }

    fn state(&self) -> Value {
        let frame = &self.execution.frames[self.frame as usize];
        let def = self.execution.program.state(frame.state);
        let mut state = Map::new();
        state.insert("Name".to_owned(), json!(&*def.name));
        state.insert(
            "EnteredTime".to_owned(),
            json!(frame.entered_at.to_string()),
        );
        // As recorded: states that cannot be retried have no such count.
        if matches!(
            def.state_type,
            StateType::Task | StateType::Map | StateType::Parallel
        ) {
            state.insert("RetryCount".to_owned(), json!(frame.retry_count));
        }
        Value::Object(state)
    }

    /// The nearest item: that of the iteration the frame is, or is within.
    fn item(&self) -> Option<Value> {
        let mut frame = &self.execution.frames[self.frame as usize];
        let item = loop {
            match (&frame.item, frame.parent) {
                (Some(item), _) => break item,
                (None, Some((parent, _))) => frame = &self.execution.frames[parent as usize],
                (None, None) => return None,
            }
        };
        let mut fields = Map::new();
        fields.insert("Index".to_owned(), json!(item.index));
        fields.insert("Value".to_owned(), item.value.value().clone());
        if let Some(key) = &item.key {
            fields.insert("Key".to_owned(), json!(&**key));
        }
        if let Some(source) = &item.source {
            fields.insert("Source".to_owned(), json!(&**source));
        }
        Some(json!({ "Item": fields }))
    }
}

impl Context for View<'_> {
    fn value(&self) -> &Value {
        self.whole.get_or_init(|| {
            let members = MEMBERS
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), self.make(name)?)));
            Value::Object(members.collect())
        })
    }

    fn member(&self, name: &str) -> Option<&Value> {
        if name == "Execution" && self.execution.trial.is_none() {
            return Some(self.execution());
        }
        let index = MEMBERS.iter().position(|member| *member == name)?;
        self.members[index].get_or_init(|| self.make(name)).as_ref()
    }
}
