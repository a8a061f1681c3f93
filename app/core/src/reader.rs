//! The reading thread: sleep until the capture is ready or a stop is requested, read, log the batch,
//! count.

use edgepipe::{Capture, Edge, Error, LINES_MAX, Poller, Reader, Token, Wake};
use log::{info, warn};
use zephyr::time::Forever;

use crate::Origin;

/// Edges read at a time.
const CHUNK: usize = 32;

/// The result of a capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The capture's ledger at its end.
    pub ledger: edgepipe::Ledger,
    /// Edges read, by line.
    pub edges_per_line: [u64; LINES_MAX],
}

/// What becomes of the edges that are read. A closure takes the edges alone.
pub trait Sink {
    /// Takes an edge, with its time in microseconds. Returns the time for the log.
    fn edge(&mut self, at_us: u64, edge: &Edge) -> u64;

    /// After a wake, all pending edges have been read: so many. `now_us` tells the time in microseconds.
    fn batch(&mut self, _edges: u64, _wake: Wake, _now_us: impl FnOnce() -> u64) {}
}

impl<F: FnMut(u64, &Edge) -> u64> Sink for F {
    fn edge(&mut self, at_us: u64, edge: &Edge) -> u64 {
        self(at_us, edge)
    }
}

/// One batch: the edges that were read after one wake.
struct Batch {
    edges: u64,
    first: u64,
    last: u64,
}

/// Reads until a stop is requested: sleeps in `poller` until the capture is ready, then reads all pending
/// edges, gives each to `sink` with its time in microseconds, and logs the batch, with the times that `sink`
/// returned, in `unit`. A [`Waker`] of the poller requests the stop: then the capture is closed, and what is left is
/// read.
///
/// [`Waker`]: edgepipe::Waker
///
/// # Context
///
/// Thread, blocks.
///
/// # Errors
///
/// Those of [`Poller::register`] and [`Reader::try_read_edges`]; none if the poller is for this reader alone.
pub fn read_all(
    capture: Capture,
    reader: &mut Reader,
    poller: &Poller<1>,
    origin: Origin,
    unit: &str,
    mut sink: impl Sink,
) -> Result<Summary, Error> {
    let mut summary = Summary::default();
    let mut batches = 0_u64;
    let mut capture = Some(capture);
    poller.register(reader, Token::default())?;
    loop {
        let events = poller.wait(Forever)?;
        let Some(event) = events.first() else {
            // The reader is ready from now on, for the last time.
            drop(capture.take());
            continue;
        };
        let batch = read_batch(reader, |edge| {
            summary.edges_per_line[usize::from(edge.line)] += 1;
            sink.edge(origin.to_us(edge.timestamp_ns), edge)
        })?;
        sink.batch(batch.edges, event.wake, || {
            origin.to_us(reader.weak().now_ns().unwrap_or_default())
        });
        if batch.edges > 0 {
            batches += 1;
            log_batch(batches, &batch, unit, event.wake);
        }
        if event.wake == Wake::Closed {
            summary.ledger = reader.ledger();
            return Ok(summary);
        }
    }
}

/// Reads the pending edges; `visit` returns the time of each.
fn read_batch(reader: &mut Reader, mut visit: impl FnMut(&Edge) -> u64) -> Result<Batch, Error> {
    let mut edges = [Edge::default(); CHUNK];
    let mut batch = Batch {
        edges: 0,
        first: 0,
        last: 0,
    };
    loop {
        let count = match reader.try_read_edges(&mut edges) {
            Ok(0) | Err(Error::WOULD_BLOCK) => return Ok(batch),
            result => result?,
        };
        for edge in &edges[..count] {
            if edge.lost_before() > 0 {
                warn!(
                    "{} edges lost before this one on line {}",
                    edge.lost_before(),
                    edge.line
                );
            }
            batch.last = visit(edge);
            if batch.edges == 0 {
                batch.first = batch.last;
            }
            batch.edges += 1;
        }
    }
}

fn log_batch(number: u64, batch: &Batch, unit: &str, wake: Wake) {
    let Batch { edges, first, last } = batch;
    info!("batch {number}: {edges} edges from {first} {unit} to {last} {unit}, woken by {wake:?}");
}
