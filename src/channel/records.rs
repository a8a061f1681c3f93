//! The pending records: a ring, and how many of them are gap records.

use crate::record::{self, Record};
use crate::sys::ring::Ring;
use crate::{RECORD_BYTES, config::Setup, sys::storage::Storage};

/// The most records that a reader takes while the lock is held.
pub(super) const BLOCK: usize = 48;
/// The same with a deadline, because restarting it is work too.
pub(super) const BLOCK_WITH_DEADLINE: usize = 12;
/// The same while a gap record is pending or will be stored.
pub(super) const BLOCK_WITH_GAPS: usize = 8;

/// In this order, because Thumb's short instructions reach the first fields only.
#[repr(C)]
pub(super) struct Records {
    pub(super) ring: Ring,
    /// How many of the pending records are gap records.
    gaps: u32,
}

impl Records {
    pub(super) const fn none() -> Self {
        let ring = Ring::none();
        Self { ring, gaps: 0 }
    }

    /// No records, and a ring in `storage`.
    pub(super) fn new(setup: &Setup, storage: Storage) -> Self {
        let storage = storage.first(setup.capacity as usize * setup.size);
        let ring = Ring::new(storage, setup.size);
        Self { ring, gaps: 0 }
    }

    /// Bytes of all pending records.
    #[inline]
    pub(super) fn pending(&self) -> usize {
        self.ring.len()
    }

    pub(super) fn pending_edges(&self) -> u32 {
        self.count_of(self.pending()) - self.gaps
    }

    /// Records that were ever stored.
    pub(super) fn stored(&self) -> u64 {
        match self.size() {
            RECORD_BYTES => self.ring.stored() / RECORD_BYTES as u64,
            _ => self.ring.stored(),
        }
    }

    /// How many records `length` bytes are.
    #[inline]
    pub(super) fn count_of(&self, length: usize) -> u32 {
        match self.size() {
            RECORD_BYTES => (length / RECORD_BYTES) as u32,
            _ => length as u32,
        }
    }

    /// Bytes in a record: `RECORD_BYTES`, or 1 where records are plain bytes.
    #[inline]
    pub(super) fn size(&self) -> usize {
        self.ring.size()
    }

    /// Stores a record; the caller has checked that there is room.
    pub(super) fn push<T: Copy>(&mut self, record: T) {
        let stored = self.ring.push(record);
        debug_assert!(stored, "the caller saw that there is room");
    }

    /// Stores a gap record for `lost` edges; returns how many records that took. Plain bytes have no gap records.
    pub(super) fn push_gap(&mut self, lost: u32, levels: u32) -> u32 {
        if self.size() != RECORD_BYTES {
            return 0;
        }
        self.gaps += 1;
        self.push(record::encode_gap(lost, levels));
        1
    }

    /// Adds `lost` edges to the newest record, if that is a gap record; returns whether it is. That takes no room.
    pub(super) fn extend_gap(&mut self, lost: u32, levels: u32) -> bool {
        if self.gaps > 0
            && let Some(newest) = self.ring.newest()
            && let Record::Gap { lost: before, .. } = Record::of(newest.to_ne_bytes())
        {
            *newest = record::encode_gap(before.saturating_add(lost), levels);
            return true;
        }
        false
    }

    #[inline]
    pub(super) fn has_gaps(&self) -> bool {
        self.gaps > 0
    }

    /// Gives the oldest records to `write`, at most `most` bytes in one piece; `write` returns how many bytes it took.
    /// Returns that number, and how many of these records are edges.
    #[inline]
    pub(super) fn hand_over(
        &mut self,
        most: usize,
        write: impl FnOnce(&[u8]) -> usize,
    ) -> (usize, u32) {
        let piece = self.ring.peek(most);
        if piece.is_empty() {
            return (0, 0);
        }
        // The piece is whole records, and a pipe has room for whole records only.
        let length = self.ring.whole(write(piece));
        let mut edges = self.count_of(length);
        if self.gaps > 0 {
            let gaps = count_gaps(piece.get(..length).unwrap_or_default());
            self.gaps -= gaps;
            edges -= gaps;
        }
        self.ring.remove(length);
        (length, edges)
    }

    /// The oldest record; `None` if there is none, or if records are plain bytes.
    pub(super) fn oldest(&self) -> Option<Record> {
        if self.size() != RECORD_BYTES {
            return None;
        }
        Some(Record::of(self.ring.oldest()?.to_ne_bytes()))
    }

    /// As [`oldest`](Self::oldest), the newest record.
    pub(super) fn newest(&mut self) -> Option<Record> {
        if self.size() != RECORD_BYTES {
            return None;
        }
        Some(Record::of(self.ring.newest()?.to_ne_bytes()))
    }
}

#[cold]
#[inline(never)]
fn count_gaps(records: &[u8]) -> u32 {
    let is_gap = |record: &&[u8; RECORD_BYTES]| record::is_gap(**record);
    records.as_chunks().0.iter().filter(is_gap).count() as u32
}
