//! The pending records: the oldest if it was looked at, then the pipe, then the stage.

use super::state::Setup;
use crate::{
    RECORD_BYTES,
    record::{self, Record},
    sys::{
        pipe::{Pipe, Storage},
        stage::Stage,
    },
};

/// How many records a reader takes with the lock held, at most.
pub(crate) const BLOCK: usize = 32;

pub(super) struct Records {
    /// Size of a record, as a power of two: `RECORD_BYTES`, or 1 where records are plain bytes.
    shift: u8,
    /// Records before the stage: in the pipe, and the oldest.
    ahead: u32,
    /// Of all that are pending, gap records.
    gaps: u32,
    /// The oldest record, taken from the pipe or the stage to look at its time.
    oldest: Option<[u8; RECORD_BYTES]>,
    /// The newest records. When it is full, they go to the pipe.
    pub(super) stage: Stage,
}

impl Records {
    pub(super) const fn none() -> Self {
        Self {
            shift: 0,
            ahead: 0,
            gaps: 0,
            oldest: None,
            stage: Stage::none(),
        }
    }

    /// Room for records in `storage`: the first block in the stage; returns what is left for the
    /// pipe.
    pub(super) fn new(setup: &Setup, storage: Storage) -> (Self, Storage) {
        let (storage, _) = storage.split_at(setup.capacity as usize * setup.size);
        let (stage, rest) = storage.split_at(setup.block as usize * setup.size);
        let shift = setup.size.trailing_zeros() as u8;
        let records = Self {
            shift,
            stage: Stage::new(stage, shift),
            ..Self::none()
        };
        (records, rest)
    }

    #[inline]
    pub(super) fn pending(&self) -> u32 {
        self.ahead + self.stage.count()
    }

    pub(super) fn pending_edges(&self) -> u32 {
        self.pending() - self.gaps
    }

    pub(super) const fn size(&self) -> usize {
        1 << self.shift
    }

    /// Stores a record; the caller saw that there is room.
    pub(super) fn push<T: Copy>(&mut self, record: T, pipe: &Pipe) {
        if self.stage.is_at_end() {
            self.flush(pipe);
        }
        self.stage.allow(1);
        let stored = self.stage.try_push(record);
        debug_assert!(stored, "the pipe has room, or the stage");
    }

    /// Marks that `lost` edges are missing here. Plain bytes have no place for such a mark.
    pub(super) fn push_gap(&mut self, lost: u64, levels: u32, pipe: &Pipe) {
        if self.size() == RECORD_BYTES {
            self.gaps += 1;
            self.push(record::encode_gap(lost, levels), pipe);
        }
    }

    /// Moves the oldest records to `out`, as many as fit, one block at the most.
    ///
    /// Returns the number of records, and how many of them are edges.
    pub(super) fn take(&mut self, out: &mut [u8], pipe: &Pipe) -> (usize, usize) {
        let room = (out.len() >> self.shift).min(BLOCK);
        let out = out.get_mut(..room << self.shift).unwrap_or_default();
        let mut length = 0;
        if let Some(oldest) = self.oldest
            && room > 0
        {
            self.oldest = None;
            self.ahead -= 1;
            length = self.size();
            for (to, from) in out.iter_mut().zip(oldest).take(length) {
                *to = from;
            }
        }
        length += self.pop(out.get_mut(length..).unwrap_or_default(), pipe);
        let taken = length >> self.shift;
        let gaps = if self.gaps == 0 {
            0
        } else {
            out.get(..length)
                .unwrap_or_default()
                .as_chunks()
                .0
                .iter()
                .filter(|record| record::is_gap(**record))
                .count()
        };
        self.gaps -= gaps as u32;
        (taken, taken - gaps)
    }

    /// The oldest record, if one is pending. Records are not plain bytes.
    pub(super) fn oldest(&mut self, pipe: &Pipe) -> Option<Record> {
        if self.oldest.is_none() && self.pending() > 0 {
            let mut record = [0; RECORD_BYTES];
            let length = self.pop(&mut record, pipe);
            debug_assert_eq!(length, self.size(), "what is pending is somewhere");
            self.oldest = Some(record);
            self.ahead += 1;
        }
        self.oldest.map(Record::of)
    }

    /// Moves records from the pipe, then from the stage, until `out` is full or nothing is left;
    /// returns how many bytes.
    fn pop(&mut self, out: &mut [u8], pipe: &Pipe) -> usize {
        let mut length = 0;
        if self.ahead > 0 {
            length = pipe.read(out);
            self.ahead -= (length >> self.shift) as u32;
        }
        let rest = out.get_mut(length..).unwrap_or_default();
        let staged = self.stage.bytes();
        let count = rest.len().min(staged.len());
        rest[..count].copy_from_slice(&staged[..count]);
        self.stage.remove(count);
        length + count
    }

    /// Writes what is staged to the pipe, as far as there is room, so that the stage has some.
    fn flush(&mut self, pipe: &Pipe) {
        // `k_pipe_write` writes a part when room is short; of whole records, for all its room is.
        let written = pipe.write(self.stage.bytes());
        self.ahead += (written >> self.shift) as u32;
        self.stage.remove(written);
        self.stage.compact();
    }
}
