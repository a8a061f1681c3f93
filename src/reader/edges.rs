//! Reading edges: decodes records, adds losses to the edges that follow them, and extends times.

use zephyr::time::Forever;

use crate::record::{self, Record};
use crate::sys::clock::{Ratio, Remaining};
use crate::{Edge, Error, RECORD_BYTES, Reader};

/// Records that are decoded at once. Each takes eight bytes of the thread's stack.
const AT_ONCE: usize = 32;

impl Reader<Edge> {
    /// The same reader for the records as bytes, as C and file descriptors see them.
    pub fn into_bytes(self) -> Reader<u8> {
        let bytes = Reader::new(self.capture, self.debounced);
        // `bytes` has the channel's handle now.
        core::mem::forget(self);
        bytes
    }

    /// Reads pending edges; blocks only while no edge is pending.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Line};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// # capture.close();
    /// let mut edges = [Edge::default(); 16];
    /// while let count @ 1.. = reader.read_edges(&mut edges)? {
    ///     for edge in &edges[..count] {
    ///         println!("line {} went {:?} at {} ns", edge.line, edge.level, edge.timestamp_ns);
    ///     }
    /// }
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// Returns how many edges it put into `edges`; 0 means end of file, or an empty slice. Where
    /// edges were lost, the next edge says how many, and the levels after them; a loss after the last edge is in the
    /// ledger.
    ///
    /// # Context
    ///
    /// Thread only, blocks while the capture is open and no edge is pending. After a loss a capture can be ready with
    /// only a gap record, and then this blocks. So after a wait, call [`try_read_edges`](Self::try_read_edges).
    ///
    /// # Errors
    ///
    /// None at present.
    pub fn read_edges(&mut self, edges: &mut [Edge]) -> Result<usize, Error> {
        loop {
            match self.try_read_edges(edges) {
                Err(Error::WOULD_BLOCK) => {}
                result => return result,
            }
            self.capture
                .wait_pending(Remaining::start(Forever.into()))?;
        }
    }

    /// Reads pending edges without waiting; otherwise as [`read_edges`](Self::read_edges).
    ///
    /// # Errors
    ///
    /// [`Error::WOULD_BLOCK`] when no edge is pending.
    pub fn try_read_edges(&mut self, edges: &mut [Edge]) -> Result<usize, Error> {
        let mut records = [[0; RECORD_BYTES]; AT_ONCE];
        let most = edges.len();
        let mut places = edges.iter_mut();
        // Only the first read may find end of file, because the call returns either that or edges.
        while places.len() > 0 && (places.len() == most || self.capture.has_unread()) {
            let room = AT_ONCE.min(places.len());
            let length = match self.capture.try_read(records[..room].as_flattened_mut()) {
                Err(_) if places.len() < most => break,
                result => result?,
            };
            if length == 0 {
                break;
            }
            let (end, clock) = self.capture.channel().end();
            let clock = (end, clock.to_ns());
            let taken = records.get(..length / RECORD_BYTES);
            for bytes in taken.unwrap_or_default() {
                if let Some(edge) = self.decode(*bytes, clock)
                    && let Some(place) = places.next()
                {
                    *place = edge;
                }
            }
        }
        Ok(most - places.len())
    }

    /// Makes an edge of a record; the loss in a gap record is kept for the next edge.
    #[inline]
    fn decode(&mut self, bytes: [u8; RECORD_BYTES], (end, to_ns): (u64, Ratio)) -> Option<Edge> {
        match Record::of(bytes) {
            Record::Edge {
                cycles,
                line,
                level,
                sequence,
            } => Some(Edge {
                timestamp_ns: to_ns.scale(self.time(line, cycles, end)),
                lost_before: core::mem::take(&mut self.lost_before),
                levels_before: core::mem::take(&mut self.levels_before),
                line,
                level,
                sequence,
            }),
            Record::Gap { lost, levels } => {
                self.lost_before = self.lost_before.saturating_add(lost);
                self.levels_before = levels;
                None
            }
        }
    }

    /// The time of an edge, in cycles. A counter may step back a little, but time does not. A debounced edge has the
    /// time of its first interrupt, which was before edges that were stored meanwhile.
    fn time(&mut self, line: u8, cycles: u64, end: u64) -> u64 {
        let time = record::extend_cycles(cycles, end);
        if self.debounced.checked_shr(line.into()).unwrap_or(0) & 1 == 1 {
            return time;
        }
        self.latest = self.latest.max(time);
        self.latest
    }
}
