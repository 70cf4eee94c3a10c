//! Places boxes in layers, top to bottom, with few crossings and short, straight ways.
//!
//! The usual four steps of a layered drawing: turn back edges round, give each box a layer, order
//! the layers so that few ways cross, and move the boxes under what leads to them. Between two
//! layers of boxes lies a layer for the labels, so that a label never covers anything.

/// The room a box or a label takes, in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A point; y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A way to draw, and the room its label needs (`Size::default()` for none).
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) label: Size,
}

/// Where everything goes.
#[derive(Debug)]
pub(super) struct Layout {
    /// The centre of each box.
    pub(super) centres: Vec<Point>,
    /// The corners of each way, from its source to its target.
    pub(super) routes: Vec<Vec<Point>>,
    /// The centre of each way's label.
    pub(super) labels: Vec<Point>,
    /// The room that all of it takes, from (0, 0).
    pub(super) size: Size,
}

/// Between neighbours of one layer. Wide enough that two boxes never look like one.
const BESIDE: f64 = 28.0;
/// Between neighbours when one of them is only a passing way.
const BESIDE_WAY: f64 = 16.0;
/// Between a layer of boxes and the layer of labels below it.
const BELOW: f64 = 15.0;
/// How often the order of the layers is tried again. More changes nothing on machines of up to
/// some hundred states.
const ORDER_SWEEPS: usize = 12;
/// How often the boxes are drawn towards their neighbours.
const PLACE_SWEEPS: usize = 24;

/// A box, or a bend of a way that passes its layer.
struct Item {
    layer: usize,
    size: Size,
    /// Neighbours in the layer above and below, each with the strength of the pull.
    above: Vec<(usize, f64)>,
    below: Vec<(usize, f64)>,
    bend: bool,
    x: f64,
}

/// Lays out boxes of these sizes; `start` comes first.
pub(super) fn lay_out(boxes: &[Size], ways: &[Way], start: usize) -> Layout {
    let reversed = back_ways(boxes.len(), ways, start);
    let layers = layer_numbers(boxes.len(), ways, &reversed);
    let mut items: Vec<Item> = boxes
        .iter()
        .zip(&layers)
        .map(|(&size, &layer)| Item {
            layer,
            size,
            above: Vec::new(),
            below: Vec::new(),
            bend: false,
            x: 0.0,
        })
        .collect();
    // The items that each way passes, from top to bottom, its ends included.
    let chains: Vec<Vec<usize>> = ways
        .iter()
        .zip(&reversed)
        .map(|(way, &reversed)| chain(&mut items, way, reversed))
        .collect();

    let mut order = initial_order(&items, start);
    reduce_crossings(&mut items, &mut order);
    place(&mut items, &order);

    // A loop of a box to itself is drawn at its right side and needs room there.
    let mut width: f64 = 0.0;
    let leftmost = items
        .iter()
        .map(|item| item.x - item.size.width / 2.0)
        .fold(f64::INFINITY, f64::min);
    for item in &mut items {
        item.x -= leftmost;
        width = width.max(item.x + item.size.width / 2.0);
    }
    let (tops, heights, height) = layer_heights(&items, &order);

    let middle = |item: &Item| Point {
        x: item.x,
        y: tops[item.layer] + heights[item.layer] / 2.0,
    };
    let mut routes = Vec::with_capacity(ways.len());
    let mut labels = Vec::with_capacity(ways.len());
    for (index, (way, chain)) in ways.iter().zip(&chains).enumerate() {
        if way.from == way.to {
            let item = &items[way.from];
            let centre = middle(item);
            let (side, half) = (item.x + item.size.width / 2.0, item.size.height / 4.0);
            let reach = side + 18.0 + way.label.width;
            width = width.max(reach);
            routes.push(vec![
                Point {
                    x: side,
                    y: centre.y + half,
                },
                Point {
                    x: side + 16.0,
                    y: centre.y,
                },
                Point {
                    x: side,
                    y: centre.y - half,
                },
            ]);
            labels.push(Point {
                x: side + 18.0 + way.label.width / 2.0,
                y: centre.y,
            });
            continue;
        }
        let mut route = Vec::new();
        let (first, last) = (chain[0], chain[chain.len() - 1]);
        for (place, &item) in chain.iter().enumerate() {
            let entry = &items[item];
            let (top, bottom) = (tops[entry.layer], tops[entry.layer] + heights[entry.layer]);
            if item == first {
                let box_bottom = middle(entry).y + entry.size.height / 2.0;
                let next = items[chain[place + 1]].x;
                route.push(Point {
                    x: port(entry, next, entry.below.len()),
                    y: box_bottom,
                });
            } else if item == last {
                let box_top = middle(entry).y - entry.size.height / 2.0;
                let before = items[chain[place - 1]].x;
                route.push(Point {
                    x: port(entry, before, entry.above.len()),
                    y: box_top,
                });
            } else {
                route.push(Point { x: entry.x, y: top });
                if bottom > top {
                    route.push(Point {
                        x: entry.x,
                        y: bottom,
                    });
                }
            }
        }
        // INVARIANT: a way spans at least one layer of labels, see `layer_numbers`.
        let labelled = if reversed[index] {
            chain[chain.len() - 2]
        } else {
            chain[1]
        };
        labels.push(middle(&items[labelled]));
        if reversed[index] {
            route.reverse();
        }
        routes.push(route);
    }
    Layout {
        centres: items[..boxes.len()].iter().map(middle).collect(),
        routes,
        labels,
        size: Size { width, height },
    }
}

/// Where a way meets a box: in the middle when it is the only one, else towards where it comes from.
fn port(item: &Item, towards: f64, ways: usize) -> f64 {
    if ways <= 1 {
        return item.x;
    }
    let reach = item.size.width * 0.36;
    towards.clamp(item.x - reach, item.x + reach)
}

/// Which ways lead back to a box that comes before them; drawn upwards.
fn back_ways(count: usize, ways: &[Way], start: usize) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut back = vec![false; ways.len()];
    let mut marks = vec![Mark::New; count];
    let outgoing: Vec<Vec<usize>> = (0..count)
        .map(|node| {
            (0..ways.len())
                .filter(|&way| ways[way].from == node)
                .collect()
        })
        .collect();
    for root in std::iter::once(start).chain(0..count) {
        if marks.get(root) != Some(&Mark::New) {
            continue;
        }
        marks[root] = Mark::Open;
        // An explicit stack: a machine may have thousands of states in a row.
        let mut stack = vec![(root, 0)];
        while let Some((node, next)) = stack.pop() {
            let Some(&way) = outgoing[node].get(next) else {
                marks[node] = Mark::Done;
                continue;
            };
            stack.push((node, next + 1));
            let target = ways[way].to;
            match marks[target] {
                Mark::Open if target != node => back[way] = true,
                Mark::New => {
                    marks[target] = Mark::Open;
                    stack.push((target, 0));
                }
                Mark::Open | Mark::Done => {}
            }
        }
    }
    back
}

/// The longest path from the start to each box, times two: odd layers hold labels and bends only.
fn layer_numbers(count: usize, ways: &[Way], reversed: &[bool]) -> Vec<usize> {
    let forward: Vec<(usize, usize)> = ways
        .iter()
        .zip(reversed)
        .filter(|(way, _)| way.from != way.to)
        .map(|(way, &reversed)| {
            if reversed {
                (way.to, way.from)
            } else {
                (way.from, way.to)
            }
        })
        .collect();
    let mut waiting = vec![0_usize; count];
    for &(_, to) in &forward {
        waiting[to] += 1;
    }
    let mut layers = vec![0_usize; count];
    let mut ready: Vec<usize> = (0..count).filter(|&node| waiting[node] == 0).collect();
    while let Some(node) = ready.pop() {
        for &(from, to) in forward.iter().filter(|(from, _)| *from == node) {
            layers[to] = layers[to].max(layers[from] + 2);
            waiting[to] -= 1;
            if waiting[to] == 0 {
                ready.push(to);
            }
        }
    }
    layers
}

/// Puts a bend into every layer that a way passes, and joins neighbours.
fn chain(items: &mut Vec<Item>, way: &Way, reversed: bool) -> Vec<usize> {
    if way.from == way.to {
        return Vec::new();
    }
    let (top, bottom) = if reversed {
        (way.to, way.from)
    } else {
        (way.from, way.to)
    };
    let labelled = if reversed {
        items[bottom].layer - 1
    } else {
        items[top].layer + 1
    };
    let mut chain = vec![top];
    for layer in items[top].layer + 1..items[bottom].layer {
        chain.push(items.len());
        items.push(Item {
            layer,
            size: if layer == labelled {
                way.label
            } else {
                Size::default()
            },
            above: Vec::new(),
            below: Vec::new(),
            bend: true,
            x: 0.0,
        });
    }
    chain.push(bottom);
    for pair in chain.windows(2) {
        // The pull between two bends is strong, so that long ways stay straight.
        let pull = match (items[pair[0]].bend, items[pair[1]].bend) {
            (true, true) => 8.0,
            (true, false) | (false, true) => 2.0,
            (false, false) => 1.0,
        };
        items[pair[0]].below.push((pair[1], pull));
        items[pair[1]].above.push((pair[0], pull));
    }
    chain
}

/// The layers as found by walking down from the start.
fn initial_order(items: &[Item], start: usize) -> Vec<Vec<usize>> {
    let depth = items.iter().map(|item| item.layer + 1).max().unwrap_or(0);
    let mut order = vec![Vec::new(); depth];
    let mut seen = vec![false; items.len()];
    for root in std::iter::once(start).chain(0..items.len()) {
        let mut stack = vec![root];
        while let Some(item) = stack.pop() {
            if item >= items.len() || std::mem::replace(&mut seen[item], true) {
                continue;
            }
            order[items[item].layer].push(item);
            stack.extend(items[item].below.iter().rev().map(|&(next, _)| next));
        }
    }
    order
}

fn reduce_crossings(items: &mut [Item], order: &mut Vec<Vec<usize>>) {
    let mut best = order.clone();
    let mut fewest = crossings(items, order);
    for sweep in 0..ORDER_SWEEPS {
        if fewest == 0 {
            break;
        }
        let downwards = sweep % 2 == 0;
        let count = order.len();
        for step in 1..count {
            let layer = if downwards { step } else { count - 1 - step };
            let beside = if downwards { layer - 1 } else { layer + 1 };
            let mut position = vec![0.0; items.len()];
            for (place, &item) in order[beside].iter().enumerate() {
                position[item] = place as f64;
            }
            let mut keyed: Vec<(f64, usize)> = order[layer]
                .iter()
                .enumerate()
                .map(|(place, &item)| {
                    let near = if downwards {
                        &items[item].above
                    } else {
                        &items[item].below
                    };
                    let mean = if near.is_empty() {
                        place as f64
                    } else {
                        near.iter().map(|&(other, _)| position[other]).sum::<f64>()
                            / near.len() as f64
                    };
                    (mean, item)
                })
                .collect();
            // Stable, so that what has no reason to move keeps the order of the definition.
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            order[layer] = keyed.into_iter().map(|(_, item)| item).collect();
        }
        let now = crossings(items, order);
        if now < fewest {
            fewest = now;
            best.clone_from(order);
        }
    }
    *order = best;
}

fn crossings(items: &[Item], order: &[Vec<usize>]) -> usize {
    let mut position = vec![0; items.len()];
    for layer in order {
        for (place, &item) in layer.iter().enumerate() {
            position[item] = place;
        }
    }
    let mut found = 0;
    for layer in order {
        let joins: Vec<(usize, usize)> = layer
            .iter()
            .flat_map(|&item| items[item].below.iter().map(move |&(to, _)| (item, to)))
            .map(|(from, to)| (position[from], position[to]))
            .collect();
        for (index, a) in joins.iter().enumerate() {
            found += joins[index + 1..]
                .iter()
                .filter(|b| (a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1))
                .count();
        }
    }
    found
}

/// Draws every item towards its neighbours, and keeps the order and the distances of each layer.
fn place(items: &mut [Item], order: &[Vec<usize>]) {
    for layer in order {
        let mut x = 0.0;
        for (place, &item) in layer.iter().enumerate() {
            if place > 0 {
                x += distance(&items[layer[place - 1]], &items[item]);
            }
            items[item].x = x;
        }
    }
    for sweep in 0..PLACE_SWEEPS {
        let downwards = sweep % 2 == 0;
        for step in 0..order.len() {
            let layer = if downwards {
                &order[step]
            } else {
                &order[order.len() - 1 - step]
            };
            // At first a layer follows the one it was reached from; later both sides count.
            let both = sweep >= PLACE_SWEEPS / 3;
            let wishes: Vec<(f64, f64)> = layer
                .iter()
                .map(|&item| {
                    let entry = &items[item];
                    let (mut sum, mut weight) = (0.0, 0.0);
                    for &(other, pull) in &entry.above {
                        if both || downwards {
                            sum += items[other].x * pull;
                            weight += pull;
                        }
                    }
                    for &(other, pull) in &entry.below {
                        if both || !downwards {
                            sum += items[other].x * pull;
                            weight += pull;
                        }
                    }
                    if weight > 0.0 {
                        (sum / weight, weight)
                    } else {
                        (entry.x, 0.1)
                    }
                })
                .collect();
            settle(items, layer, &wishes);
        }
    }
}

/// The positions nearest to the wishes (least squares) that keep order and distances: neighbours
/// that would overlap are pooled into one block, which goes to the mean of their wishes.
fn settle(items: &mut [Item], layer: &[usize], wishes: &[(f64, f64)]) {
    struct Block {
        sum: f64,
        weight: f64,
        length: usize,
    }
    let mut offsets = Vec::with_capacity(layer.len());
    let mut offset = 0.0;
    for (place, &item) in layer.iter().enumerate() {
        if place > 0 {
            offset += distance(&items[layer[place - 1]], &items[item]);
        }
        offsets.push(offset);
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (&(wish, weight), offset) in wishes.iter().zip(&offsets) {
        blocks.push(Block {
            sum: (wish - offset) * weight,
            weight,
            length: 1,
        });
        while let [.., left, right] = &blocks[..] {
            if left.sum / left.weight <= right.sum / right.weight {
                break;
            }
            let right = blocks.pop().expect("two blocks were matched");
            let left = blocks.last_mut().expect("two blocks were matched");
            left.sum += right.sum;
            left.weight += right.weight;
            left.length += right.length;
        }
    }
    let mut place = 0;
    for block in blocks {
        for _ in 0..block.length {
            items[layer[place]].x = block.sum / block.weight + offsets[place];
            place += 1;
        }
    }
}

/// The least distance between the centres of two neighbours.
fn distance(left: &Item, right: &Item) -> f64 {
    let gap = if left.bend || right.bend {
        BESIDE_WAY
    } else {
        BESIDE
    };
    (left.size.width + right.size.width) / 2.0 + gap
}

/// The top and the height of each layer, and the height of all.
fn layer_heights(items: &[Item], order: &[Vec<usize>]) -> (Vec<f64>, Vec<f64>, f64) {
    let heights: Vec<f64> = order
        .iter()
        .map(|layer| {
            layer
                .iter()
                .map(|&item| items[item].size.height)
                .fold(0.0, f64::max)
        })
        .collect();
    let mut tops = Vec::with_capacity(heights.len());
    let mut y = 0.0;
    for (index, height) in heights.iter().enumerate() {
        if index > 0 {
            y += BELOW;
        }
        tops.push(y);
        y += height;
    }
    (tops, heights, y)
}
