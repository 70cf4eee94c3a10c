//! DOT, the language of Graphviz.

use std::fmt::Write as _;

use sfn_asl::StateType;

use super::{EdgeKind, Graph, Node, Scope, lines_of, paint, status_of};
use crate::view::Progress;

impl Graph {
    /// The graph for Graphviz, coloured by the progress of an execution if there is one.
    #[must_use]
    pub fn dot(&self, run: Option<&Progress>) -> String {
        let mut writer = Writer {
            text: String::new(),
            next: 0,
            run,
        };
        writer.line(0, &format!("digraph {} {{", quote(&self.title)));
        // `compound` lets a way end at the frame of a map or a parallel state.
        writer.line(1, "compound=true; rankdir=TB; fontname=\"sans-serif\";");
        writer.line(
            1,
            "node [shape=box style=\"rounded,filled\" fillcolor=white fontname=\"sans-serif\"];",
        );
        writer.line(1, "edge [fontname=\"sans-serif\" fontsize=10];");
        let ends = writer.scope(&self.scope, 1);
        if let Some(start) = self.scope.start {
            writer.line(
                1,
                "start [shape=circle label=\"\" width=0.2 fillcolor=black];",
            );
            let to = &ends[start];
            writer.line(1, &format!("start -> {}{};", to.first, to.head("")));
        }
        if self.scope.nodes.iter().any(|node| node.ends) {
            writer.line(
                1,
                "finish [shape=doublecircle label=\"\" width=0.2 fillcolor=black];",
            );
            for (node, from) in self.scope.nodes.iter().zip(&ends) {
                if node.ends {
                    writer.line(1, &format!("{} -> finish{};", from.last, from.tail()));
                }
            }
        }
        writer.line(0, "}");
        writer.text
    }
}

/// Where ways to and from a state meet it: Graphviz joins nodes, never frames.
struct Ends {
    first: String,
    last: String,
    frame: Option<String>,
}

impl Ends {
    fn head(&self, others: &str) -> String {
        attributes(
            self.frame.as_ref().map(|frame| format!("lhead={frame}")),
            others,
        )
    }

    fn tail(&self) -> String {
        attributes(
            self.frame.as_ref().map(|frame| format!("ltail={frame}")),
            "",
        )
    }
}

fn attributes(frame: Option<String>, others: &str) -> String {
    let all: Vec<&str> = frame
        .as_deref()
        .into_iter()
        .chain((!others.is_empty()).then_some(others))
        .collect();
    if all.is_empty() {
        String::new()
    } else {
        format!(" [{}]", all.join(" "))
    }
}

struct Writer<'a> {
    text: String,
    next: usize,
    run: Option<&'a Progress>,
}

impl Writer<'_> {
    fn line(&mut self, depth: usize, line: &str) {
        writeln!(self.text, "{:indent$}{line}", "", indent = depth * 2)
            .expect("a string takes what is written to it");
    }

    fn scope(&mut self, scope: &Scope, depth: usize) -> Vec<Ends> {
        let ends: Vec<Ends> = scope
            .nodes
            .iter()
            .map(|node| self.node(node, depth))
            .collect();
        for edge in &scope.edges {
            let (from, to) = (&ends[edge.from], &ends[edge.to]);
            let mut words = Vec::new();
            words.extend(from.frame.as_ref().map(|frame| format!("ltail={frame}")));
            words.extend(to.frame.as_ref().map(|frame| format!("lhead={frame}")));
            words.extend(
                edge.label
                    .as_ref()
                    .map(|label| format!("label={}", quote(label))),
            );
            if edge.kind == EdgeKind::Catch {
                words.push("style=dashed".to_owned());
            }
            self.line(
                depth,
                &format!(
                    "{} -> {}{};",
                    from.last,
                    to.first,
                    attributes(None, &words.join(" "))
                ),
            );
        }
        ends
    }

    fn node(&mut self, node: &Node, depth: usize) -> Ends {
        let name = format!("s{}", self.next);
        self.next += 1;
        let mut label = vec![node.name.clone()];
        label.extend(lines_of(node, self.run));
        let label = quote(&label.join("\n"));
        let colours = self.run.map(|_| paint(status_of(node, self.run)));
        if node.inner.iter().any(|scope| !scope.nodes.is_empty()) {
            let frame = format!("cluster_{name}");
            self.line(depth, &format!("subgraph {frame} {{"));
            self.line(depth + 1, &format!("label={label}; style=rounded;"));
            if let Some(paint) = colours {
                self.line(
                    depth + 1,
                    &format!("bgcolor=\"{}\"; color=\"{}\";", paint.fill, paint.line),
                );
            }
            let mut met: Option<(String, String)> = None;
            for inner in &node.inner {
                let ends = self.scope(inner, depth + 1);
                if let (Some(first), Some(last)) = (ends.first(), ends.last()) {
                    met.get_or_insert_with(|| (first.first.clone(), last.last.clone()));
                }
            }
            self.line(depth, "}");
            let (first, last) = met.unwrap_or_else(|| (name.clone(), name));
            return Ends {
                first,
                last,
                frame: Some(frame),
            };
        }
        let shape = match node.kind {
            StateType::Choice => " shape=hexagon style=filled",
            StateType::Wait => " shape=oval",
            _ => "",
        };
        let colours = colours
            .map(|paint| format!(" fillcolor=\"{}\" color=\"{}\"", paint.fill, paint.line))
            .unwrap_or_default();
        self.line(depth, &format!("{name} [label={label}{shape}{colours}];"));
        Ends {
            first: name.clone(),
            last: name,
            frame: None,
        }
    }
}

fn quote(text: &str) -> String {
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    )
}
