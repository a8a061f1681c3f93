//! What is in a recording.

use std::fmt::{self, Display};
use std::path::Path;

use crate::change::Changes;
use crate::error::one_line;
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

/// The wires of a recording. Shown as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The unit of its times.
    pub unit: TimeUnit,
    /// Its wires, in order of declaration. There may be any number of them.
    pub wires: Vec<WireInfo>,
}

/// Reads a recording from end to end, and tells what each of its wires does.
///
/// # Errors
///
/// Those of [`Recording::open`](crate::Recording::open), other than of the choice.
pub fn list(path: &Path) -> Result<List, Error> {
    let (mut changes, declared) = Changes::open(path)?;
    let names = declared
        .unique_names()
        .map_err(|cause| changes.error(&cause))?;
    let mut signals = vec![Signal::default(); declared.signals];
    while let Some(change) = changes.next_change()? {
        if let Some(level) = change.level {
            signals[change.signal as usize].change(change.time, level);
        }
    }
    let wires = names.into_iter().zip(&declared.wires).map(|(name, wire)| {
        let signal = &signals[wire.signal as usize];
        WireInfo {
            name,
            edges: signal.edges,
            shortest_pulse: (signal.edges > 1).then_some(signal.shortest),
        }
    });
    Ok(List {
        unit: declared.unit,
        wires: wires.collect(),
    })
}

impl Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "     edges  shortest pulse  wire")?;
        for wire in &self.wires {
            let pulse = wire.shortest_pulse;
            let pulse = pulse.map_or("-".into(), |units| nanoseconds(units, self.unit));
            writeln!(
                f,
                "{:10}  {pulse:>14}  {}",
                wire.edges,
                one_line(&wire.name)
            )?;
        }
        Ok(())
    }
}

fn nanoseconds(units: u64, unit: TimeUnit) -> String {
    let (numerator, denominator) = unit.fraction();
    let denominator = u128::from(denominator);
    // Beyond all bounds it is shown as the largest number.
    let product = u128::from(units)
        .saturating_mul(u128::from(numerator))
        .saturating_mul(1_000_000_000);
    if product.is_multiple_of(denominator) {
        format!("{} ns", product / denominator)
    } else {
        format!("{:.3} ns", product as f64 / denominator as f64)
    }
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
