//! The thread's side: wait, and read.

use core::fmt;

use embedded_io::{ErrorType, Read, ReadReady};
use zephyr::time::{Forever, Timeout};

use crate::{
    Edge, Error, Ledger, RECORD_BYTES, Wake,
    channel::{BLOCK, Channel},
    record::{self, Record},
    sys::clock,
};

/// The reading end of a capture; there is one.
///
/// ```compile_fail
/// fn two(reader: edgepipe::Reader) -> (edgepipe::Reader, edgepipe::Reader) {
///     (reader.clone(), reader)
/// }
/// ```
pub struct Reader {
    pub(crate) channel: &'static Channel,
    /// Edges lost since the last one that `read_edges` gave out.
    lost_before: u32,
}

impl Reader {
    pub(crate) const fn new(channel: &'static Channel) -> Self {
        Self {
            channel,
            lost_before: 0,
        }
    }

    /// Waits until the capture is ready, and says why it is.
    ///
    /// Readiness is level-triggered: as long as it holds, the next wait returns at once.
    ///
    /// # Context
    ///
    /// Thread only, blocks up to `timeout`; with [`NoWait`](zephyr::time::NoWait) it never blocks.
    ///
    /// # Errors
    ///
    /// [`Error::TIMED_OUT`] when the time passed first; what is pending can still be read.
    pub fn wait_ready(&self, timeout: impl Into<Timeout>) -> Result<Wake, Error> {
        self.channel.wait_ready(timeout.into())
    }

    /// Why the capture is ready, if it is.
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub fn ready(&self) -> Option<Wake> {
        self.channel.ready()
    }

    /// Reads what is pending, whole records only, as many as fit into `bytes`.
    ///
    /// `Ok(0)` means end of file: the capture is closed and everything has been read. An empty
    /// slice also reads 0 bytes.
    ///
    /// # Context
    ///
    /// Thread only, never blocks.
    ///
    /// # Errors
    ///
    /// - [`Error::WOULD_BLOCK`] when nothing is pending.
    /// - [`Error::INVALID_INPUT`] when `bytes` is shorter than one record.
    pub fn try_read(&mut self, bytes: &mut [u8]) -> Result<usize, Error> {
        if !bytes.is_empty() && bytes.len() < RECORD_BYTES {
            return Err(Error::INVALID_INPUT);
        }
        let (records, _) = bytes.as_chunks_mut();
        self.channel
            .take(records)
            .map(|(count, _)| count * RECORD_BYTES)
    }

    /// Reads pending edges; blocks only while nothing is pending.
    ///
    /// Returns how many edges it put into `edges`; 0 means end of file, or an empty slice. Where
    /// edges were lost, the next edge says how many.
    ///
    /// # Context
    ///
    /// Thread only, blocks while the capture is open and nothing is pending.
    ///
    /// # Errors
    ///
    /// None at present.
    pub fn read_edges(&mut self, edges: &mut [Edge]) -> Result<usize, Error> {
        loop {
            match self.try_read_edges(edges) {
                Err(Error::WOULD_BLOCK) => self.channel.wait_pending(1, Forever.into())?,
                result => return result,
            }
        }
    }

    /// Reads pending edges without waiting; otherwise as [`read_edges`](Self::read_edges).
    ///
    /// # Context
    ///
    /// Thread only, never blocks.
    ///
    /// # Errors
    ///
    /// [`Error::WOULD_BLOCK`] when nothing is pending.
    pub fn try_read_edges(&mut self, edges: &mut [Edge]) -> Result<usize, Error> {
        let mut records = [[0; RECORD_BYTES]; BLOCK];
        let mut filled = 0;
        while filled < edges.len() {
            let room = BLOCK.min(edges.len() - filled);
            let (count, now) = match self.channel.take(&mut records[..room]) {
                Err(Error::WOULD_BLOCK) if filled > 0 => break,
                result => result?,
            };
            if count == 0 {
                break;
            }
            for bytes in &records[..count] {
                if let Some(edge) = self.decode(*bytes, now) {
                    edges[filled] = edge;
                    filled += 1;
                }
            }
        }
        Ok(filled)
    }

    /// The books of the capture, at one instant.
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub fn ledger(&self) -> Ledger {
        self.channel.ledger()
    }

    /// Makes an edge of a record; a gap is kept for the next edge.
    fn decode(&mut self, bytes: [u8; RECORD_BYTES], now: u64) -> Option<Edge> {
        match Record::decode(bytes) {
            Ok(Record::Edge {
                cycles,
                line,
                level,
                sequence,
            }) => Some(Edge {
                timestamp_ns: clock::cycles_to_ns(
                    record::extend_cycles(cycles, now),
                    clock::CYCLES_PER_SECOND,
                ),
                lost_before: core::mem::take(&mut self.lost_before),
                line,
                level,
                sequence,
            }),
            Ok(Record::Gap { lost, .. }) => {
                self.lost_before = self.lost_before.saturating_add(lost);
                None
            }
            Err(_) => unreachable!("the channel holds only records that this crate encoded"),
        }
    }
}

impl ErrorType for Reader {
    type Error = Error;
}

impl Read for Reader {
    /// Blocks only while nothing is pending, then returns what is there, whole records only.
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Error> {
        loop {
            match self.try_read(bytes) {
                Err(Error::WOULD_BLOCK) => self.channel.wait_pending(1, Forever.into())?,
                result => return result,
            }
        }
    }
}

impl ReadReady for Reader {
    /// Whether [`read`](Read::read) would return at once, be it with end of file.
    fn read_ready(&mut self) -> Result<bool, Error> {
        Ok(self.channel.is_readable())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.channel.release();
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("ledger", &self.channel.ledger())
            .finish_non_exhaustive()
    }
}
