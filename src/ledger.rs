//! What became of every edge, and why a waiter woke.

/// Why [`Reader::wait_ready`](crate::Reader::wait_ready) returned.
///
/// When several reasons hold, the first in this list is given.
///
/// ```
/// use edgepipe::Wake;
///
/// fn is_news(wake: Wake) -> bool {
///     matches!(wake, Wake::Overflow | Wake::Closed)
/// }
/// assert!(!is_news(Wake::Full));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wake {
    /// Edges were lost since the last read; the ledger and the next gap record say how many.
    Overflow,
    /// There is no room for one more record.
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
///
/// ```
/// let lost = edgepipe::Lost { full: 3, closed: 1, ..Default::default() };
/// assert_eq!(lost.total(), 4);
/// ```
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
    /// Edges handed to a reader.
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
    ///
    /// ```
    /// assert!(edgepipe::Ledger::default().balances());
    /// ```
    pub const fn balances(&self) -> bool {
        self.captured == self.delivered + self.pending + self.lost.total()
    }
}
