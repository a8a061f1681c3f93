//! Reading edges: records taken apart, with holes and times put right.

use zephyr::time::Forever;

use crate::{
    Edge, Error, RECORD_BYTES, Reader,
    record::{self, Record},
    sys::clock::{self, Remaining},
};

/// Records that are decoded at once: as many as a thread's stack is asked for, eight bytes each.
const AT_ONCE: usize = 32;

impl Reader<Edge> {
    /// The same reader for the records as bytes, as C and file descriptors see them.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, EdgeDevice, Error, Line, Reader};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// let bytes: Reader<u8> = reader.into_bytes();
    /// assert_eq!(bytes.try_read(&mut [0; edgepipe::RECORD_BYTES]), Err(Error::WOULD_BLOCK));
    /// # });
    /// ```
    pub fn into_bytes(self) -> Reader<u8> {
        let bytes = Reader::new(self.channel);
        // The channel's handle is that of `bytes` now.
        core::mem::forget(self);
        bytes
    }

    /// Reads pending edges; blocks only while nothing is pending.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// # capture.close();
    /// let mut edges = [Edge::default(); 16];
    /// loop {
    ///     let count = reader.read_edges(&mut edges)?;
    ///     if count == 0 {
    ///         break;
    ///     }
    ///     for edge in &edges[..count] {
    ///         println!("line {} went {:?} at {} ns", edge.line, edge.level, edge.timestamp_ns);
    ///     }
    /// }
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// # zephyr::sim::run(|| {
    /// # });
    /// ```
    ///
    /// Returns how many edges it put into `edges`; 0 means end of file, or an empty slice. Where
    /// edges were lost, the next edge says how many; a loss after the last edge is in the ledger.
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
                Err(Error::WOULD_BLOCK) => {}
                result => return result,
            }
            self.channel.wait_pending(Remaining::start(Forever.into()));
        }
    }

    /// Reads pending edges without waiting; otherwise as [`read_edges`](Self::read_edges).
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// assert_eq!(reader.try_read_edges(&mut [Edge::default(); 4]), Err(Error::WOULD_BLOCK));
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// Thread only, never blocks.
    ///
    /// # Errors
    ///
    /// [`Error::WOULD_BLOCK`] when nothing is pending.
    pub fn try_read_edges(&mut self, edges: &mut [Edge]) -> Result<usize, Error> {
        let mut records = [[0; RECORD_BYTES]; AT_ONCE];
        let most = edges.len();
        let mut places = edges.iter_mut();
        while places.len() > 0 {
            let room = AT_ONCE.min(places.len());
            let length = match self.channel.take(records[..room].as_flattened_mut()) {
                Err(_) if places.len() < most => break,
                result => result?,
            };
            if length == 0 {
                break;
            }
            let end = self.channel.end();
            let taken = records.get(..length / RECORD_BYTES);
            for bytes in taken.unwrap_or_default() {
                if let Some(edge) = self.decode(*bytes, end)
                    && let Some(place) = places.next()
                {
                    *place = edge;
                }
            }
        }
        Ok(most - places.len())
    }

    /// Makes an edge of a record; a gap is kept for the next edge.
    #[inline]
    fn decode(&mut self, bytes: [u8; RECORD_BYTES], end: u64) -> Option<Edge> {
        match Record::of(bytes) {
            Record::Edge {
                cycles,
                line,
                level,
                sequence,
            } => {
                self.latest = self.latest.max(record::extend_cycles(cycles, end));
                Some(Edge {
                    timestamp_ns: clock::ns_of_cycles(self.latest),
                    lost_before: core::mem::take(&mut self.lost_before),
                    line,
                    level,
                    sequence,
                })
            }
            Record::Gap { lost, .. } => {
                self.lost_before = self.lost_before.saturating_add(lost);
                None
            }
        }
    }
}
