//! The steps of a run, between which something else can happen.
//!
//! A step ends at the head of each kernel call, and where the interrupt mask is lifted, because an
//! interrupt that was held back arrives there. A thread's own code could be interrupted anywhere
//! between two kernel calls. As long as it touches nothing shared, that is the same as an interrupt
//! at one of the two. The same is true of a handler, if a more urgent one is due.

use std::rc::Rc;

use super::irq::MOST_URGENT;
use super::{FaultKind, Kernel, clock, irq, raise, thread, with};
use crate::coroutine;
use crate::schedule::{Before, Moment, Point};

/// The function that is called at each step of a run.
pub(crate) type Observer = Rc<dyn Fn(Moment)>;

impl Kernel {
    /// What there is to observe, if there is an observer, and was a call since it was last called.
    fn unobserved(&self, begun: u64) -> Option<Moment> {
        if self.observer.is_none() || self.calls_made <= self.calls_observed + begun {
            return None;
        }
        Some(match self.cpu.handler() {
            Some(_) => Moment::Handling,
            None => Moment::Running,
        })
    }

    /// Asks the strategy what happens here.
    fn ask(&mut self, call: &'static str) -> Result<Before, FaultKind> {
        self.call = call;
        let point = Point {
            call,
            current: self.current,
            handler: self.cpu.handler(),
            ready: self.ready.entries(),
            preemptible: self.cpu.may_switch() && self.is_preemptible(self.current),
            tick: self.clock.now(),
            interrupt_pending: self.could_interrupt(),
        };
        match self.scheduler.before_call(&point) {
            Before::Proceed => Ok(Before::Proceed),
            Before::Interrupt if !point.interrupt_pending => Ok(Before::Proceed),
            before => {
                // It counts as a call, so that a strategy that lets no thread go on is detected.
                self.count_call()?;
                Ok(before)
            }
        }
    }
}

/// The step that ends where `call` is about to begin.
pub(super) fn before(call: &'static str) {
    pause(call, 1);
}

/// The step that ends where `call` has lifted the interrupt mask.
pub(super) fn after(call: &'static str) {
    pause(call, 0);
}

/// The step that ends here, in a handler of the kernel's own.
pub(super) fn between(handler: &'static str) {
    pause(handler, 0);
}

/// Does what the strategy chooses here, where an interrupt could arrive.
///
/// The strategy is asked again afterwards: several interrupts can arrive in one place, also after
/// the preferred thread has run. The observer is called if there was a call since it was last
/// called. The `begun` call does not count, because it has done nothing yet.
fn pause(call: &'static str, begun: u64) {
    loop {
        if let Some(moment) = with(|k| k.unobserved(begun)) {
            observe(moment);
            with(|k| k.calls_observed = k.calls_made - begun);
        }
        let happened = match with(|k| k.ask(call)) {
            Ok(Before::Proceed) => false,
            Ok(Before::Interrupt) => {
                clock::announce();
                thread::reschedule();
                true
            }
            Ok(Before::Switch) => thread::reschedule(),
            Err(kind) => raise(kind, "the strategy never lets a thread go on"),
        };
        if !happened {
            return;
        }
    }
}

/// Calls the observer, as an interrupt handler that nothing interrupts.
///
/// It is not called in a C callback of a thread.
pub(super) fn observe(moment: Moment) {
    let observer = with(|k| k.observer.clone());
    let wanted = moment == Moment::Handling || !coroutine::is_in_c_frame();
    if let Some(observer) = observer.filter(|_| wanted) {
        irq::in_isr(MOST_URGENT, |_| coroutine::guarded(|| observer(moment)));
    }
}

/// Registers `observer`, in place of the one before.
pub(crate) fn set_observer(observer: Observer) {
    with(|k| k.observer = Some(observer));
}
