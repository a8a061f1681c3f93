//! Discarding what is pending.

use crate::record::Kind;
use crate::sys::clock::Ratio;
use crate::{Edge, Error, RECORD_BYTES, Reader, WeakReader};

/// Records of eight bytes that are discarded at once. They are on the thread's stack.
const AT_ONCE: usize = 32;

impl<T> Reader<T> {
    /// Discards what is pending now, as a read whose result is thrown away: it counts as
    /// [delivered](crate::Ledger::delivered). Returns how many edges, or samples, that were.
    ///
    /// What comes meanwhile stays pending. The next edge has the hole directly before it as its [`gap`](Edge::gap), if
    /// there is one; what was discarded is no hole. End of file is not read.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, EdgeDevice, Line};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// let old = reader.discard();
    /// println!("{old} edges from before the question");
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// Thread only, never blocks.
    pub fn discard(&mut self) -> usize {
        let Self {
            capture, decoder, ..
        } = self;
        let mut edge = Edge::default();
        let discarded =
            capture.discard_records(|record, clock| decoder.decode_into(&mut edge, record, clock));
        // It cannot fail, because the reader exists.
        discarded.unwrap_or_default()
    }
}

impl WeakReader {
    /// As [`Reader::discard`], for C: `decode` says of each record of edges whether it is an edge.
    #[doc(hidden)]
    pub fn discard_decoded(
        self,
        mut decode: impl FnMut([u8; RECORD_BYTES]) -> bool,
    ) -> Result<usize, Error> {
        self.discard_records(|record, _clock| decode(record))
    }

    /// Reads what is pending now, and returns how many edges or samples that was. `decode` says of each record of edges
    /// whether it is an edge. It also gets what [`clock_end`](Self::clock_end) returned after the record was read.
    fn discard_records(
        self,
        mut decode: impl FnMut([u8; RECORD_BYTES], (u64, Ratio)) -> bool,
    ) -> Result<usize, Error> {
        let format = self.format()?;
        let mut records = [[0; RECORD_BYTES]; AT_ONCE];
        // Not what comes meanwhile, so that it ends.
        let mut left = self.unread()?;
        let mut discarded = 0;
        while left > 0 {
            let most = left.min(size_of_val(&records));
            let bytes = records.as_flattened_mut();
            let length = match self.try_read(bytes.get_mut(..most).unwrap_or_default()) {
                // Another reader was faster.
                Ok(0) | Err(Error::WOULD_BLOCK) => break,
                length => length?,
            };
            left -= length.min(left);
            if format.kind != Kind::Edges {
                discarded += length / format.bytes();
                continue;
            }
            let clock = self.clock_end()?;
            let taken = records.get(..length / RECORD_BYTES).unwrap_or_default();
            discarded += taken
                .iter()
                .filter(|record| decode(**record, clock))
                .count();
        }
        Ok(discarded)
    }
}
