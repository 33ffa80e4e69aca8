//! Groups: each is laid out by itself, from the innermost outwards, and stands in its parent as one box.

use super::component::{Item, Line, Piece, Placed, arrange};
use super::outline::{FRAME_PADDING, frame_size};
use super::table::{append, at, list, put};
use super::{Graph, Point, Positions};

/// What the distances around the texts of an edge add up to.
const TEXT_GAPS: f64 = 28.0;

/// The whole picture (container 0) and its groups (group `g` is container `g + 1`). A parent has a lower number.
struct Containers {
    parent: Vec<usize>,
    depth: Vec<usize>,
    /// For each container, what stands directly in it: a node, or `None` for a group.
    members: Vec<Vec<Option<usize>>>,
    /// Container of each node, and its place among the members there.
    home: Vec<usize>,
    slot: Vec<usize>,
    /// The place of each container among the members of its parent.
    own_slot: Vec<usize>,
    pieces: Vec<Piece>,
    /// For each container, its edges to the outside: the member they start from, and the node at the other end.
    outside: Vec<Vec<(usize, usize)>>,
}

/// Places all nodes of `graph` afresh.
pub(super) fn place(graph: &Graph) -> Positions {
    let mut containers = Containers::of(graph);
    containers.add_edges(graph);
    let mut placed: Vec<Placed> = vec![Placed::default(); containers.parent.len()];
    for container in (0..containers.parent.len()).rev() {
        let Some(piece) = containers.pieces.get(container).filter(|piece| !piece.items.is_empty()) else { continue };
        // What a frame holds is measured by its boxes alone when it is drawn, so it is here.
        let arranged = arrange(piece).around_boxes(&piece.items);
        if let Some(group) = container.checked_sub(1).and_then(|group| graph.groups.get(group)) {
            let (width, height) = frame_size(arranged.width, arranged.height, group.title);
            let (parent, slot) = (at(&containers.parent, container), at(&containers.own_slot, container));
            let outer = containers.pieces.get_mut(parent).and_then(|piece| piece.items.get_mut(slot));
            if let Some(item) = outer {
                (item.width, item.height) = (width, height);
            }
        }
        put(&mut placed, container, arranged);
    }
    containers.assemble(graph, &placed)
}

impl Containers {
    fn of(graph: &Graph) -> Containers {
        let count = graph.groups.len() + 1;
        let mut parent = vec![0; count];
        let mut depth = vec![0; count];
        for (index, group) in graph.groups.iter().enumerate() {
            let above = group.parent.filter(|above| *above < index).map_or(0, |above| above + 1);
            put(&mut parent, index + 1, above);
            let below = at(&depth, above) + 1;
            put(&mut depth, index + 1, below);
        }
        let home: Vec<usize> = graph
            .nodes
            .iter()
            .map(|node| node.group.filter(|group| *group < graph.groups.len()).map_or(0, |group| group + 1))
            .collect();
        let mut containers = Containers {
            slot: vec![0; home.len()],
            own_slot: vec![0; count],
            members: vec![Vec::new(); count],
            pieces: vec![Piece::default(); count],
            outside: vec![Vec::new(); count],
            parent,
            depth,
            home,
        };
        for (index, node) in graph.nodes.iter().enumerate() {
            let (width, height, kind, tier) = (node.width, node.height, node.kind, node.tier);
            let item = Item { width, height, kind, tier, ..Item::default() };
            let home = at(&containers.home, index);
            let slot = containers.add(home, Some(index), item);
            put(&mut containers.slot, index, slot);
        }
        let tiers = containers.tiers();
        for container in 1..count {
            // What holds no node is not drawn.
            let Some(tier) = at(&tiers, container) else { continue };
            let item = Item { tier, frame: true, ..Item::default() };
            let parent = at(&containers.parent, container);
            let slot = containers.add(parent, None, item);
            put(&mut containers.own_slot, container, slot);
        }
        containers
    }

    /// For each container that holds a node, however deep, the highest tier in it, if it has any.
    fn tiers(&self) -> Vec<Option<Option<i64>>> {
        let mut tiers: Vec<Option<Option<i64>>> = vec![None; self.parent.len()];
        for container in (1..self.parent.len()).rev() {
            let own = self.pieces.get(container).filter(|piece| !piece.items.is_empty());
            let own = own.map(|piece| piece.items.iter().filter_map(|item| item.tier).min());
            let inner = at(&tiers, container);
            let highest = match (own, inner) {
                (Some(own), Some(inner)) => Some(own.into_iter().chain(inner).min()),
                (own, inner) => own.or(inner),
            };
            put(&mut tiers, container, highest);
            let parent = at(&self.parent, container);
            let above = match (at(&tiers, parent), highest) {
                (Some(above), Some(highest)) => Some(above.into_iter().chain(highest).min()),
                (above, highest) => above.or(highest),
            };
            put(&mut tiers, parent, above);
        }
        tiers
    }

    /// Adds a member to a container; gives its place.
    fn add(&mut self, container: usize, member: Option<usize>, item: Item) -> usize {
        append(&mut self.members, container, member);
        let Some(piece) = self.pieces.get_mut(container) else { return 0 };
        piece.items.push(item);
        piece.items.len() - 1
    }

    /// Lifts each edge to the innermost container that holds both ends.
    fn add_edges(&mut self, graph: &Graph) {
        for (index, edge) in graph.edges.iter().enumerate() {
            let [from, to] = edge.ends;
            if from >= graph.nodes.len() || to >= graph.nodes.len() || from == to {
                continue;
            }
            let mut ends = [from, to].map(|node| (at(&self.home, node), at(&self.slot, node)));
            let direct = at(&self.home, from) == at(&self.home, to);
            while let [(a, a_slot), (b, b_slot)] = ends
                && a != b
            {
                let climb_first = at(&self.depth, a) >= at(&self.depth, b);
                let (container, slot, other) = if climb_first { (a, a_slot, to) } else { (b, b_slot, from) };
                append(&mut self.outside, container, (slot, other));
                if let Some(item) = self.pieces.get_mut(container).and_then(|piece| piece.items.get_mut(slot)) {
                    item.outward = true;
                }
                let lifted = (at(&self.parent, container), at(&self.own_slot, container));
                ends = if climb_first { [lifted, (b, b_slot)] } else { [(a, a_slot), lifted] };
            }
            let [(container, a), (_, b)] = ends;
            if let Some(piece) = self.pieces.get_mut(container).filter(|_| a != b) {
                let [first, second] = edge.texts;
                let length = first + second + edge.label + TEXT_GAPS;
                // The text of a node inside a group is not beside the group.
                let texts = if direct { edge.texts } else { [0.0, 0.0] };
                piece.lines.push(Line { ends: [a, b], edge: index, direct, texts, length });
            }
        }
    }

    /// Puts the arranged pieces together, from the outermost inwards.
    fn assemble(&self, graph: &Graph, placed: &[Placed]) -> Positions {
        let mut positions = Positions::default();
        let mut centres: Vec<Vec<Point>> = vec![Vec::new(); self.parent.len()];
        for (container, arranged) in placed.iter().enumerate() {
            let origin = self.origin(container, arranged, &centres);
            let relative = self.mirrored(container, arranged, origin, &centres);
            let (members, relative_centres) = (list(&self.members, container), &relative.centres);
            for (member, centre) in members.iter().zip(relative_centres) {
                if let Some(node) = member.and_then(|node| graph.nodes.get(node)) {
                    positions.nodes.insert(node.id.clone(), centre.moved(origin.x, origin.y).rounded());
                }
            }
            for (edge, bends) in &relative.bends {
                let Some(edge) = graph.edges.get(*edge) else { continue };
                let bends = bends.iter().map(|bend| bend.moved(origin.x, origin.y).rounded()).collect();
                positions.bends.insert(edge.id.clone(), bends);
            }
            let absolute = relative_centres.iter().map(|centre| centre.moved(origin.x, origin.y)).collect();
            put(&mut centres, container, absolute);
        }
        positions
    }

    /// The upper left corner of a container's content, once its parent is placed.
    fn origin(&self, container: usize, arranged: &Placed, centres: &[Vec<Point>]) -> Point {
        if container == 0 {
            return Point::default();
        }
        let (parent, slot) = (at(&self.parent, container), at(&self.own_slot, container));
        let centre = at(list(centres, parent), slot);
        let height = self.pieces.get(parent).and_then(|piece| piece.items.get(slot)).map_or(0.0, |item| item.height);
        let bottom = centre.y + height / 2.0 - FRAME_PADDING;
        Point::new(centre.x - arranged.width / 2.0, bottom - arranged.height)
    }

    /// The content turned over left-right or top-bottom, if that clearly shortens the edges that leave it.
    fn mirrored(&self, container: usize, arranged: &Placed, origin: Point, centres: &[Vec<Point>]) -> Placed {
        let tiered = self.pieces.get(container).is_some_and(|piece| piece.items.iter().any(|item| item.tier.is_some()));
        let targets: Vec<(usize, Point)> = list(&self.outside, container)
            .iter()
            .map(|(slot, node)| (*slot, self.whereabouts(*node, centres)))
            .collect();
        let length = |placed: &Placed| -> f64 {
            let from = |slot: usize| at(&placed.centres, slot).moved(origin.x, origin.y);
            targets.iter().map(|(slot, target)| from(*slot).distance(*target)).sum()
        };
        let mut best = arranged.clone();
        let mut shortest = length(arranged) * 0.95;
        for (x, y) in [(true, false), (false, true), (true, true)] {
            let turned = arranged.mirrored(x, y);
            if !(y && tiered) && length(&turned) < shortest {
                shortest = length(&turned);
                best = turned;
            }
        }
        best
    }

    /// Where a node is, as exactly as is known yet: its own place or that of a group around it.
    fn whereabouts(&self, node: usize, centres: &[Vec<Point>]) -> Point {
        let (mut container, mut slot) = (at(&self.home, node), at(&self.slot, node));
        while container != 0 && list(centres, container).is_empty() {
            (container, slot) = (at(&self.parent, container), at(&self.own_slot, container));
        }
        at(list(centres, container), slot)
    }
}
