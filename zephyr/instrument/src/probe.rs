//! The chosen lines, while the instrument wants their edges.

use core::ffi::c_int;

use edgepipe::{Capture, Edge, OpenError, Reader};
use edgepipe_devicetree::{EdgeNode, PROBE};
use edgepipe_instrument::{Begin, Instrument};

/// `nodes.c` does not compile without the node.
pub(crate) const NODE: &EdgeNode = PROBE.unwrap();

/// Edges that are read at a time. The work between two looks at the port is in proportion.
const AT_ONCE: usize = 8;

unsafe extern "C" {
    /// From `thread.c`.
    fn edgepipe_instrument_refused(line: c_int, error: c_int);
}

/// The open capture.
pub(crate) struct Lines {
    capture: Capture,
    reader: Reader,
}

/// Edges that were read and not yet passed on.
#[derive(Default)]
pub(crate) struct Batch {
    edges: [Edge; AT_ONCE],
    passed: usize,
    read: usize,
}

impl Lines {
    /// Begins to capture. An error is logged.
    pub(crate) fn open() -> Option<Self> {
        match NODE.open() {
            Ok((capture, reader)) => Some(Self { capture, reader }),
            Err(refused) => {
                log(refused);
                None
            }
        }
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    pub(crate) fn begin(&self, instrument: &mut Instrument<'_>) {
        instrument.begin(Begin {
            now_ns: self.capture.now_ns(),
            levels: self.reader.levels(),
            rate_hz: self.reader.hertz(),
        });
    }

    /// Passes on a few edges, as far as there is room; then the time, if there are no more. Returns whether there may be
    /// more.
    pub(crate) fn pass_on(&mut self, batch: &mut Batch, instrument: &mut Instrument<'_>) -> bool {
        let now_ns = self.capture.now_ns();
        if batch.passed == batch.read {
            batch.passed = 0;
            // An error is that nothing is pending.
            batch.read = self.reader.try_read_edges(&mut batch.edges).unwrap_or(0);
        }
        let read = batch.edges.iter().take(batch.read);
        for edge in read.skip(batch.passed) {
            if !instrument.has_room() {
                return false;
            }
            if let Some(gap) = edge.gap {
                instrument.gap(edge.timestamp_ns, gap.lost, gap.levels);
            }
            instrument.edge(edge.timestamp_ns, edge.line, edge.level.into());
            batch.passed += 1;
        }
        if batch.read == AT_ONCE {
            return true;
        }
        // All edges before `now_ns` were pending, or were read before.
        instrument.advance(now_ns);
        false
    }
}

fn log(refused: OpenError) {
    let (line, error) = match refused {
        OpenError::Line { line, error } => (line as c_int, error),
        OpenError::Config(error) => (-1, error.into()),
        OpenError::Clock(error) => (-2, error.into()),
        OpenError::Other(error) => (-1, error),
        _ => (-1, edgepipe::Error::INVALID_INPUT),
    };
    // SAFETY: it takes any numbers.
    unsafe { edgepipe_instrument_refused(line, -(error.errno() as c_int)) };
}
