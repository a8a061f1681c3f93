//! Reads of the model.

use edgepipe::{
    Edge, Error, Gap, Level,
    record::{GAP_LOST_MAX, Record},
};

use super::{Entry, Item, Queue, TIME_MASK, Which, due_of};

impl Queue {
    /// Takes the oldest record.
    fn pop(&mut self, now: u64) -> Option<Entry> {
        // A gap record also counts edges that are lost right after it. A frozen capture counts them in a record of
        // their own, unless it was closed.
        if (!self.frozen || self.closed)
            && let Some(Entry::Gap { lost, levels }) = self.entries.back_mut()
            && self.unreported > 0
        {
            *lost += core::mem::take(&mut self.unreported);
            *levels = self.levels;
            // Lost edges count as newer.
            self.idle_due = due_of(now, self.idle_after);
        }
        let entry = self.entries.pop_front()?;
        if !matches!(entry, Entry::Gap { .. }) {
            self.ledger.delivered += 1;
        }
        if self.pending() == 0 {
            self.frozen = false;
        }
        // The gap record follows all records from before the loss, and precedes all later ones. After a close there are none.
        if !self.frozen || self.closed {
            self.report_gap(now);
        }
        self.flushed &= self.pending() > 0;
        // If it was idle, that ends with a read, unless the newest record has not changed.
        self.idle = false;
        if self.flush_after.is_some() {
            match self.entries.front() {
                Some(Entry::Edge { at, .. }) => self.due = due_of(*at, self.flush_after),
                // A gap is due at once.
                Some(Entry::Gap { .. }) => self.due = Some(now),
                // Plain bytes have no time: the deadline of the byte before it holds.
                Some(Entry::Byte(_) | Entry::Hole(_)) if self.pending() > 0 => {}
                _ => self.due = None,
            }
        }
        Some(entry)
    }

    /// Passes the hole, if a read of bytes begins there.
    fn begin_read(&mut self) {
        if self.which != Which::Bytes || self.pending() == 0 && !self.closed {
            return;
        }
        self.passed = None;
        if let Some(Entry::Hole(gap)) = self.entries.front() {
            self.passed = Some(*gap);
            self.entries.pop_front();
            if !self.frozen || self.closed {
                self.place_hole();
            }
        }
    }

    /// The result of a read that found nothing.
    fn nothing<T>(&mut self, end: T) -> Result<T, Error> {
        if self.closed {
            self.ended = true;
            Ok(end)
        } else {
            Err(Error::WOULD_BLOCK)
        }
    }

    /// Reads into a slice of `length` bytes.
    pub(in crate::channel) fn try_read(
        &mut self,
        now: u64,
        length: usize,
    ) -> Result<Vec<Item>, Error> {
        let records = length / self.record_bytes();
        if length == 0 {
            return Ok(Vec::new());
        }
        if records == 0 {
            return Err(Error::INVALID_INPUT);
        }
        self.begin_read();
        let mut items = Vec::new();
        while items.len() < records
            && !matches!(self.entries.front(), Some(Entry::Hole(_)))
            && let Some(entry) = self.pop(now)
        {
            items.push(self.item(entry));
        }
        if items.is_empty() {
            self.nothing(items)
        } else {
            Ok(items)
        }
    }

    fn item(&self, entry: Entry) -> Item {
        match entry {
            Entry::Byte(byte) => Item::Byte(byte),
            Entry::Hole(_) => unreachable!("a read ends at a hole"),
            Entry::Edge {
                at,
                line,
                high,
                sequence,
                levels: _,
            } => Item::Record(Record::Edge {
                cycles: self.origin.wrapping_add(at) & TIME_MASK,
                line,
                level: high.into(),
                sequence,
            }),
            Entry::Gap { lost, levels } => Item::Record(Record::Gap {
                lost: lost.min(GAP_LOST_MAX.into()) as u32,
                levels,
            }),
        }
    }

    /// The items in bytes that the library has read, which must be whole records.
    pub(in crate::channel) fn items(&self, bytes: &[u8]) -> Vec<Item> {
        if self.which == Which::Bytes {
            return bytes.iter().copied().map(Item::Byte).collect();
        }
        let (records, rest) = bytes.as_chunks();
        assert!(rest.is_empty(), "{} bytes", bytes.len());
        let decode = |bytes: &[u8; 8]| Record::decode(*bytes).expect("a record");
        records.iter().map(decode).map(Item::Record).collect()
    }

    /// Reads into a slice of `length` edges.
    pub(in crate::channel) fn try_read_edges(
        &mut self,
        now: u64,
        length: usize,
    ) -> Result<Vec<Edge>, Error> {
        let mut edges = Vec::new();
        while edges.len() < length {
            match self.pop(now) {
                Some(Entry::Edge {
                    at,
                    line,
                    high,
                    sequence,
                    levels: _,
                }) => {
                    self.read_levels = self.read_levels & !(1 << line) | u32::from(high) << line;
                    edges.push(Edge {
                        timestamp_ns: self.time_ns(at),
                        gap: self.gap.take(),
                        line,
                        level: Level::from(high),
                        sequence,
                    });
                }
                Some(Entry::Gap { lost, levels }) => {
                    let lost = self.gap.map_or(0, |gap| gap.lost) + lost as u32;
                    self.gap = Some(Gap { lost, levels });
                    self.read_levels = levels;
                }
                Some(Entry::Byte(_) | Entry::Hole(_)) => {
                    unreachable!("edges are not read from a queue of bytes")
                }
                None => break,
            }
        }
        if edges.is_empty() && length > 0 {
            self.nothing(edges)
        } else {
            Ok(edges)
        }
    }
}
