//! The reading thread: wait until ready, read, log the batch, count.

use edgepipe::{Edge, Error, LINES_MAX, Reader, Wake};
use log::{info, warn};
use zephyr::time::Forever;

use crate::Origin;

/// Edges read at a time.
const CHUNK: usize = 32;

/// What became of a capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The capture's books when it ended.
    pub ledger: edgepipe::Ledger,
    /// Edges read, by line.
    pub edges_per_line: [u64; LINES_MAX],
}

/// One batch: what was read after one wake.
struct Batch {
    edges: u64,
    first_us: u64,
    last_us: u64,
}

/// Reads until the capture is closed and drained: waits until it is ready, then reads all that is
/// pending, gives each edge to `record` with its time in microseconds, and logs the batch.
///
/// # Context
///
/// Thread, blocks.
///
/// # Errors
///
/// As [`Reader::wait_ready`] and [`Reader::try_read_edges`]; a capture gives none of them.
pub fn read_all(
    reader: &mut Reader,
    origin: Origin,
    mut record: impl FnMut(u64, &Edge),
) -> Result<Summary, Error> {
    let mut summary = Summary::default();
    let mut batches = 0_u64;
    loop {
        let wake = reader.wait_ready(Forever)?;
        let batch = read_batch(reader, |edge| {
            let at_us = origin.to_us(edge.timestamp_ns);
            summary.edges_per_line[usize::from(edge.line)] += 1;
            record(at_us, edge);
            at_us
        })?;
        if batch.edges > 0 {
            batches += 1;
            log_batch(batches, &batch, wake);
        }
        if wake == Wake::Closed {
            summary.ledger = reader.ledger();
            return Ok(summary);
        }
    }
}

/// Reads what is pending; `visit` says when each edge was.
fn read_batch(reader: &mut Reader, mut visit: impl FnMut(&Edge) -> u64) -> Result<Batch, Error> {
    let mut edges = [Edge::default(); CHUNK];
    let mut batch = Batch {
        edges: 0,
        first_us: 0,
        last_us: 0,
    };
    loop {
        let count = match reader.try_read_edges(&mut edges) {
            Ok(0) | Err(Error::WOULD_BLOCK) => return Ok(batch),
            result => result?,
        };
        for edge in &edges[..count] {
            if edge.lost_before > 0 {
                warn!(
                    "{} edges lost before this one on line {}",
                    edge.lost_before, edge.line
                );
            }
            batch.last_us = visit(edge);
            if batch.edges == 0 {
                batch.first_us = batch.last_us;
            }
            batch.edges += 1;
        }
    }
}

fn log_batch(number: u64, batch: &Batch, wake: Wake) {
    let Batch {
        edges,
        first_us,
        last_us,
    } = batch;
    info!("batch {number}: {edges} edges from {first_us} us to {last_us} us, woken by {wake:?}");
}
