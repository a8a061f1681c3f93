//! No file system: the built-in stimulus, and a summary in the log.

use edgepipe::{Config, Edge, Trigger};
use edgepipe_app::{Builtin, Sink, Summary, builtin};
use log::info;

use crate::world::{Setup, Unit};

pub(crate) type Input = Builtin;

pub(crate) fn open(config: Config) -> Result<Setup, i32> {
    Ok(Setup {
        count: builtin::LINES.len(),
        initial_levels: builtin::INITIAL_LEVELS,
        config,
        trigger: Trigger::Both,
        debounce_us: 0,
        unit: Unit::try_from("us").unwrap_or_default(),
        input: Builtin::default(),
    })
}

/// Edges go to the log alone.
pub(crate) struct Edges;

impl Sink for Edges {
    fn edge(&mut self, at_us: u64, _edge: &Edge) -> u64 {
        at_us
    }
}

pub(crate) fn finish(summary: &Summary) -> i32 {
    let ledger = &summary.ledger;
    info!(
        "captured {} delivered {} pending {} lost {} wakes {}",
        ledger.captured,
        ledger.delivered,
        ledger.pending,
        ledger.lost.total(),
        ledger.wakes
    );
    for (name, edges) in builtin::LINES.iter().zip(summary.edges_per_line) {
        info!("{name}: {edges} edges");
    }
    0
}

pub(crate) fn exit(_status: i32) {}
