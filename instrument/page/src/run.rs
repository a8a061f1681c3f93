//! How a capture ran: its buffer, the wakes of its reader, and its ledger.

use serde::Serialize;

use crate::varint;

/// The room of the buffer, in records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Room {
    /// So many pending records wake the reader.
    pub ready: u32,
    /// So many make the buffer full.
    pub capacity: u32,
    /// Room behind the capacity, for records that arrive until the reader runs.
    pub headroom: u32,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What is counted, in a word or two.
    pub name: String,
    /// How many.
    pub count: u64,
    /// What the word means, in a few more.
    pub meaning: &'static str,
}

/// How a capture ran.
#[derive(Debug, Clone)]
pub struct Run {
    pub(crate) room: Room,
    pub(crate) ledger: Vec<Entry>,
    /// The reasons of wakes, as they first came.
    pub(crate) reasons: Vec<&'static str>,
    pub(crate) reads: u64,
    /// Of each read: the time since the one before, the number of records, and the index of the reason, as varints.
    pub(crate) bytes: Vec<u8>,
    last: u64,
}

impl Run {
    /// A run that begins.
    pub fn new(room: Room) -> Self {
        Self {
            room,
            ledger: Vec::new(),
            reasons: Vec::new(),
            reads: 0,
            bytes: Vec::new(),
            last: 0,
        }
    }

    /// The reader woke for `reason`, and at `time` had read all pending records: `records` of them.
    pub fn read(&mut self, time: u64, records: u64, reason: &'static str) {
        let known = self.reasons.iter().position(|known| *known == reason);
        let reason = known.unwrap_or_else(|| {
            self.reasons.push(reason);
            self.reasons.len() - 1
        });
        let time = time.max(self.last);
        varint::push(&mut self.bytes, time - self.last);
        varint::push(&mut self.bytes, records);
        varint::push(&mut self.bytes, reason as u64);
        self.last = time;
        self.reads += 1;
    }

    /// Sets the ledger at the end of the capture.
    pub fn set_ledger(&mut self, ledger: Vec<Entry>) {
        self.ledger = ledger;
    }
}
