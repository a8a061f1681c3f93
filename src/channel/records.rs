//! The pending records: a ring, and the marks of holes among them.

use crate::record::{self, Format, Kind, Record};
use crate::sys::ring::Ring;
use crate::{Gap, Overflow, RECORD_BYTES, config::Setup, sys::storage::Storage};

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
    /// How many marks there are: gap records among the edges, or holes among the samples. One more for samples, and if
    /// the oldest edges give way: then one comparison says that a take has more to do.
    marks: u32,
    format: Format,
    /// `marks` when there are none.
    no_marks: u8,
}

/// The time of a record.
pub(super) enum Time {
    /// The low bits, in cycles; of an edge of `line`, below 32.
    At { cycles: u64, line: u8 },
    /// A gap record has none.
    Gap,
}

impl Records {
    pub(super) const fn none() -> Self {
        Self {
            ring: Ring::none(),
            marks: 0,
            format: Format::NONE,
            no_marks: 0,
        }
    }

    /// No records, and a ring in `storage`.
    pub(super) fn new(setup: &Setup, storage: Storage) -> Self {
        let format = setup.format;
        let storage = storage.first(setup.capacity as usize * format.bytes());
        let is_watched = format.kind != Kind::Edges || setup.overflow == Overflow::DropOldest;
        Self {
            ring: Ring::new(storage, format.bytes()),
            marks: is_watched.into(),
            format,
            no_marks: is_watched.into(),
        }
    }

    /// Bytes of all pending records.
    #[inline]
    pub(super) fn pending(&self) -> usize {
        self.ring.len()
    }

    /// Pending edges, or samples.
    pub(super) fn pending_edges(&self) -> u32 {
        let records = self.count_of(self.pending());
        match self.has_gap_records() {
            true => records - (self.marks - u32::from(self.no_marks)),
            false => records,
        }
    }

    /// Records that were ever stored.
    pub(super) fn stored(&self) -> u64 {
        self.ring.stored() >> self.format.shift
    }

    /// How many records `length` bytes are.
    #[inline]
    pub(super) fn count_of(&self, length: usize) -> u32 {
        (length >> self.format.shift) as u32
    }

    /// Whether gap records mark the holes. Samples have none.
    #[inline]
    pub(super) fn has_gap_records(&self) -> bool {
        self.format.kind == Kind::Edges
    }

    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// Bytes in a record.
    #[inline]
    pub(super) fn size(&self) -> usize {
        self.ring.size()
    }

    /// Stores a record; the caller has checked that there is room.
    pub(super) fn push<T: Copy>(&mut self, record: T) {
        let stored = self.ring.push(record);
        debug_assert!(stored, "the caller saw that there is room");
    }

    /// Stores a gap record for `lost` edges.
    pub(super) fn push_gap(&mut self, lost: u32, levels: u32) {
        self.marks += 1;
        self.push(record::encode_gap(lost, levels));
    }

    /// Notes whether there is a hole among the samples.
    pub(super) fn set_hole(&mut self, is_there: bool) {
        self.marks = 1 + u32::from(is_there);
    }

    /// Adds `lost` edges to the newest record, if that is a gap record; returns whether it is. That takes no room.
    pub(super) fn extend_gap(&mut self, lost: u32, levels: u32) -> bool {
        if self.has_marks()
            && self.has_gap_records()
            && let Some(newest) = self.ring.newest()
            && let Record::Gap { lost: before, .. } = Record::of(newest.to_ne_bytes())
        {
            *newest = record::encode_gap(before.saturating_add(lost), levels);
            return true;
        }
        false
    }

    /// Whether there is a gap record, or a hole among the samples.
    #[inline]
    pub(super) fn has_marks(&self) -> bool {
        self.marks > u32::from(self.no_marks)
    }

    /// Whether a take has to look for a hole, or for levels.
    #[inline]
    pub(super) fn may_have_marks(&self) -> bool {
        self.marks > 0
    }

    /// Makes one gap record of the two oldest records, in the place of the second. The lines have `levels` before them.
    /// Returns how many edges that drops.
    pub(super) fn merge_oldest(&mut self, levels: u32) -> u32 {
        let before = self.pending_edges();
        let mut hole = Gap { lost: 0, levels };
        if let Some(&mut first) = self.ring.oldest() {
            hole = hole.with(Record::of(first.to_ne_bytes()));
            self.marks -= gap_in(first);
            self.ring.remove(RECORD_BYTES);
        }
        if let Some(second) = self.ring.oldest() {
            hole = hole.with(Record::of(second.to_ne_bytes()));
            self.marks = self.marks - gap_in(*second) + 1;
            *second = record::encode_gap(hole.lost, hole.levels);
        }
        before - self.pending_edges()
    }

    /// Gives the oldest records to `write`, at most `most` bytes in one piece; `write` returns how many bytes it took.
    /// Returns that number, and how many of these records are edges. If the oldest edges give way, `levels` become those
    /// after these records.
    #[inline]
    pub(super) fn hand_over(
        &mut self,
        most: usize,
        levels: &mut u32,
        write: impl FnOnce(&[u8]) -> usize,
    ) -> (usize, u32) {
        let piece = self.ring.peek(most);
        if piece.is_empty() {
            return (0, 0);
        }
        // The piece is whole records, and a pipe has room for whole records only.
        let length = self.ring.whole(write(piece));
        let mut edges = self.count_of(length);
        if self.marks > 0 && self.has_gap_records() {
            let taken = piece.get(..length).unwrap_or_default();
            if self.no_marks > 0 {
                *levels = levels_after(taken, *levels);
            }
            let gaps = count_gaps(taken);
            self.marks -= gaps;
            edges -= gaps;
        }
        self.ring.remove(length);
        (length, edges)
    }

    /// The time of the oldest record; `None` if there is none, or if records have no times.
    pub(super) fn oldest(&mut self) -> Option<Time> {
        match self.format.kind {
            Kind::Samples => None,
            kind => Some(time_of(kind, *self.ring.oldest()?)),
        }
    }

    /// As [`oldest`](Self::oldest), of the newest record.
    pub(super) fn newest(&mut self) -> Option<Time> {
        match self.format.kind {
            Kind::Samples => None,
            kind => Some(time_of(kind, *self.ring.newest()?)),
        }
    }
}

/// The time of a record, of which this is the first word.
#[inline(always)]
fn time_of(kind: Kind, word: u64) -> Time {
    // A sample has bits of its value where an edge has its line and its kind.
    match Record::of(word.to_ne_bytes()) {
        Record::Gap { .. } if kind == Kind::Edges => Time::Gap,
        Record::Edge { cycles, line, .. } if kind == Kind::Edges => Time::At { cycles, line },
        _ => Time::At {
            cycles: record::cycles(word),
            line: 0,
        },
    }
}

/// How many gap records this record is: one or none.
fn gap_in(record: u64) -> u32 {
    record::is_gap(record.to_ne_bytes()).into()
}

/// The levels after `records`, if the lines had `levels` before them.
#[cold]
#[inline(never)]
fn levels_after(records: &[u8], levels: u32) -> u32 {
    let pass = |hole: Gap, record: &[u8; RECORD_BYTES]| hole.with(Record::of(*record));
    let records = records.as_chunks().0.iter();
    records.fold(Gap { lost: 0, levels }, pass).levels
}

#[cold]
#[inline(never)]
fn count_gaps(records: &[u8]) -> u32 {
    let is_gap = |record: &&[u8; RECORD_BYTES]| record::is_gap(**record);
    records.as_chunks().0.iter().filter(is_gap).count() as u32
}
