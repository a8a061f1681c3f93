//! Zephyr's own choice, with threads that take time.

use super::{Before, Candidate, Point, Scheduler};

/// As [`Priority`](super::Priority), but interrupts also arrive while a thread of one priority asks for the uptime
/// (`k_uptime_ticks`). So such a thread is busy while it asks again and again.
#[derive(Clone, Copy, Debug)]
pub struct Busy {
    priority: i32,
    /// Whether the call of which this was asked last has been interrupted.
    interrupted: bool,
}

impl Busy {
    /// The threads of this priority are busy.
    pub fn threads(priority: i32) -> Self {
        Self {
            priority,
            interrupted: false,
        }
    }
}

impl Scheduler for Busy {
    fn next(&mut self, _ready: &[Candidate]) -> usize {
        0
    }

    fn before_call(&mut self, point: &Point<'_>) -> Before {
        let caller = (self.priority, point.current);
        let is_busy = point.call == "k_uptime_ticks" && point.ready.contains(&caller);
        self.interrupted = is_busy && point.interrupt_pending && !self.interrupted;
        match self.interrupted {
            true => Before::Interrupt,
            false => Before::Proceed,
        }
    }
}
