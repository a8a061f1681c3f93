//! The flush deadline: how long the oldest unread record may wait.

use crate::sys::clock;

#[derive(Clone, Copy)]
pub(super) struct Deadline {
    /// How long a record may wait, in ticks; 0 for as long as it takes.
    after: u64,
    /// When the oldest record's time will be over, in ticks of uptime.
    due: Option<u64>,
    /// Its time is over.
    passed: bool,
}

impl Deadline {
    pub(super) const fn new(after_ticks: u64) -> Self {
        Self {
            after: after_ticks,
            due: None,
            passed: false,
        }
    }

    pub(super) const fn is_off(&self) -> bool {
        self.after == 0
    }

    pub(super) const fn passed(&self) -> bool {
        self.passed
    }

    /// When to look again, in ticks of uptime.
    pub(super) const fn due(&self) -> Option<u64> {
        self.due
    }

    /// Nothing is pending any more.
    pub(super) const fn clear(&mut self) {
        *self = Self::new(self.after);
    }

    /// The oldest record has been there for `age` cycles.
    pub(super) fn set(&mut self, age: u64) {
        let begin = clock::uptime_ticks().saturating_sub(clock::ticks_of_cycles(age));
        self.due = Some(begin.saturating_add(self.after));
        self.passed = false;
        self.look();
    }

    /// The oldest record's time is over at once.
    pub(super) const fn pass(&mut self) {
        self.due = None;
        self.passed = true;
    }

    /// Looks at the uptime.
    pub(super) fn look(&mut self) {
        if self.due.is_some_and(|due| clock::uptime_ticks() >= due) {
            self.pass();
        }
    }
}
