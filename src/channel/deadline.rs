//! The flush deadline: how long the oldest unread record may wait.

use crate::sys::clock;

#[derive(Clone, Copy)]
pub(super) struct Deadline {
    /// How long a record may wait, in ticks; 0 for as long as it takes.
    after: u64,
    /// When the oldest record's time is over, in ticks of uptime.
    due: u64,
    /// Its time is over.
    passed: bool,
}

impl Deadline {
    pub(super) const fn new(after_ticks: u64) -> Self {
        Self {
            after: after_ticks,
            due: 0,
            passed: false,
        }
    }

    pub(super) const fn is_off(&self) -> bool {
        self.after == 0
    }

    pub(super) const fn passed(&self) -> bool {
        self.passed
    }

    /// Nothing is pending any more.
    pub(super) const fn clear(&mut self) {
        self.passed = false;
    }

    /// The oldest record has been there for `age` cycles. Returns when to look again, in ticks of
    /// uptime, unless its time is over.
    pub(super) fn set(&mut self, age: u64) -> Option<u64> {
        let now = clock::uptime_ticks();
        self.due = (now + self.after).saturating_sub(clock::ticks_of_cycles(age));
        self.check(now);
        (!self.passed).then_some(self.due)
    }

    /// The oldest record's time is over at once.
    pub(super) const fn pass(&mut self) {
        self.passed = true;
    }

    /// The timer expired, perhaps one that was set for an earlier record.
    pub(super) fn expire(&mut self) {
        self.check(clock::uptime_ticks());
    }

    const fn check(&mut self, now: u64) {
        self.passed = now >= self.due;
    }
}
