//! `k_poll` on semaphores, like `kernel/poll.c`, and without a wait also on pipes.

use core::ffi::c_int;

use super::clock::Timeout;
use super::thread::{self, ThreadId, Wait};
use super::{FaultKind, Kernel, err, irq, raise, with};
use crate::raw::EINTR;

/// An event's state when its semaphore was available: `K_POLL_STATE_SEM_AVAILABLE`.
const SEM_AVAILABLE: u32 = 2;

/// An event's state when its pipe had data: `K_POLL_STATE_PIPE_DATA_AVAILABLE`.
const PIPE_DATA_AVAILABLE: u32 = 32;

/// An event's state when the wait for it was cancelled: `K_POLL_STATE_CANCELLED`.
const CANCELLED: u32 = 8;

/// The object of an event, by its index.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Object {
    Sem(usize),
    Pipe(usize),
}

/// One event of a thread's `k_poll`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watch {
    /// `None` for an event that is ignored.
    object: Option<Object>,
    /// The bits added to the caller's state when the call returns.
    state: u32,
}

/// An entry in a semaphore's list of pollers: the thread, and which of its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Registration {
    thread: ThreadId,
    event: usize,
}

impl Kernel {
    /// Notifies the next poller; returns whether there was one.
    ///
    /// A poller whose time is up but that has not run since still counts: it gets the notification,
    /// and finds the state set.
    pub(super) fn notify_poller(&mut self, sem: usize) -> bool {
        let Some(Registration { thread, event }) = self.sems[sem].pollers.pop() else {
            return false;
        };
        self.thread(thread).watches[event].state |= SEM_AVAILABLE;
        if self.is_polling(thread) {
            self.wake(thread, 0);
        }
        true
    }

    /// Ends the wait of a thread in `k_poll`; returns whether it waited there.
    fn cancel(&mut self, thread: ThreadId) -> bool {
        let waits = self.is_polling(thread);
        if waits {
            if let Some(watch) = self.thread(thread).watches.first_mut() {
                watch.state |= CANCELLED;
            }
            self.wake(thread, err(EINTR));
        }
        waits
    }

    /// Checks every event; returns whether any is available. Registers the events before the first
    /// available one, unless `just_check`.
    fn check_events(&mut self, just_check: bool) -> bool {
        let thread = self.current;
        let priority = self.thread(thread).priority;
        let mut met = false;
        for event in 0..self.thread(thread).watches.len() {
            let object = self.thread(thread).watches[event].object;
            match object {
                None => {}
                Some(Object::Sem(sem)) if self.sems[sem].count > 0 => {
                    met = true;
                    self.thread(thread).watches[event].state = SEM_AVAILABLE;
                }
                Some(Object::Pipe(pipe)) if self.pipes[pipe].has_data() => {
                    met = true;
                    self.thread(thread).watches[event].state = PIPE_DATA_AVAILABLE;
                }
                Some(_) if met || just_check => {}
                Some(Object::Sem(sem)) => self.sems[sem]
                    .pollers
                    .insert(priority, Registration { thread, event }),
                Some(Object::Pipe(_)) => raise(
                    FaultKind::NotModelled,
                    format_args!("a wait in k_poll for a pipe's data"),
                ),
            }
        }
        met
    }

    /// Ends the current thread's watch, and reports the state of each event.
    fn unwatch(&mut self, mut report: impl FnMut(usize, u32)) {
        let thread = self.current;
        let mut watches = core::mem::take(&mut self.thread(thread).watches);
        for (event, watch) in watches.drain(..).enumerate() {
            if let Some(Object::Sem(sem)) = watch.object {
                self.sems[sem]
                    .pollers
                    .remove(Registration { thread, event });
            }
            report(event, watch.state);
        }
        self.thread(thread).watches = watches;
    }
}

/// Begins a `k_poll`, if one may be made here.
pub(crate) fn begin(timeout: Timeout) {
    irq::thread_only();
    irq::may_wait(timeout);
}

/// Adds an event to the `k_poll` that has begun: of an object, or of nothing.
pub(crate) fn watch(object: Option<Object>) {
    with(|k| {
        let thread = k.current;
        k.thread(thread).watches.push(Watch { object, state: 0 });
    });
}

/// Waits until one of the events is available, and ends the `k_poll`.
///
/// `report` gets every event's state.
pub(crate) fn poll(timeout: Timeout, report: impl FnMut(usize, u32)) -> c_int {
    let done = with(|k| {
        if k.check_events(timeout == Timeout::NoWait) {
            return Some(0);
        }
        if timeout == Timeout::NoWait {
            return Some(thread::TIMED_OUT);
        }
        let thread = k.current;
        let events = k.thread(thread).watches.len();
        k.pend(Wait::Poll(events), timeout);
        None
    });
    let result = done.unwrap_or_else(thread::wait);
    with(|k| k.unwatch(report));
    result
}

/// Cancels every `k_poll` in which a thread waits; returns their number.
pub(crate) fn cancel_all() -> usize {
    let cancelled = with(|k| {
        let threads: Vec<ThreadId> = k.thread_ids().collect();
        threads
            .into_iter()
            .filter(|thread| k.cancel(*thread))
            .count()
    });
    thread::reschedule();
    cancelled
}
