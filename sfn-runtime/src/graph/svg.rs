//! SVG, laid out here: no other program is needed, and the file stands alone.

use std::fmt::Write as _;

use sfn_asl::StateType;

use super::{
    Edge, EdgeKind, Graph, Node, Scope,
    layered::{Layout, Point, Size, Way, lay_out},
    lines_of, paint, status_of,
};
use crate::view::{Progress, Status};

/// The width of one column of text, in pixels: the average of a sans-serif face, rounded up, so
/// that text never leaves its box whatever face the reader has.
const NAME_COLUMN: f64 = 7.6;
const NOTE_COLUMN: f64 = 6.2;
/// Line heights.
const NAME_LINE: f64 = 18.0;
const NOTE_LINE: f64 = 15.0;
/// Around the text of a box.
const PAD_X: f64 = 16.0;
const PAD_Y: f64 = 9.0;
/// Around the branches of a frame.
const FRAME: f64 = 14.0;
/// Around the whole picture.
const MARGIN: f64 = 24.0;
/// The dots where the machine starts and ends.
const DOT: f64 = 16.0;

impl Graph {
    /// The graph as an SVG document, coloured by the progress of an execution if there is one.
    #[must_use]
    pub fn svg(&self, run: Option<&Progress>) -> String {
        let root = Drawing::of(&self.scope, run, true);
        let legend = run.is_some();
        let title_width = columns(&self.title) * 9.4;
        let legend_width = if legend { legend_width() } else { 0.0 };
        let width = root.layout.size.width.max(title_width).max(legend_width) + 2.0 * MARGIN;
        let top = MARGIN + 34.0;
        let below = if legend { 40.0 } else { 0.0 };
        let height = top + root.layout.size.height + below + MARGIN;

        let mut pen = Pen {
            text: String::new(),
            run,
        };
        pen.put(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\" aria-label=\"{title}\">",
            w = round(width),
            h = round(height),
            title = escape(&self.title),
        ));
        pen.put(&style());
        pen.put(
            "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0.5 L8 4 L0 7.5 Z\" class=\"head\"/></marker></defs>",
        );
        pen.put("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>");
        pen.put(&format!(
            "<text class=\"title\" x=\"{}\" y=\"{}\">{}</text>",
            round(MARGIN),
            round(MARGIN + 12.0),
            escape(&self.title)
        ));
        let left = (width - root.layout.size.width) / 2.0;
        pen.drawing(&root, Point { x: left, y: top });
        if legend {
            pen.legend(MARGIN, top + root.layout.size.height + 28.0);
        }
        pen.put("</svg>");
        pen.text
    }
}

/// A scope whose boxes have their places.
struct Drawing<'a> {
    cells: Vec<Cell<'a>>,
    edges: Vec<Line<'a>>,
    layout: Layout,
}

/// One box of a drawing.
struct Cell<'a> {
    what: What<'a>,
    size: Size,
}

enum What<'a> {
    State {
        node: &'a Node,
        lines: Vec<String>,
        inner: Vec<Drawing<'a>>,
    },
    Start,
    End,
}

/// One way of a drawing; the ways from the start and to the end have no edge in the graph.
struct Line<'a> {
    edge: Option<&'a Edge>,
}

impl<'a> Drawing<'a> {
    fn of(scope: &'a Scope, run: Option<&Progress>, outermost: bool) -> Self {
        let mut cells: Vec<Cell<'a>> = scope
            .nodes
            .iter()
            .map(|node| Cell::state(node, run))
            .collect();
        let mut ways: Vec<Way> = scope
            .edges
            .iter()
            .map(|edge| Way {
                from: edge.from,
                to: edge.to,
                label: edge.label.as_deref().map_or(Size::default(), label_size),
            })
            .collect();
        let mut edges: Vec<Line<'a>> = scope
            .edges
            .iter()
            .map(|edge| Line { edge: Some(edge) })
            .collect();
        let mut start = scope.start.unwrap_or(0);
        if outermost {
            let mut join = |from: usize, to: usize| {
                ways.push(Way {
                    from,
                    to,
                    label: Size::default(),
                });
                edges.push(Line { edge: None });
            };
            let dot = Size {
                width: DOT,
                height: DOT,
            };
            if let Some(first) = scope.start {
                start = cells.len();
                cells.push(Cell {
                    what: What::Start,
                    size: dot,
                });
                join(start, first);
            }
            if scope.nodes.iter().any(|node| node.ends) {
                let end = cells.len();
                cells.push(Cell {
                    what: What::End,
                    size: dot,
                });
                for (index, _) in scope.nodes.iter().enumerate().filter(|(_, node)| node.ends) {
                    join(index, end);
                }
            }
        }
        let sizes: Vec<Size> = cells.iter().map(|cell| cell.size).collect();
        let layout = lay_out(&sizes, &ways, start);
        Self {
            cells,
            edges,
            layout,
        }
    }
}

impl<'a> Cell<'a> {
    fn state(node: &'a Node, run: Option<&Progress>) -> Self {
        let lines = lines_of(node, run);
        let text_width = lines
            .iter()
            .map(|line| columns(line) * NOTE_COLUMN)
            .fold(columns(&node.name) * NAME_COLUMN, f64::max);
        let text_height = NAME_LINE + NOTE_LINE * lines.len() as f64;
        let inner: Vec<Drawing<'a>> = node
            .inner
            .iter()
            .map(|scope| Drawing::of(scope, run, false))
            .collect();
        // The slanted sides of a choice need room beside the text.
        let pad = if node.kind == StateType::Choice {
            PAD_X + 8.0
        } else {
            PAD_X
        };
        let mut size = Size {
            width: (text_width + 2.0 * pad).max(84.0),
            height: text_height + 2.0 * PAD_Y,
        };
        if !inner.is_empty() {
            let (width, height) = inner_size(&inner);
            size.width = size.width.max(width);
            size.height += height;
        }
        Self {
            what: What::State { node, lines, inner },
            size,
        }
    }
}

/// What the branches of a frame take, beside each other.
fn inner_size(inner: &[Drawing<'_>]) -> (f64, f64) {
    let width: f64 = inner.iter().map(branch_width).sum::<f64>() + FRAME * (inner.len() + 1) as f64;
    let height = inner
        .iter()
        .map(|drawing| drawing.layout.size.height)
        .fold(0.0, f64::max);
    (width, height + 3.0 * FRAME)
}

fn branch_width(drawing: &Drawing<'_>) -> f64 {
    drawing.layout.size.width + 2.0 * FRAME
}

fn label_size(label: &str) -> Size {
    Size {
        width: columns(label) * NOTE_COLUMN + 10.0,
        height: NOTE_LINE + 3.0,
    }
}

struct Pen<'a> {
    text: String,
    run: Option<&'a Progress>,
}

impl Pen<'_> {
    fn put(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn drawing(&mut self, drawing: &Drawing<'_>, at: Point) {
        let there = |point: &Point| Point {
            x: point.x + at.x,
            y: point.y + at.y,
        };
        for (line, route) in drawing.edges.iter().zip(&drawing.layout.routes) {
            let kind = line.edge.map_or(EdgeKind::Next, |edge| edge.kind);
            let class = match kind {
                EdgeKind::Catch => "way catch",
                EdgeKind::Next | EdgeKind::Choice | EdgeKind::Default => "way",
            };
            let points: Vec<Point> = route.iter().map(there).collect();
            self.put(&format!(
                "<path class=\"{class}\" d=\"{}\" marker-end=\"url(#arrow)\"/>",
                curve(&points)
            ));
        }
        for (cell, centre) in drawing.cells.iter().zip(&drawing.layout.centres) {
            self.cell(cell, there(centre));
        }
        // Labels come last: what crosses a way must stay readable.
        for (line, centre) in drawing.edges.iter().zip(&drawing.layout.labels) {
            let Some(label) = line.edge.and_then(|edge| edge.label.as_deref()) else {
                continue;
            };
            let centre = there(centre);
            self.put(&format!(
                "<text class=\"label\" x=\"{}\" y=\"{}\">{}</text>",
                round(centre.x),
                round(centre.y + 4.0),
                escape(label)
            ));
        }
    }

    fn cell(&mut self, cell: &Cell<'_>, centre: Point) {
        let What::State { node, lines, inner } = &cell.what else {
            let ring = if matches!(cell.what, What::End) {
                format!(
                    "<circle class=\"ring\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
                    round(centre.x),
                    round(centre.y),
                    DOT / 2.0
                )
            } else {
                String::new()
            };
            let radius = if ring.is_empty() {
                DOT / 2.0
            } else {
                DOT / 2.0 - 3.5
            };
            self.put(&format!(
                "{ring}<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"{radius}\"/>",
                round(centre.x),
                round(centre.y)
            ));
            return;
        };
        let (x, y) = (
            centre.x - cell.size.width / 2.0,
            centre.y - cell.size.height / 2.0,
        );
        let class = paint(status_of(node, self.run)).class;
        self.put(&format!("<g class=\"state {class}\">"));
        let about = node.comment.as_deref().map_or_else(
            || format!("{} ({})", node.name, node.kind),
            |comment| format!("{} ({}): {comment}", node.name, node.kind),
        );
        self.put(&format!("<title>{}</title>", escape(&about)));
        self.outline(node.kind, x, y, cell.size, !inner.is_empty());
        let mut line_y = y + PAD_Y + 13.0;
        self.put(&format!(
            "<text class=\"name\" x=\"{}\" y=\"{}\">{}</text>",
            round(centre.x),
            round(line_y),
            escape(&node.name)
        ));
        for line in lines {
            line_y += NOTE_LINE;
            self.put(&format!(
                "<text class=\"note\" x=\"{}\" y=\"{}\">{}</text>",
                round(centre.x),
                round(line_y),
                escape(line)
            ));
        }
        if !inner.is_empty() {
            let (width, height) = inner_size(inner);
            let mut left = centre.x - width / 2.0 + FRAME;
            let top = line_y + 9.0;
            for drawing in inner {
                let branch = branch_width(drawing);
                self.put(&format!(
                    "<rect class=\"branch\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\"/>",
                    round(left),
                    round(top),
                    round(branch),
                    round(height - FRAME)
                ));
                let spare = height - 3.0 * FRAME - drawing.layout.size.height;
                let at = Point {
                    x: left + FRAME,
                    y: top + FRAME + spare / 2.0,
                };
                self.drawing(drawing, at);
                left += branch + FRAME;
            }
        }
        self.put("</g>");
    }

    fn outline(&mut self, kind: StateType, x: f64, y: f64, size: Size, frame: bool) {
        let Size { width, height } = size;
        let shape = match kind {
            StateType::Choice => {
                let slant = 12.0_f64.min(height / 2.0);
                let points = [
                    (x + slant, y),
                    (x + width - slant, y),
                    (x + width, y + height / 2.0),
                    (x + width - slant, y + height),
                    (x + slant, y + height),
                    (x, y + height / 2.0),
                ];
                let points: Vec<String> = points
                    .iter()
                    .map(|(x, y)| format!("{},{}", round(*x), round(*y)))
                    .collect();
                format!("<polygon class=\"box\" points=\"{}\"/>", points.join(" "))
            }
            _ => {
                let radius = match kind {
                    StateType::Wait | StateType::Succeed | StateType::Fail => {
                        (height / 2.0).min(22.0)
                    }
                    _ if frame => 12.0,
                    _ => 7.0,
                };
                let rect = |class: &str, by: f64| {
                    format!(
                        "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"/>",
                        round(x + by),
                        round(y + by),
                        round(width),
                        round(height),
                        round(radius)
                    )
                };
                // A map looks like a pile: the same states, once an item.
                let pile = if kind == StateType::Map {
                    rect("box", 5.0)
                } else {
                    String::new()
                };
                format!("{pile}{}", rect("box", 0.0))
            }
        };
        self.put(&shape);
    }

    fn legend(&mut self, left: f64, y: f64) {
        let mut x = left;
        for status in Status::ALL {
            let paint = paint(status);
            self.put(&format!(
                "<g class=\"state {}\"><rect class=\"box\" x=\"{}\" y=\"{}\" width=\"14\" height=\"14\" rx=\"4\"/><text class=\"key\" x=\"{}\" y=\"{}\">{}</text></g>",
                paint.class,
                round(x),
                round(y),
                round(x + 20.0),
                round(y + 11.0),
                status.word()
            ));
            x += key_width(status.word());
        }
    }
}

fn key_width(text: &str) -> f64 {
    20.0 + columns(text) * NOTE_COLUMN + 18.0
}

fn legend_width() -> f64 {
    Status::ALL
        .into_iter()
        .map(|status| key_width(status.word()))
        .sum()
}

fn style() -> String {
    let mut style = String::from(
        "<style>text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;fill:#111827;text-anchor:middle}.title{font-size:17px;font-weight:600;text-anchor:start}.name{font-size:13px;font-weight:600}.note{font-size:11px;fill:#4b5563}.label{font-size:11px;fill:#374151;stroke:#fdfdfe;stroke-width:5px;stroke-linejoin:round;paint-order:stroke}.key{font-size:11px;text-anchor:start}.paper{fill:#fbfbfd}.box{stroke-width:1.5}.branch{fill:#ffffff;fill-opacity:.7;stroke:#9ca3af;stroke-width:1;stroke-dasharray:4 3}.way{fill:none;stroke:#6b7280;stroke-width:1.4}.catch{stroke:#ea580c;stroke-dasharray:5 3}.head{fill:#6b7280}.dot{fill:#374151}.ring{fill:none;stroke:#374151;stroke-width:1.5}",
    );
    for status in Status::ALL {
        let paint = paint(status);
        write!(
            style,
            ".{}>.box{{fill:{};stroke:{}}}",
            paint.class, paint.fill, paint.line
        )
        .expect("a string takes what is written to it");
    }
    style.push_str("</style>");
    style
}

/// A line through the points that leaves and enters each of them straight downwards.
fn curve(points: &[Point]) -> String {
    let Some(first) = points.first() else {
        return String::new();
    };
    let mut path = format!("M{} {}", round(first.x), round(first.y));
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let written = if (from.x - to.x).abs() < 0.5 {
            write!(path, " L{} {}", round(to.x), round(to.y))
        } else {
            let middle = round((from.y + to.y) / 2.0);
            write!(
                path,
                " C{} {middle} {} {middle} {} {}",
                round(from.x),
                round(to.x),
                round(to.x),
                round(to.y)
            )
        };
        written.expect("a string takes what is written to it");
    }
    path
}

fn columns(text: &str) -> f64 {
    console::measure_text_width(text) as f64
}

/// One decimal is finer than a pixel, and keeps the file small and the same everywhere.
fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0 has no way to write other control characters.
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
