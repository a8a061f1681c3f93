//! The pending records: the oldest if it was looked at, then the pipe, then the stage.

use crate::{
    RECORD_BYTES,
    record::{self, Record},
    sys::pipe::Pipe,
};

/// How many records are staged before they are written to the pipe in one call, and read from it
/// with the lock held.
pub(crate) const BLOCK: usize = 32;

/// Aligned so that a C library can copy it by words.
#[repr(align(8))]
struct Stage([[u8; RECORD_BYTES]; BLOCK]);

pub(super) struct Records {
    /// Size of a record: `RECORD_BYTES`, or 1 where records are plain bytes.
    size: usize,
    /// Records stored and unread. The pipe has room for as many as the channel lets this become.
    pending: u32,
    /// Of these, gap records.
    gaps: u32,
    /// The oldest record, taken from the pipe to look at its time.
    oldest: Option<[u8; RECORD_BYTES]>,
    /// The newest records, not yet in the pipe: the first `staged`.
    stage: Stage,
    staged: usize,
}

impl Records {
    pub(super) const fn new(size: usize) -> Self {
        let stage = Stage([[0; RECORD_BYTES]; BLOCK]);
        Self {
            size,
            pending: 0,
            gaps: 0,
            oldest: None,
            stage,
            staged: 0,
        }
    }

    #[inline]
    pub(super) const fn pending(&self) -> u32 {
        self.pending
    }

    pub(super) const fn pending_edges(&self) -> u32 {
        self.pending - self.gaps
    }

    pub(super) const fn size(&self) -> usize {
        self.size
    }

    /// Stores a record of eight bytes; the caller saw that there is room.
    #[inline]
    pub(super) fn push_word(&mut self, word: u64, pipe: &Pipe) {
        self.stage.0[self.staged] = word.to_le_bytes();
        self.staged_one(pipe);
    }

    /// Stores a record of one byte; the caller saw that there is room.
    #[inline]
    pub(super) fn push_byte(&mut self, byte: u8, pipe: &Pipe) {
        self.stage.0.as_flattened_mut()[self.staged] = byte;
        self.staged_one(pipe);
    }

    #[inline]
    fn staged_one(&mut self, pipe: &Pipe) {
        self.staged += 1;
        self.pending += 1;
        if self.staged == BLOCK {
            self.flush(pipe);
        }
    }

    /// Marks that `lost` edges are missing here. Plain bytes have no place for such a mark.
    pub(super) fn push_gap(&mut self, lost: u64, levels: u32, pipe: &Pipe) {
        if self.size == RECORD_BYTES {
            self.gaps += 1;
            self.push_word(record::encode_gap(lost, levels), pipe);
        }
    }

    /// Moves the oldest records to `out`, as many as fit, one block at the most.
    ///
    /// Returns the number of records, and how many of them are edges.
    pub(super) fn take(&mut self, out: &mut [u8], pipe: &Pipe) -> (usize, usize) {
        let room = (out.len() / self.size).min(BLOCK);
        if room == 0 {
            return (0, 0);
        }
        let out = &mut out[..room * self.size];
        let mut length = 0;
        if let Some(oldest) = self.oldest.take() {
            length = self.size;
            out[..length].copy_from_slice(&oldest[..length]);
        }
        self.flush(pipe);
        length += pipe.read(&mut out[length..]);
        let taken = length / self.size;
        let gaps = if self.gaps == 0 {
            0
        } else {
            out[..length]
                .as_chunks()
                .0
                .iter()
                .filter(|record| is_gap(record))
                .count()
        };
        self.pending -= taken as u32;
        self.gaps -= gaps as u32;
        (taken, taken - gaps)
    }

    /// The oldest record, if one is pending.
    pub(super) fn oldest(&mut self, pipe: &Pipe) -> Option<Record> {
        if self.oldest.is_none() && self.pending > 0 {
            self.flush(pipe);
            let mut record = [0; RECORD_BYTES];
            let length = pipe.read(&mut record[..self.size]);
            debug_assert_eq!(length, self.size, "what is pending is in the pipe");
            self.oldest = Some(record);
        }
        self.oldest.and_then(|record| Record::decode(record).ok())
    }

    /// Writes what is staged to the pipe.
    fn flush(&mut self, pipe: &Pipe) {
        if self.staged == 0 {
            return;
        }
        let staged = &self.stage.0.as_flattened()[..self.staged * self.size];
        let written = pipe.write(staged);
        // The pipe is as large as the channel's capacity, which `pending` never exceeds.
        debug_assert_eq!(
            written,
            staged.len(),
            "the pipe has room for all that is pending"
        );
        self.staged = 0;
    }
}

/// Whether a record of eight bytes is a gap. There are none where records are plain bytes.
fn is_gap(record: &[u8; RECORD_BYTES]) -> bool {
    matches!(Record::decode(*record), Ok(Record::Gap { .. }))
}
