//! What the interrupt handler and the readers share, and the one predicate, [`State::ready`].

use super::{BLOCK, Raise};
use crate::{
    Ledger, Lost, Missed, RECORD_BYTES, Wake,
    record::{self, Record},
    sys::{clock, pipe::Pipe},
};

/// No count of pending records reaches this.
const NEVER: u32 = u32::MAX;

pub(super) struct State {
    /// Capture, reader and file descriptors that exist. Set by `open`, counted down as they are
    /// dropped and closed.
    pub(super) handles: u8,
    /// Edges are captured: from the end of `open` on.
    pub(super) armed: bool,
    /// The capture has ended.
    pub(super) closed: bool,
    /// The `ready` flag is up, or about to be raised by whoever set this.
    pub(super) signalled: bool,

    /// Records that fit, 1 or more; the size of the pipe.
    pub(super) capacity: u32,
    /// Pending records that make the channel ready, 1 to `capacity`.
    threshold: u32,
    /// The fewest records that a blocked reader needs, or `NEVER`.
    need: u32,
    /// Pending records at which somebody is to be woken: all that the interrupt handler tests.
    pub(super) wake_at: u32,
    /// Threads asleep on each semaphore.
    pub(super) waiters: [u32; 2],

    /// Records stored and unread, in the pipe or staged; at most `capacity`.
    pub(super) pending: u32,
    /// Of these, gap records.
    gaps: u32,
    /// Records not written to the pipe yet, the newest last.
    pub(super) stage: [u64; BLOCK],
    /// How many of `stage` are in use.
    pub(super) staged: usize,

    /// Level of each line after its last edge, line 0 in bit 0.
    pub(super) levels: u32,
    /// Lines of which both edges interrupt, so that a repeated level tells of a missed edge.
    pub(super) both: u32,
    pub(super) clock: Clock,

    pub(super) captured: u64,
    delivered: u64,
    pub(super) lost: Lost,
    pub(super) missed: Missed,
    /// Lost since the last gap record.
    pub(super) unreported: u64,
    high_water: u32,
    wakes: u64,
    spurious_wakes: u64,
}

/// The cycle counter, made longer by counting its wraps.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    last: u32,
    wraps: u32,
}

impl Clock {
    /// The time now, in cycles. To be called at least once in half a wrap.
    #[inline]
    pub(super) fn read(&mut self) -> u64 {
        let cycles = clock::cycles();
        self.wraps = self.wraps.wrapping_add(u32::from(cycles < self.last));
        self.last = cycles;
        u64::from(self.wraps) << 32 | u64::from(cycles)
    }

    /// Starts from the wraps that the uptime tells of.
    fn started() -> Self {
        let last = clock::cycles();
        let ticks = clock::uptime_ticks();
        let seconds = ticks / u64::from(clock::TICKS_PER_SECOND);
        let rest = ticks % u64::from(clock::TICKS_PER_SECOND);
        let hertz = u64::from(clock::CYCLES_PER_SECOND);
        let uptime = seconds * hertz + rest * hertz / u64::from(clock::TICKS_PER_SECOND);
        // Half a wrap of tolerance, because the two clocks are not read at the same instant.
        let wraps = (uptime + (1 << 31)).saturating_sub(u64::from(last)) >> 32;
        Self {
            last,
            wraps: wraps as u32,
        }
    }
}

impl State {
    /// A channel that nobody uses.
    pub(super) const fn new() -> Self {
        Self {
            handles: 0,
            armed: false,
            closed: false,
            signalled: false,
            capacity: 0,
            threshold: 0,
            need: NEVER,
            wake_at: NEVER,
            waiters: [0; 2],
            pending: 0,
            gaps: 0,
            stage: [0; BLOCK],
            staged: 0,
            levels: 0,
            both: 0,
            clock: Clock { last: 0, wraps: 0 },
            captured: 0,
            delivered: 0,
            lost: Lost {
                full: 0,
                closed: 0,
                unreadable: 0,
            },
            missed: Missed {
                rising: 0,
                falling: 0,
            },
            unreported: 0,
            high_water: 0,
            wakes: 0,
            spurious_wakes: 0,
        }
    }

    /// A channel just opened.
    pub(super) fn opened(capacity: u32, threshold: u32) -> Self {
        Self {
            handles: 2,
            capacity,
            threshold,
            wake_at: threshold,
            clock: Clock::started(),
            ..Self::new()
        }
    }

    /// The one predicate: why the channel is ready, if it is.
    pub(super) fn ready(&self) -> Option<Wake> {
        if self.unreported > 0 {
            Some(Wake::Overflow)
        } else if self.pending >= self.capacity {
            Some(Wake::Full)
        } else if self.pending >= self.threshold {
            Some(Wake::Threshold)
        } else if self.closed {
            Some(Wake::Closed)
        } else {
            None
        }
    }

    /// Whether a reader that needs `records` may go on; if not, it will be woken when it may.
    pub(super) fn has(&mut self, records: u32) -> Option<()> {
        if self.pending >= records || self.closed {
            return Some(());
        }
        self.need = self.need.min(records);
        self.wake_at = self.wake_at.min(records);
        None
    }

    /// As [`has`](Self::has), but whoever may go on by [`ready`](Self::ready) need not have all
    /// records: what polls report as input can be read without blocking.
    #[cfg(feature = "fd")]
    pub(super) fn has_or_ready(&mut self, records: u32) -> bool {
        let enough = if self.ready().is_some() {
            1
        } else {
            self.threshold
        };
        self.has(records.min(enough)).is_some()
    }

    /// Brings the flags in line with the state: to be called after every change that may make a
    /// condition true or false.
    pub(super) fn update(&mut self) -> Raise {
        let ready = self.ready().is_some();
        if ready && self.need != NEVER {
            // Whatever made it ready, what there is can be read.
            self.need = 1;
        }
        let data = self.need != NEVER && (self.pending >= self.need || self.closed);
        let raise = Raise {
            ready: ready && !self.signalled,
            data,
        };
        self.signalled = ready;
        if data {
            // Whoever is woken asks again if this was not enough.
            self.need = NEVER;
        }
        let threshold = if ready { NEVER } else { self.threshold };
        self.wake_at = threshold.min(self.need);
        raise
    }

    /// Writes what is staged to the pipe.
    pub(super) fn flush(&mut self, pipe: &Pipe) {
        let staged = &self.stage[..self.staged];
        let written = pipe.write(staged);
        // The pipe has room for `capacity` records and holds those pending that are not staged.
        debug_assert_eq!(
            written,
            staged.len(),
            "the pipe has room for all that is pending"
        );
        self.staged = 0;
    }

    /// Moves the oldest pending records to `out` and says how many.
    pub(super) fn take(&mut self, pipe: &Pipe, out: &mut [[u8; RECORD_BYTES]]) -> usize {
        self.high_water = self.high_water.max(self.pending);
        if self.staged > 0 {
            self.flush(pipe);
        }
        let count = pipe.read(out);
        self.pending -= count as u32;
        let gaps = if self.gaps == 0 {
            0
        } else {
            count_gaps(&out[..count])
        };
        self.gaps -= gaps;
        self.delivered += count as u64 - u64::from(gaps);
        if count > 0 && self.unreported > 0 {
            self.report_gap();
        }
        count
    }

    /// Marks the place of the edges lost: behind all that were stored before them, ahead of all to
    /// come. Only a full buffer loses, and only `take` makes room, so there is no other place.
    fn report_gap(&mut self) {
        self.stage[self.staged] = record::encode_gap(self.unreported, self.levels);
        self.staged += 1;
        self.pending += 1;
        self.gaps += 1;
        self.unreported = 0;
    }

    pub(super) fn count_wake(&mut self, found: bool) {
        if found {
            self.wakes += 1;
        } else {
            self.spurious_wakes += 1;
        }
    }

    pub(super) fn ledger(&self) -> Ledger {
        Ledger {
            captured: self.captured,
            delivered: self.delivered,
            pending: u64::from(self.pending - self.gaps),
            lost: self.lost,
            missed: self.missed,
            high_water: self.high_water.max(self.pending),
            wakes: self.wakes,
            spurious_wakes: self.spurious_wakes,
        }
    }
}

fn count_gaps(records: &[[u8; RECORD_BYTES]]) -> u32 {
    let is_gap =
        |bytes: &&[u8; RECORD_BYTES]| matches!(Record::decode(**bytes), Ok(Record::Gap { .. }));
    records.iter().filter(is_gap).count() as u32
}
