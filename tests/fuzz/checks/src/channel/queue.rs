//! The model of a capture: a queue with a ledger.
//!
//! It is written from the documentation, without interrupts, rings or semaphores.

mod reads;

use std::collections::VecDeque;

use edgepipe::{
    Config, ConfigError, Error, Gap, HEADROOM_MAX, Ledger, Overflow, Readiness, Trigger, Wake,
    record::Record,
};

use super::{
    op::Which,
    wires::{STROBE, WIRES},
};

/// A record that is pending.
#[derive(Clone, Copy, Debug)]
enum Entry {
    Edge {
        at: u64,
        line: u8,
        high: bool,
        sequence: u8,
        /// The level of each line after it.
        levels: u32,
    },
    Gap {
        lost: u64,
        levels: u32,
    },
    Byte(u8),
    /// A hole among bytes. It takes no room, and there is one at most.
    Hole(Gap),
}

/// An item that a read of bytes returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Record(Record),
    Byte(u8),
}

/// Bits of a record's time.
const TIME_MASK: u64 = (1 << 47) - 1;

/// One use of a device, from `open` on.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    which: Which,
    /// Cycles on the records' clock when the uptime was 0; less than 0 if the counter began elsewhere.
    pub(super) origin: u64,
    capacity: u32,
    /// Records behind the mark at which it is full.
    headroom: u32,
    threshold: u32,
    /// The number of records at which it is full.
    full_at: u32,
    /// Ticks.
    flush_after: Option<u64>,
    idle_after: Option<u64>,
    overflow: Overflow,

    entries: VecDeque<Entry>,
    ledger: Ledger,
    /// Lost since the last gap record.
    unreported: u64,
    frozen: bool,
    closed: bool,
    /// A read has returned end of file.
    ended: bool,
    /// The deadline of the oldest record.
    due: Option<u64>,
    /// When it is idle, because no record came after the newest.
    idle_due: Option<u64>,
    /// It was idle, and nothing was read since.
    idle: bool,
    /// It was flushed, and something has been pending since.
    flushed: bool,
    /// The level of each line, line 0 in bit 0.
    levels: u32,
    /// The levels before the next edge that the reader returns.
    read_levels: u32,
    /// The hole before that edge.
    gap: Option<Gap>,
    /// The hole before the bytes that the last read returned.
    passed: Option<Gap>,
}

impl Queue {
    /// The queue that opens with `config`.
    pub(super) fn open(which: Which, config: Config) -> Result<Self, ConfigError> {
        let room = which.room();
        let capacity = config.capacity.unwrap_or(room);
        if capacity == 0 {
            return Err(ConfigError::CapacityZero);
        }
        if capacity > room {
            return Err(ConfigError::CapacityTooLarge { capacity, room });
        }
        let headroom = config.headroom.unwrap_or(HEADROOM_MAX.min(capacity / 4));
        if headroom >= capacity {
            return Err(ConfigError::HeadroomTooLarge { headroom, capacity });
        }
        let (threshold, full_at) = marks(config.ready, capacity, headroom)?;
        let flush_after = config.flush_after.map(|duration| duration.ticks());
        if flush_after == Some(0) {
            return Err(ConfigError::FlushAfterZero);
        }
        let idle_after = config.idle_after.map(|duration| duration.ticks());
        if idle_after == Some(0) {
            return Err(ConfigError::IdleAfterZero);
        }
        if config.overflow == Overflow::DropOldest {
            if which == Which::Bytes {
                return Err(ConfigError::DropOldestSamples);
            }
            if capacity == 1 {
                return Err(ConfigError::DropOldestCapacity);
            }
        }
        Ok(Self {
            which,
            origin: 0,
            capacity,
            headroom,
            threshold,
            full_at,
            flush_after,
            idle_after,
            overflow: config.overflow,
            entries: VecDeque::new(),
            ledger: Ledger::default(),
            unreported: 0,
            frozen: false,
            closed: false,
            ended: false,
            due: None,
            idle_due: None,
            idle: false,
            flushed: false,
            levels: 0,
            read_levels: 0,
            gap: None,
            passed: None,
        })
    }

    /// Sets the levels of the wires at the beginning of the capture.
    pub(super) fn begin(&mut self, highs: &[bool]) {
        for (wire, high) in WIRES.iter().zip(highs) {
            if wire.owner == self.which {
                self.levels |= u32::from(*high) << wire.line;
            }
        }
        self.read_levels = self.levels;
    }

    /// A captured wire interrupts, and is high or low.
    pub(super) fn interrupt(&mut self, now: u64, wire: usize, high: bool, data: u8) {
        let sequence = (self.ledger.captured + 1) as u8;
        if wire == STROBE {
            return self.capture(now, Entry::Byte(data));
        }
        let (line, trigger) = (WIRES[wire].line, WIRES[wire].trigger);
        let high = match trigger {
            Trigger::Both => high,
            // The line is captured for one edge only, so it was that one.
            Trigger::Rising => true,
            Trigger::Falling => false,
        };
        // A line that interrupts at one edge only has no missed edges.
        if trigger == Trigger::Both && self.level(line) == high {
            let missed = &mut self.ledger.missed;
            *(if high {
                &mut missed.falling
            } else {
                &mut missed.rising
            }) += 1;
        }
        self.levels = self.levels & !(1 << line) | u32::from(high) << line;
        self.capture(
            now,
            Entry::Edge {
                at: now,
                line,
                high,
                sequence,
                levels: self.levels,
            },
        );
    }

    fn capture(&mut self, now: u64, entry: Entry) {
        self.ledger.captured += 1;
        if self.makes_room() {
            self.push(now, entry);
        } else {
            self.lose();
        }
    }

    /// A captured wire interrupts, and its level cannot be read.
    pub(super) fn unreadable(&mut self, now: u64) {
        self.ledger.captured += 1;
        if self.makes_room() {
            self.ledger.lost.unreadable += 1;
            self.unreported += 1;
            self.report_gap(now);
        } else {
            self.lose();
        }
    }

    /// A hole that has no place yet must not get records behind it.
    fn has_room(&self) -> bool {
        !self.frozen && self.unreported == 0 && self.pending() < self.capacity
    }

    /// As [`has_room`](Self::has_room), after edges were dropped for it if the oldest give way.
    fn makes_room(&mut self) -> bool {
        if !self.has_room() && self.overflow == Overflow::DropOldest {
            let mut hole = Gap::default();
            for entry in self.entries.drain(..2) {
                match entry {
                    Entry::Edge { levels, .. } => {
                        self.ledger.lost.oldest += 1;
                        hole.lost += 1;
                        hole.levels = levels;
                    }
                    Entry::Gap { lost, levels } => {
                        hole.lost += lost as u32;
                        hole.levels = levels;
                    }
                    Entry::Byte(_) | Entry::Hole(_) => unreachable!("bytes do not give way"),
                }
            }
            self.entries.push_front(Entry::Gap {
                lost: hole.lost.into(),
                levels: hole.levels,
            });
        }
        self.has_room()
    }

    fn push(&mut self, now: u64, entry: Entry) {
        if self.pending() == 0 {
            self.due = due_of(now, self.flush_after);
        } else {
            self.idle |= self.is_idle(now);
        }
        self.idle_due = due_of(now, self.idle_after);
        self.entries.push_back(entry);
        self.ledger.high_water = self.ledger.high_water.max(self.pending());
    }

    fn is_idle(&self, now: u64) -> bool {
        let is_over = self.idle_due.is_some_and(|due| now >= due);
        self.pending() > 0 && (self.idle || is_over)
    }

    fn lose(&mut self) {
        let lost = &mut self.ledger.lost;
        *(if self.frozen {
            &mut lost.frozen
        } else {
            &mut lost.full
        }) += 1;
        self.unreported += 1;
        self.frozen = self.overflow == Overflow::Freeze;
    }

    /// Stores a gap record where edges are missing. Among bytes there is a hole, if it can have a place.
    fn report_gap(&mut self, now: u64) {
        if self.which == Which::Bytes {
            return self.place_hole();
        }
        let lost = core::mem::take(&mut self.unreported);
        if lost > 0 {
            self.push(
                now,
                Entry::Gap {
                    lost,
                    levels: self.levels,
                },
            );
        }
    }

    /// Gives the losses a place among the bytes, unless the reader has to pass a hole elsewhere first.
    fn place_hole(&mut self) {
        let (lost, levels) = (self.unreported as u32, self.levels);
        let has_hole = self.pending() as usize != self.entries.len();
        match self.entries.back_mut() {
            _ if lost == 0 => return,
            Some(Entry::Hole(gap)) => {
                gap.lost += lost;
                gap.levels = levels;
            }
            _ if has_hole => return,
            _ => self.entries.push_back(Entry::Hole(Gap { lost, levels })),
        }
        self.unreported = 0;
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
        // It stays ready from now on.
        (self.flush_after, self.due) = (None, None);
        (self.idle_after, self.idle_due, self.idle) = (None, None, false);
        self.flushed = false;
    }

    pub(super) fn flush(&mut self) {
        self.flushed |= self.pending() > 0 && !self.closed;
    }

    pub(super) fn set_readiness(&mut self, readiness: Readiness) -> Result<(), ConfigError> {
        (self.threshold, self.full_at) = marks(readiness, self.capacity, self.headroom)?;
        Ok(())
    }

    /// Why it is ready, if it is.
    pub(super) fn ready(&self, now: u64) -> Option<Wake> {
        let pending = self.pending();
        if self.unreported > 0 {
            Some(Wake::Overflow)
        } else if pending >= self.full_at {
            Some(Wake::Full)
        } else if pending >= self.threshold {
            Some(Wake::Threshold)
        } else if self.flushed || pending > 0 && self.due.is_some_and(|due| now >= due) {
            Some(Wake::Deadline)
        } else if self.is_idle(now) {
            Some(Wake::Idle)
        } else if self.closed {
            Some(Wake::Closed)
        } else {
            None
        }
    }

    /// What a wait for it to be ready returns, if it begins and ends now.
    pub(super) fn waited(&self, now: u64) -> Option<Result<Wake, Error>> {
        match self.ready(now)? {
            Wake::Closed if self.ended => Some(Err(Error::CLOSED)),
            wake => Some(Ok(wake)),
        }
    }

    /// When it becomes ready if nothing else happens; `None` for the end of time.
    pub(super) fn due(&self) -> Option<u64> {
        let due = self.due.into_iter().chain(self.idle_due).min();
        due.filter(|due| *due < u64::MAX && self.pending() > 0)
    }

    /// Whether a reader of `records` records need not wait.
    pub(super) fn has(&self, records: u32) -> bool {
        self.pending() >= records || self.closed
    }

    /// Whether a reader of `records` records through a descriptor need not wait.
    pub(super) fn has_for_fd(&self, now: u64, records: u32) -> bool {
        let enough = if self.ready(now).is_some() {
            1
        } else {
            self.threshold
        };
        self.has(records.min(enough))
    }

    pub(super) fn pending(&self) -> u32 {
        let is_record = |entry: &&Entry| !matches!(entry, Entry::Hole(_));
        self.entries.iter().filter(is_record).count() as u32
    }

    /// The data lines have these levels.
    pub(super) fn set_levels(&mut self, levels: u8) {
        self.levels = levels.into();
    }

    pub(super) fn passed(&self) -> Option<Gap> {
        self.passed
    }

    /// The time on the records' clock at an uptime: a cycle is a microsecond.
    pub(super) fn time_ns(&self, uptime: u64) -> u64 {
        self.origin.wrapping_add(uptime) * 1_000
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn level(&self, line: u8) -> bool {
        self.levels >> line & 1 == 1
    }

    pub(super) fn read_levels(&self) -> u32 {
        self.read_levels
    }

    pub(super) fn record_bytes(&self) -> usize {
        if self.which == Which::Bytes {
            1
        } else {
            edgepipe::RECORD_BYTES
        }
    }

    pub(super) fn ledger(&self) -> Ledger {
        let is_gap = |entry: &&Entry| matches!(entry, Entry::Gap { .. });
        let gaps = self.entries.iter().filter(is_gap).count();
        Ledger {
            pending: u64::from(self.pending()) - gaps as u64,
            ..self.ledger
        }
    }
}

/// When `after` has passed since a record arrived at `at`. The tick of its arrival does not count.
fn due_of(at: u64, after: Option<u64>) -> Option<u64> {
    Some(at.saturating_add(after?).saturating_add(1))
}

/// The numbers of records at which it is ready, and at which it is full.
fn marks(readiness: Readiness, capacity: u32, headroom: u32) -> Result<(u32, u32), ConfigError> {
    match readiness {
        Readiness::Any => Ok((1, capacity)),
        Readiness::Full => Ok((capacity - headroom, capacity - headroom)),
        Readiness::Records(0) => Err(ConfigError::ThresholdZero),
        Readiness::Records(threshold) if threshold > capacity => {
            Err(ConfigError::ThresholdAboveCapacity {
                threshold,
                capacity,
            })
        }
        Readiness::Records(threshold) => Ok((threshold, capacity)),
    }
}
