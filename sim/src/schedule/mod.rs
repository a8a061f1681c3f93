//! Who runs next, and what arrives before a kernel call: the choices of a run, one strategy a file.
//!
//! Given the same choices a run is the same, so a strategy that records them can replay them.

#![forbid(unsafe_code)]

mod priority;

use core::fmt::Debug;

use crate::kernel::ThreadId;

pub use priority::Priority;

/// A thread that could run, after its priority; lower priorities come first.
pub type Candidate = (i32, ThreadId);

/// What is known at the head of a kernel call made by a thread with interrupts unmasked.
#[derive(Clone, Copy, Debug)]
pub struct Point<'a> {
    /// The C name of the call.
    pub call: &'static str,
    /// The thread that makes it.
    pub current: ThreadId,
    /// Every thread that could run, the current one included, in Zephyr's order.
    pub ready: &'a [Candidate],
    /// The uptime, in ticks.
    pub tick: u64,
    /// Whether a time-out is pending, so that the timer interrupt could arrive.
    pub timeout_pending: bool,
}

/// What happens before a kernel call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    Proceed,
    /// Time passes to the next time-out and the timer interrupt arrives; then the scheduler looks.
    /// Nothing, if no time-out is pending.
    Interrupt,
    /// The scheduler looks.
    Switch,
}

/// A strategy. It is asked in the middle of a kernel call, and makes none itself.
pub trait Scheduler: Debug {
    /// The index of the thread to run, among those that are ready; there is at least one, and they
    /// are in Zephyr's order: by priority, and by time among equals.
    ///
    /// Asked whenever Zephyr's scheduler would look, which it does not with interrupts masked or
    /// in an ISR. A cooperative thread is not asked about until it waits or yields.
    fn next(&mut self, ready: &[Candidate]) -> usize;

    /// What happens before a kernel call. Not asked where no interrupt could arrive.
    fn before_call(&mut self, point: &Point<'_>) -> Before {
        let _ = point;
        Before::Proceed
    }
}
