//! What is in a recording.

use std::path::Path;

use edgepipe_recording::{Recording, Wires};

use super::board::Given;

/// An edge: its time, its wire, and the level after it.
pub(super) type Edge = (u64, String, bool);

/// All edges of a file, those of `LOSS` too.
pub(super) fn read(path: &Path) -> (Vec<Edge>, u64) {
    let mut recording = Recording::open(path, &Wires::default()).unwrap();
    let names = recording.names().to_vec();
    let mut edges = Vec::new();
    while let Some(event) = recording.next_event().unwrap() {
        let name = names[usize::from(event.wire)].clone();
        edges.push((event.time, name, event.level));
    }
    (edges, recording.duration())
}

/// The edges that were given, as a file has them.
pub(super) fn given(lines: &[&str], given: &[Given]) -> Vec<Edge> {
    let edge = |given: &Given| match *given {
        Given::Edge(ticks, line, high) => Some((ticks, lines[usize::from(line)].to_string(), high)),
        _ => None,
    };
    given.iter().filter_map(edge).collect()
}

/// The times from the edge before each loss to the one after, and the edges of other wires that are not in one.
pub(super) fn apart_from_losses(edges: &[Edge]) -> (Vec<(u64, u64)>, Vec<Edge>) {
    let mut losses = Vec::new();
    for (time, name, high) in edges {
        match (name.as_str(), high) {
            ("LOSS", true) => losses.push((*time, u64::MAX)),
            ("LOSS", false) => losses.last_mut().unwrap().1 = *time,
            _ => {}
        }
    }
    let certain = without(&losses, edges);
    (losses, certain)
}

/// The edges that are not in one of these losses.
pub(super) fn without(losses: &[(u64, u64)], edges: &[Edge]) -> Vec<Edge> {
    let lost = |time: &u64| losses.iter().any(|(from, to)| (from..=to).contains(&time));
    let edges = edges
        .iter()
        .filter(|(time, name, _)| name != "LOSS" && !lost(time));
    edges.cloned().collect()
}

/// Fails with the first difference.
pub(super) fn assert_same(edges: &[Edge], expected: &[Edge]) {
    for (number, (edge, expected)) in edges.iter().zip(expected).enumerate() {
        assert_eq!(edge, expected, "edge {number}");
    }
    assert_eq!(edges.len(), expected.len());
}
