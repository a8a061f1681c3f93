//! Reading edges.

use zephyr::time::{Forever, Timeout};

use super::Decoder;
use crate::sys::clock::Ratio;
use crate::{Bytes, Edge, Error, RECORD_BYTES, Reader, WeakReader};

/// Records that are decoded at once. Each takes eight bytes of the thread's stack.
const AT_ONCE: usize = 32;

impl Reader<Edge> {
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
    /// Returns how many edges it put into `edges`; 0 means end of file, or an empty slice. The edge after a hole has
    /// it as its [`gap`](Edge::gap); a loss after the last edge is in the ledger.
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
        self.read_edges_timeout(edges, Forever)
    }

    /// As [`read_edges`](Self::read_edges), for as long as `timeout` lasts. A `Duration` of zero is written `NoWait`: see
    /// [`wait_ready`](Self::wait_ready).
    ///
    /// # Errors
    ///
    /// [`Error::TIMED_OUT`] when the time passed first.
    pub fn read_edges_timeout(
        &mut self,
        edges: &mut [Edge],
        timeout: impl Into<Timeout>,
    ) -> Result<usize, Error> {
        let Self {
            capture, decoder, ..
        } = self;
        let timeout = timeout.into();
        capture.fill_timeout(edges.len(), timeout, |index, record, clock| {
            let place = edges.get_mut(index);
            place.is_some_and(|edge| decoder.decode_into(edge, record, clock))
        })
    }

    /// Reads pending edges without waiting; otherwise as [`read_edges`](Self::read_edges).
    ///
    /// # Errors
    ///
    /// [`Error::WOULD_BLOCK`] when no edge is pending.
    pub fn try_read_edges(&mut self, edges: &mut [Edge]) -> Result<usize, Error> {
        let Self {
            capture, decoder, ..
        } = self;
        capture.try_fill(edges.len(), |index, record, clock| {
            let place = edges.get_mut(index);
            place.is_some_and(|edge| decoder.decode_into(edge, record, clock))
        })
    }

    /// The level of each line before the first edge that [`read_edges`](Self::read_edges) has not returned, line 0 in
    /// bit 0; as of the last hole that it has read.
    pub const fn levels(&self) -> u32 {
        self.decoder.levels()
    }

    /// The capture begins with these levels.
    pub(crate) const fn begin(&mut self, levels: u32) {
        self.decoder.begin(levels);
    }

    /// A decoder for records that are read as bytes, as if `read_edges` had returned none yet. To be called before any
    /// record is read.
    pub fn decoder(&self) -> Decoder {
        self.decoder.clone()
    }
}

impl WeakReader {
    /// As [`Reader::read_edges_timeout`], for C, of at most `most` edges: `decode` puts the edge of a record into the place
    /// with this index, or says that the record is none.
    #[doc(hidden)]
    pub fn read_decoded(
        self,
        most: usize,
        timeout: Timeout,
        mut decode: impl FnMut(usize, [u8; RECORD_BYTES]) -> bool,
    ) -> Result<usize, Error> {
        self.fill_timeout(most, timeout, |index, record, _clock| decode(index, record))
    }

    fn fill_timeout(
        self,
        most: usize,
        timeout: Timeout,
        mut decode: impl FnMut(usize, [u8; RECORD_BYTES], (u64, Ratio)) -> bool,
    ) -> Result<usize, Error> {
        self.until_read(timeout, || self.try_fill(most, &mut decode))
    }

    /// Reads pending records until there are `most` edges or none is pending. `decode` puts an edge into the place with this
    /// index, or says that the record is none. It also gets what [`clock_end`](Self::clock_end) returned after the record was
    /// read.
    fn try_fill(
        self,
        most: usize,
        mut decode: impl FnMut(usize, [u8; RECORD_BYTES], (u64, Ratio)) -> bool,
    ) -> Result<usize, Error> {
        let mut records = [[0; RECORD_BYTES]; AT_ONCE];
        let mut count = 0;
        // Only the first read may find end of file, because the call returns either that or edges.
        while count < most && (count == 0 || self.has_unread()) {
            let room = AT_ONCE.min(most - count);
            let length = match self.try_read(records[..room].as_flattened_mut()) {
                Err(_) if count > 0 => break,
                result => result?,
            };
            if length == 0 {
                break;
            }
            let clock = self.clock_end()?;
            let taken = records.get(..length / RECORD_BYTES);
            for record in taken.unwrap_or_default() {
                count += usize::from(decode(count, *record, clock));
            }
        }
        Ok(count)
    }
}

impl Reader<Bytes> {
    /// As [`Decoder::decode`], with the reader's own decoder, for C; the reader was made by
    /// [`into_bytes`](Reader::into_bytes).
    #[doc(hidden)]
    pub fn decode(&mut self, record: [u8; RECORD_BYTES]) -> Result<Option<Edge>, Error> {
        self.decoder.decode(record)
    }

    /// As [`Reader::levels`], for C, of the records that [`decode`](Self::decode) got.
    #[doc(hidden)]
    pub const fn decoded_levels(&self) -> u32 {
        self.decoder.levels()
    }
}
