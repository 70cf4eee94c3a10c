//! What an expression reads, so that no more than that is handed to the evaluator.

use std::collections::BTreeMap;

use jsonata_core::ast::{AstNode, PathStep, Stage};

/// The variables an expression reads, and of each the parts.
#[derive(Debug, Clone, Default)]
pub(super) struct Needs {
    roots: BTreeMap<String, Need>,
}

/// Which part of a value is needed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Need {
    Whole,
    Members(BTreeMap<String, Need>),
}

impl Needs {
    pub(super) fn of(ast: &AstNode) -> Needs {
        let mut needs = Needs::default();
        needs.add(ast);
        // `%` reaches back to what a path has left behind.
        if mentions_parent(ast) {
            needs
                .roots
                .values_mut()
                .for_each(|need| *need = Need::Whole);
        }
        needs
    }

    /// The same variables, each as a whole.
    #[cfg(test)]
    pub(super) fn whole(mut self) -> Needs {
        self.roots.values_mut().for_each(|need| *need = Need::Whole);
        self
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.roots
            .keys()
            .map(String::as_str)
            .filter(|name| *name != "states")
    }

    pub(super) fn root(&self, name: &str) -> Option<&Need> {
        self.roots.get(name)
    }

    /// Each variable, `states` included, with what is needed of it.
    pub(super) fn roots(&self) -> impl Iterator<Item = (&str, &Need)> {
        self.roots.iter().map(|(name, need)| (name.as_str(), need))
    }

    pub(super) fn states(&self, name: &str) -> bool {
        match self.root("states") {
            None => false,
            Some(Need::Whole) => true,
            Some(Need::Members(members)) => members.contains_key(name),
        }
    }

    fn add(&mut self, node: &AstNode) {
        match node {
            AstNode::Path { steps } => {
                let mut rest = &steps[..];
                if let [first, tail @ ..] = rest
                    && let AstNode::Variable(name) = &first.node
                    && !name.is_empty()
                {
                    let names = if is_bare(first) {
                        leading_names(tail)
                    } else {
                        Vec::new()
                    };
                    insert(
                        self.roots
                            .entry(name.clone())
                            .or_insert_with(|| Need::Members(BTreeMap::new())),
                        &names,
                    );
                    first.stages.iter().for_each(|stage| self.add_stage(stage));
                    rest = tail;
                }
                for step in rest {
                    self.add(&step.node);
                    step.stages.iter().for_each(|stage| self.add_stage(stage));
                }
            }
            AstNode::Variable(name) if !name.is_empty() => {
                self.roots.insert(name.clone(), Need::Whole);
            }
            // A function may be a variable's value.
            AstNode::Function {
                name,
                is_builtin: true,
                ..
            } => {
                self.roots.insert(name.clone(), Need::Whole);
                children(node).into_iter().for_each(|child| self.add(child));
            }
            other => children(other)
                .into_iter()
                .for_each(|child| self.add(child)),
        }
    }

    fn add_stage(&mut self, stage: &Stage) {
        if let Stage::Filter(condition) = stage {
            self.add(condition);
        }
    }
}

/// Whether a step hands on its value and nothing else.
fn is_bare(step: &PathStep) -> bool {
    step.stages.is_empty()
        && step.focus.is_none()
        && step.index_var.is_none()
        && step.ancestor_label.is_none()
}

/// The names that the steps begin with; the last may have predicates.
fn leading_names(steps: &[PathStep]) -> Vec<&str> {
    let mut names = Vec::new();
    for step in steps {
        let AstNode::Name(name) = &step.node else {
            break;
        };
        // A step that binds its value leaves its input to the next one.
        if step.focus.is_some() {
            break;
        }
        names.push(name.as_str());
        if !is_bare(step) {
            break;
        }
    }
    names
}

fn insert(need: &mut Need, names: &[&str]) {
    match (need, names) {
        (Need::Whole, _) => {}
        (need, []) => *need = Need::Whole,
        (Need::Members(members), [first, rest @ ..]) => {
            insert(
                members
                    .entry((*first).to_owned())
                    .or_insert_with(|| Need::Members(BTreeMap::new())),
                rest,
            );
        }
    }
}

fn mentions_parent(node: &AstNode) -> bool {
    matches!(node, AstNode::Parent(_)) || children(node).into_iter().any(mentions_parent)
}

/// Shows every node to `see`, each before those below it.
pub(super) fn visit<'n>(node: &'n AstNode, see: &mut impl FnMut(&'n AstNode)) {
    see(node);
    children(node)
        .into_iter()
        .for_each(|child| visit(child, see));
}

/// The nodes right below a node, those in the stages of a path included.
pub(super) fn children(node: &AstNode) -> Vec<&AstNode> {
    match node {
        AstNode::Path { steps } => steps
            .iter()
            .flat_map(|step| {
                std::iter::once(&step.node).chain(step.stages.iter().filter_map(
                    |stage| match stage {
                        Stage::Filter(condition) => Some(&**condition),
                        Stage::KeepArray | Stage::Index(_) => None,
                    },
                ))
            })
            .collect(),
        AstNode::Binary { lhs, rhs, .. } => vec![lhs, rhs],
        AstNode::Unary { operand, .. } => vec![operand],
        AstNode::Function { args, .. } => args.iter().collect(),
        AstNode::Call { procedure, args } => std::iter::once(&**procedure).chain(args).collect(),
        AstNode::Lambda { body, .. } => vec![body],
        AstNode::Array(items) | AstNode::Block(items) | AstNode::ArrayGroup(items) => {
            items.iter().collect()
        }
        AstNode::Object(pairs) => pairs.iter().flat_map(|(key, value)| [key, value]).collect(),
        AstNode::ObjectTransform { input, pattern } => std::iter::once(&**input)
            .chain(pattern.iter().flat_map(|(key, value)| [key, value]))
            .collect(),
        AstNode::Conditional {
            condition,
            then_branch,
            else_branch,
        } => {
            let mut nodes: Vec<&AstNode> = vec![condition, then_branch];
            nodes.extend(else_branch.as_deref());
            nodes
        }
        AstNode::FunctionApplication(inner) => vec![inner],
        AstNode::Sort { input, terms } => std::iter::once(&**input)
            .chain(terms.iter().map(|(term, _)| term))
            .collect(),
        AstNode::Transform {
            location,
            update,
            delete,
        } => {
            let mut nodes: Vec<&AstNode> = vec![location, update];
            nodes.extend(delete.as_deref());
            nodes
        }
        AstNode::String(_)
        | AstNode::Name(_)
        | AstNode::Number(_)
        | AstNode::Boolean(_)
        | AstNode::Null
        | AstNode::Undefined
        | AstNode::Placeholder
        | AstNode::Regex { .. }
        | AstNode::Variable(_)
        | AstNode::ParentVariable(_)
        | AstNode::Wildcard
        | AstNode::Descendant
        | AstNode::Parent(_) => Vec::new(),
    }
}
