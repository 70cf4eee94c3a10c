//! Mermaid: a picture that GitHub, GitLab and most wikis draw from a code block.

use std::fmt::Write as _;

use sfn_asl::StateType;

use super::{EdgeKind, Graph, Node, Scope, paint, status_of};
use crate::view::{Progress, Status};

impl Graph {
    /// The graph as a Mermaid flow chart, coloured by the progress of an execution if there is one.
    #[must_use]
    pub fn mermaid(&self, run: Option<&Progress>) -> String {
        let mut writer = Writer {
            text: String::new(),
            next: 0,
            run,
        };
        writer.line(0, "flowchart TD");
        writer.line(1, "start((\" \"))");
        let names = writer.scope(&self.scope, 1);
        if let Some(start) = self.scope.start {
            writer.line(1, &format!("start --> {}", names[start]));
        }
        if self.scope.nodes.iter().any(|node| node.ends) {
            writer.line(1, "finish(((\" \")))");
            for (node, name) in self.scope.nodes.iter().zip(&names) {
                if node.ends {
                    writer.line(1, &format!("{name} --> finish"));
                }
            }
        }
        if run.is_some() {
            for status in Status::ALL {
                let paint = paint(status);
                writer.line(
                    1,
                    &format!(
                        "classDef {} fill:{},stroke:{},color:#111827",
                        paint.class, paint.fill, paint.line
                    ),
                );
            }
        }
        writer.text
    }
}

struct Writer<'a> {
    text: String,
    next: usize,
    run: Option<&'a Progress>,
}

impl Writer<'_> {
    fn line(&mut self, depth: usize, line: &str) {
        writeln!(self.text, "{:indent$}{line}", "", indent = depth * 4)
            .expect("a string takes what is written to it");
    }

    /// Writes a scope and gives the identifiers of its nodes: state names may hold anything.
    fn scope(&mut self, scope: &Scope, depth: usize) -> Vec<String> {
        let names: Vec<String> = scope
            .nodes
            .iter()
            .map(|node| {
                let name = format!("s{}", self.next);
                self.next += 1;
                self.node(node, &name, depth);
                name
            })
            .collect();
        for edge in &scope.edges {
            let (from, to) = (&names[edge.from], &names[edge.to]);
            let arrow = if edge.kind == EdgeKind::Catch {
                "-.->"
            } else {
                "-->"
            };
            match &edge.label {
                Some(label) => {
                    self.line(
                        depth,
                        &format!("{from} {arrow}|\"{}\"| {to}", escape(label)),
                    );
                }
                None => self.line(depth, &format!("{from} {arrow} {to}")),
            }
        }
        names
    }

    fn node(&mut self, node: &Node, name: &str, depth: usize) {
        let mut label = escape(&node.name);
        for note in &node.notes {
            write!(label, "<br/><small>{}</small>", escape(note))
                .expect("a string takes what is written to it");
        }
        let class = self
            .run
            .map(|_| paint(status_of(node, self.run)).class)
            .map(|class| format!(":::{class}"))
            .unwrap_or_default();
        if !node.inner.is_empty() {
            self.line(depth, &format!("subgraph {name}[\"{label}\"]"));
            for (index, inner) in node.inner.iter().enumerate() {
                if node.inner.len() == 1 {
                    self.scope(inner, depth + 1);
                    continue;
                }
                self.line(depth + 1, &format!("subgraph {name}b{index}[\" \"]"));
                self.scope(inner, depth + 2);
                self.line(depth + 1, "end");
            }
            self.line(depth, "end");
            if !class.is_empty() {
                self.line(depth, &format!("class {name} {}", &class[3..]));
            }
            return;
        }
        let (open, close) = match node.kind {
            StateType::Choice => ("{{", "}}"),
            StateType::Wait => ("([", "])"),
            StateType::Succeed | StateType::Fail => ("(", ")"),
            StateType::Pass => ("[/", "/]"),
            StateType::Task | StateType::Parallel | StateType::Map => ("[", "]"),
        };
        self.line(depth, &format!("{name}{open}\"{label}\"{close}{class}"));
    }
}

/// Mermaid has no escapes of its own in quoted text; it reads HTML's.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("&quot;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '#' => escaped.push_str("&num;"),
            '`' => escaped.push_str("&#96;"),
            '\n' | '\r' => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
