//! The pending records: the oldest if it was looked at, then the pipe, then the stage.

use super::setup::Setup;
use crate::{
    RECORD_BYTES,
    record::{self, Record},
    sys::{
        pipe::{Pipe, Storage},
        stage::Stage,
    },
};

/// How many records a reader takes with the lock held, at most.
const BLOCK: usize = 64;
/// How many of the pipe, of which a copy costs more.
const PIPE_BLOCK: usize = 32;

/// In this order for the same reason as [`State`](super::state::State).
#[repr(C)]
pub(super) struct Records {
    /// Bytes of the records before the stage: in the pipe, and the oldest.
    ahead: usize,
    /// Of all that are pending, gap records.
    gaps: u32,
    /// The newest records. When it is full, they go to the pipe.
    pub(super) stage: Stage,
    /// The oldest record, taken from the pipe to look at its time.
    oldest: Option<[u8; RECORD_BYTES]>,
}

impl Records {
    pub(super) const fn none() -> Self {
        Self {
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
        let records = Self {
            stage: Stage::new(stage, setup.size),
            ..Self::none()
        };
        (records, rest)
    }

    /// Bytes of all records.
    #[inline]
    pub(super) fn pending(&self) -> usize {
        self.ahead + self.stage.length()
    }

    pub(super) fn pending_edges(&self) -> u32 {
        self.count_of(self.pending()) - self.gaps
    }

    /// How many records are so many bytes.
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
        self.stage.size()
    }

    /// Whether all are edges with their times: no plain bytes, no gap among them.
    pub(super) fn are_edges(&self) -> bool {
        self.gaps == 0 && self.size() == RECORD_BYTES
    }

    /// Moves all records to `out`, if they are a few in the stage and fit; returns how many bytes.
    #[inline]
    pub(super) fn drain(&mut self, out: &mut [u8]) -> Option<usize> {
        if self.ahead > 0 {
            return None;
        }
        self.stage.drain(out)
    }

    /// Stores a record; the caller saw that there is room.
    pub(super) fn push<T: Copy>(&mut self, record: T, pipe: &Pipe) {
        if self.stage.is_at_end() {
            self.flush(pipe);
        }
        let stored = self.stage.push(record);
        debug_assert!(stored, "the pipe has room, or the stage");
    }

    /// Marks that `lost` edges are missing here. Plain bytes have no place for such a mark.
    pub(super) fn push_gap(&mut self, lost: u32, levels: u32, pipe: &Pipe) {
        if self.size() == RECORD_BYTES {
            self.gaps += 1;
            self.push(record::encode_gap(lost, levels), pipe);
        }
    }

    /// Moves the oldest records to `out`, as many as fit and are in one place, one block at the most.
    ///
    /// Returns how many bytes, and how many of the records are edges.
    #[inline]
    pub(super) fn take(&mut self, out: &mut [u8], pipe: &Pipe) -> (usize, u32) {
        let room = out.len().min(BLOCK * self.size());
        let out = out.get_mut(..room).unwrap_or_default();
        let length = if self.ahead == 0 {
            self.stage.take(out)
        } else {
            self.take_ahead(out, pipe)
        };
        let mut edges = self.count_of(length);
        if self.gaps > 0 {
            edges -= self.take_gaps(out.get(..length).unwrap_or_default());
        }
        (length, edges)
    }

    /// Takes the gaps among the records taken off the books; returns how many.
    #[cold]
    #[inline(never)]
    fn take_gaps(&mut self, taken: &[u8]) -> u32 {
        let is_gap = |record: &&[u8; RECORD_BYTES]| record::is_gap(**record);
        let gaps = taken.as_chunks().0.iter().filter(is_gap).count() as u32;
        self.gaps -= gaps;
        gaps
    }

    /// The oldest record, if one is pending that is not a plain byte.
    pub(super) fn oldest(&mut self, pipe: &Pipe) -> Option<Record> {
        if self.size() != RECORD_BYTES {
            return None;
        }
        let record = if self.ahead == 0 {
            self.stage.oldest()?.to_ne_bytes()
        } else {
            *self.oldest.get_or_insert_with(|| {
                let mut record = [0; RECORD_BYTES];
                let length = pipe.read(&mut record);
                debug_assert_eq!(length, RECORD_BYTES, "what is ahead is in the pipe");
                record
            })
        };
        Some(Record::of(record))
    }

    /// Moves records from before the stage to `out`: the oldest if it is kept, else those of the pipe that
    /// fit; returns how many bytes.
    #[inline(never)]
    fn take_ahead(&mut self, out: &mut [u8], pipe: &Pipe) -> usize {
        let most = PIPE_BLOCK * self.size();
        let room = self.stage.whole(out.len()).min(most);
        let length = match (self.oldest, out.first_chunk_mut()) {
            (Some(oldest), Some(place)) => {
                *place = oldest;
                self.oldest = None;
                RECORD_BYTES
            }
            // Plain bytes are never kept.
            (Some(_), None) => 0,
            (None, _) => pipe.read(out.get_mut(..room).unwrap_or_default()),
        };
        self.ahead -= length;
        length
    }

    /// Writes what is staged, when the stage is full, to the pipe, as far as there is room, so that the stage has
    /// some.
    fn flush(&mut self, pipe: &Pipe) {
        // `k_pipe_write` writes a part when room is short; of whole records, for all its room is.
        let written = pipe.write(self.stage.bytes());
        self.ahead += written;
        self.stage.remove(written);
        self.stage.compact();
    }
}
