//! The count of every edge, by what happened to it; and why a waiter woke.

/// Why [`Reader::wait_ready`](crate::Reader::wait_ready) returned: of several reasons, the first in this list.
// As large as an `Error`, so that a result of the two is returned in registers.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wake {
    /// Edges were lost since the last read, other than those that gave way to newer ones; the ledger and the next gap
    /// record say how many.
    // Not 0, so that 0 means no reason: then a device that is not open is all zero, and takes no flash.
    Overflow = 1,
    /// The buffer is full: up to its headroom, or to its end if the readiness is not `Full`.
    Full,
    /// As many records are pending as [`Readiness`](crate::Readiness) asks for.
    Threshold,
    /// The oldest pending record has waited for as long as
    /// [`Config::flush_after`](crate::Config::flush_after) says, and the capture is not closed.
    Deadline,
    /// No edge came for as long as [`Config::idle_after`](crate::Config::idle_after) says, and the capture is not closed.
    Idle,
    /// The capture was closed. Pending records can still be read; after them, reads return end of file.
    Closed,
}

/// Edges that were captured but neither read nor pending, by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lost {
    /// The buffer was full; or samples came after a second hole, before a read had passed the first
    /// ([`Reader::gap`](crate::Reader::gap)).
    pub full: u64,
    /// The buffer had been full, and was not yet read empty ([`Overflow::Freeze`](crate::Overflow::Freeze)).
    pub frozen: u64,
    /// The capture was being closed.
    pub closed: u64,
    /// The GPIO controller reported an error when asked for the level.
    pub unreadable: u64,
    /// They were stored, and gave way to newer ones because the buffer was full
    /// ([`Overflow::DropOldest`](crate::Overflow::DropOldest)).
    pub oldest: u64,
}

impl Lost {
    /// All causes together.
    pub const fn total(&self) -> u64 {
        self.full + self.frozen + self.closed + self.unreadable + self.oldest
    }
}

/// Edges that the hardware did not report, by polarity: the level repeats where one is missing.
///
/// They are not part of `captured`, because nothing is known of them except that they happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Missed {
    /// Rising edges missed: two falling ones came in a row.
    pub rising: u64,
    /// Falling edges missed: two rising ones came in a row.
    pub falling: u64,
}

/// The counts of one capture's edges. At every instant, `captured == delivered + pending + lost.total()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ledger {
    /// Edges for which the interrupt handler was called.
    pub captured: u64,
    /// Edges handed to a reader, or to the pipe.
    pub delivered: u64,
    /// Edges stored and not read yet.
    pub pending: u64,
    /// Edges that could not be stored, or gave way.
    pub lost: Lost,
    /// Edges that the hardware merged or missed.
    pub missed: Missed,
    /// Interrupts that debouncing suppressed; they are not part of `captured` either.
    pub bounces: u64,
    /// The most records ever pending at once, gap records included.
    pub high_water: u32,
    /// Times a waiter slept and was woken to find its condition true.
    pub wakes: u64,
    /// Times a waiter was woken to find its condition false, and slept again.
    pub spurious_wakes: u64,
}

impl Ledger {
    /// Whether the ledger balances; it always does.
    pub const fn balances(&self) -> bool {
        self.captured == self.delivered + self.pending + self.lost.total()
    }
}

/// The channel's own counts, from which the ledger is made.
///
/// In this order, because Thumb's short instructions reach the first fields only.
#[repr(C)]
pub(crate) struct Counters {
    /// What the next gap record has to say: 0 for nothing, else the edges lost since the last one, saturating, and
    /// [`HOLE`].
    pub(crate) unreported: u32,
    /// The most bytes that were pending before a take.
    pub(crate) high_water: usize,
    pub(crate) delivered: u64,
    /// Gap records that were ever stored.
    pub(crate) gaps: u64,
    pub(crate) lost: Lost,
    pub(crate) missed: Missed,
    pub(crate) bounces: u64,
    pub(crate) wakes: u64,
    pub(crate) spurious_wakes: u64,
}

/// Set in [`Counters::unreported`] when there was a hole in which it is not known how many edges were lost.
const HOLE: u32 = 1 << 31;

impl Counters {
    /// Notes an edge for the next gap record.
    pub(crate) const fn lose_unreported(&mut self) {
        if self.unreported & !HOLE != !HOLE {
            self.unreported += 1;
        }
    }

    /// Notes a hole for the next gap record.
    pub(crate) const fn note_hole(&mut self) {
        self.unreported |= HOLE;
    }

    /// Edges that were lost since the last gap record, saturating.
    #[inline]
    pub(crate) const fn unreported_loss(&self) -> u32 {
        self.unreported & !HOLE
    }

    /// How many edges the gap record says were lost; then there is nothing more to say.
    pub(crate) const fn report(&mut self) -> u32 {
        core::mem::replace(&mut self.unreported, 0) & !HOLE
    }

    pub(crate) const fn new() -> Self {
        Self {
            unreported: 0,
            high_water: 0,
            delivered: 0,
            gaps: 0,
            lost: Lost {
                full: 0,
                frozen: 0,
                closed: 0,
                unreadable: 0,
                oldest: 0,
            },
            missed: Missed {
                rising: 0,
                falling: 0,
            },
            bounces: 0,
            wakes: 0,
            spurious_wakes: 0,
        }
    }

    /// The ledger, if `stored` records were ever stored and `edges` edges are pending; `high_water` is in records.
    pub(crate) fn ledger(&self, stored: u64, edges: u32, high_water: u32) -> Ledger {
        Ledger {
            captured: stored - self.gaps + self.lost.total() - self.lost.oldest,
            delivered: self.delivered,
            pending: edges.into(),
            lost: self.lost,
            missed: self.missed,
            bounces: self.bounces,
            high_water,
            wakes: self.wakes,
            spurious_wakes: self.spurious_wakes,
        }
    }
}
