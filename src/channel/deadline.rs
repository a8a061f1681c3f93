//! The flush deadline: how long the oldest unread record may wait.

use crate::sys::clock;

#[derive(Clone, Copy)]
pub(super) struct Deadline {
    /// How long a record may wait, in ticks; 0 for as long as it takes.
    after: u64,
    /// When the oldest record's time will be over, in ticks of uptime; [`NEVER`] while there is
    /// none, and [`PASSED`] once it is.
    due: u64,
}

const NEVER: u64 = u64::MAX;
/// Before any record's: they may wait for a tick or more.
const PASSED: u64 = 0;

impl Deadline {
    /// That of a channel that nobody uses: all zero, as all of such a channel is, so that it and its
    /// buffer are in `.bss` and take no flash.
    pub(super) const fn unused() -> Self {
        Self { after: 0, due: 0 }
    }

    pub(super) const fn new(after_ticks: u64) -> Self {
        Self {
            after: after_ticks,
            due: NEVER,
        }
    }

    pub(super) const fn is_off(&self) -> bool {
        self.after == 0
    }

    pub(super) const fn passed(&self) -> bool {
        self.due == PASSED
    }

    /// When to look again, in ticks of uptime; `most` at the latest.
    pub(super) fn look_at(&self, most: u64) -> u64 {
        if self.passed() {
            most
        } else {
            most.min(self.due)
        }
    }

    /// Nothing is pending any more.
    pub(super) const fn clear(&mut self) {
        *self = Self::new(self.after);
    }

    /// The oldest record has been there for `age` cycles.
    pub(super) fn set(&mut self, age: u64) {
        let rest = self.after.saturating_sub(clock::ticks_of_cycles(age));
        self.due = match rest {
            0 => PASSED,
            _ => clock::uptime_ticks().saturating_add(rest),
        };
    }

    /// The oldest record's time is over at once.
    pub(super) const fn pass(&mut self) {
        self.due = PASSED;
    }

    /// Looks at the uptime.
    pub(super) fn look(&mut self) {
        if clock::uptime_ticks() >= self.due {
            self.pass();
        }
    }
}
