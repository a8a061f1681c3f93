//! What is in a recording.

use std::path::Path;

use crate::change::Changes;
use crate::{Error, TimeUnit};

/// What a wire does in a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireInfo {
    /// Its unique name, by which it can be chosen.
    pub name: String,
    /// The number of its edges.
    pub edges: u64,
    /// The shortest time between two edges, in the recording's unit. `None` if there are fewer than two edges.
    pub shortest_pulse: Option<u64>,
}

/// Reads a recording from end to end, and tells its unit and what each of its wires does. There may be any number of
/// wires.
///
/// # Errors
///
/// Those of [`Recording::open`](crate::Recording::open), other than of the choice.
pub fn list(path: &Path) -> Result<(TimeUnit, Vec<WireInfo>), Error> {
    let (mut changes, declared) = Changes::open(path)?;
    let names = declared
        .unique_names()
        .map_err(|cause| changes.error(&cause))?;
    let mut signals = vec![Signal::default(); declared.signals];
    while let Some(change) = changes.next_change()? {
        signals[change.signal as usize].change(change.time, change.level);
    }
    let infos = names.into_iter().zip(&declared.wires).map(|(name, wire)| {
        let signal = &signals[wire.signal as usize];
        WireInfo {
            name,
            edges: signal.edges,
            shortest_pulse: (signal.edges > 1).then_some(signal.shortest),
        }
    });
    Ok((declared.unit, infos.collect()))
}

#[derive(Clone)]
struct Signal {
    /// `None` until one is given.
    level: Option<bool>,
    edges: u64,
    last_edge: u64,
    shortest: u64,
}

impl Default for Signal {
    fn default() -> Self {
        Self {
            level: None,
            edges: 0,
            last_edge: 0,
            shortest: u64::MAX,
        }
    }
}

impl Signal {
    fn change(&mut self, time: u64, level: bool) {
        if self
            .level
            .replace(level)
            .is_none_or(|before| before == level)
        {
            return;
        }
        if self.edges > 0 {
            self.shortest = self.shortest.min(time - self.last_edge);
        }
        self.edges += 1;
        self.last_edge = time;
    }
}
