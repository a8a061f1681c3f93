//! What became of every edge, and why a waiter woke.

/// Why [`Reader::wait_ready`](crate::Reader::wait_ready) returned: of several reasons, the first in
/// this list.
// As large as an `Error`, so that a result of the two is returned in registers.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wake {
    /// Edges were lost since the last read; the ledger and the next gap record say how many.
    // Not 0, which is thereby left for no reason: a device that is not open is all zero, and so takes no
    // flash.
    Overflow = 1,
    /// The buffer is full: up to its headroom or, where a threshold says when it is ready, to the end.
    Full,
    /// As many records are pending as [`Readiness`](crate::Readiness) asks for.
    Threshold,
    /// The oldest pending record has waited for as long as
    /// [`Config::flush_after`](crate::Config::flush_after) says, and the capture is not closed.
    Deadline,
    /// The capture was closed. What is pending can still be read; then comes end of file.
    Closed,
}

/// Edges that were captured but not stored, by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lost {
    /// The buffer was full.
    pub full: u64,
    /// The buffer had been full, and [`Overflow::Freeze`](crate::Overflow::Freeze) waited for it to
    /// be read.
    pub frozen: u64,
    /// The capture was being closed.
    pub closed: u64,
    /// The GPIO controller reported an error when asked for the level.
    pub unreadable: u64,
}

impl Lost {
    /// All causes together.
    pub const fn total(&self) -> u64 {
        self.full + self.frozen + self.closed + self.unreadable
    }
}

/// Edges that the hardware did not report, known because the level repeats, by polarity.
///
/// They are not part of `captured`: nothing is known of them but that they happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Missed {
    /// Rising edges missed: two falling ones came in a row.
    pub rising: u64,
    /// Falling edges missed: two rising ones came in a row.
    pub falling: u64,
}

/// The books of one capture. At every instant,
/// `captured == delivered + pending + lost.total()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ledger {
    /// Edges for which the interrupt handler was called.
    pub captured: u64,
    /// Edges handed to a reader, or to the pipe.
    pub delivered: u64,
    /// Edges stored and not read yet.
    pub pending: u64,
    /// Edges that could not be stored.
    pub lost: Lost,
    /// Edges that the hardware merged or missed.
    pub missed: Missed,
    /// Interrupts that debouncing swallowed; they are not part of `captured` either.
    pub bounces: u64,
    /// The most records ever pending at once, gap records included.
    pub high_water: u32,
    /// Times a waiter slept and was woken to find its condition true.
    pub wakes: u64,
    /// Times a waiter was woken to find its condition false, and slept again.
    pub spurious_wakes: u64,
}

impl Ledger {
    /// Whether the books balance; they always do.
    pub const fn balances(&self) -> bool {
        self.captured == self.delivered + self.pending + self.lost.total()
    }
}

/// What became of every edge, as the channel counts it.
///
/// In this order, because Thumb's short instructions reach the first fields only.
#[repr(C)]
pub(crate) struct Counters {
    /// Lost since the last gap record, saturating.
    pub(crate) unreported: u32,
    /// In bytes, as of the last time that `pending` went down.
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

impl Counters {
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

    /// The ledger when so many records were ever stored, `edges` are pending, and at most `high_water`
    /// records were at once.
    pub(crate) fn ledger(&self, stored: u64, edges: u32, high_water: u32) -> Ledger {
        Ledger {
            captured: stored - self.gaps + self.lost.total(),
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
