//! Mermaid: a picture that GitHub, GitLab and most wikis draw from a code block.

use std::fmt::Write as _;

use sfn_asl::StateType;

use super::{EdgeKind, Graph, Node, Scope, lines_of, paint, status_of};
use crate::view::{Progress, Status};

impl Graph {
    /// The graph as a Mermaid flow chart, coloured by the progress of an execution if there is one.
    #[must_use]
    pub fn mermaid(&self, run: Option<&Progress>) -> String {
        let mut writer = Writer {
            text: String::new(),
            next: 0,
            frames: Vec::new(),
            branches: Vec::new(),
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
        writer.classes();
        writer.text
    }
}

struct Writer<'a> {
    text: String,
    next: usize,
    /// The frames of maps and parallel states, each with its status.
    frames: Vec<(String, Status)>,
    /// The frames of branches of more than one state.
    branches: Vec<String>,
    run: Option<&'a Progress>,
}

impl Writer<'_> {
    fn line(&mut self, depth: usize, line: &str) {
        writeln!(self.text, "{:indent$}{line}", "", indent = depth * 4)
            .expect("a string takes what is written to it");
    }

    /// What the frames and the colours look like. It stands last: of a frame that is not complete,
    /// Mermaid forgets the class.
    fn classes(&mut self) {
        if self.run.is_some() {
            for status in Status::ALL {
                let paint = paint(status);
                let (class, fill, line) = (paint.class, paint.fill, paint.line);
                self.line(
                    1,
                    &format!("classDef {class} fill:{fill},stroke:{line},color:#111827"),
                );
            }
            for (name, status) in std::mem::take(&mut self.frames) {
                self.line(1, &format!("class {name} {}", paint(status).class));
            }
        } else if !self.frames.is_empty() {
            let names: Vec<String> = self.frames.drain(..).map(|(name, _)| name).collect();
            self.line(1, "classDef frame fill:none,stroke:#9ca3af");
            self.line(1, &format!("class {} frame", names.join(",")));
        }
        if !self.branches.is_empty() {
            self.line(
                1,
                "classDef branch fill:none,stroke:#9ca3af,stroke-dasharray:4 3",
            );
            self.line(1, &format!("class {} branch", self.branches.join(",")));
        }
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
        for note in lines_of(node, self.run) {
            write!(label, "<br/><small>{}</small>", escape(&note))
                .expect("a string takes what is written to it");
        }
        let class = self
            .run
            .map(|_| paint(status_of(node, self.run)).class)
            .map(|class| format!(":::{class}"))
            .unwrap_or_default();
        if !node.inner.is_empty() {
            self.line(depth, &format!("subgraph {name}[\"{label}\"]"));
            // Without a word, Mermaid turns the direction at each frame.
            self.line(depth + 1, "direction TB");
            for (index, inner) in node.inner.iter().enumerate() {
                if inner.nodes.len() < 2 || node.inner.len() == 1 {
                    self.scope(inner, depth + 1);
                    continue;
                }
                let branch = format!("{name}b{index}");
                self.line(depth + 1, &format!("subgraph {branch}[\" \"]"));
                self.line(depth + 2, "direction TB");
                self.scope(inner, depth + 2);
                self.line(depth + 1, "end");
                self.branches.push(branch);
            }
            self.line(depth, "end");
            self.frames
                .push((name.to_owned(), status_of(node, self.run)));
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
