//! No file system: the built-in stimulus, and a summary in the log.

use edgepipe::{Config, Edge};
use edgepipe_app::{Builtin, Summary, builtin};
use log::info;

pub(crate) type Input = Builtin;

/// The lines and the configuration of the capture.
pub(crate) struct Setup {
    pub(crate) count: usize,
    pub(crate) initial_levels: u32,
    pub(crate) config: Config,
    pub(crate) input: Input,
}

pub(crate) fn open(config: Config) -> Result<Setup, i32> {
    Ok(Setup {
        count: builtin::LINES.len(),
        initial_levels: builtin::INITIAL_LEVELS,
        config,
        input: Builtin::default(),
    })
}

pub(crate) fn edge(_at_us: u64, _edge: &Edge) {}

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
