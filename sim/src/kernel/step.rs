//! The steps of a run, between which something else can happen.
//!
//! They are parted by the head of each kernel call, and by the lifting of the interrupt mask, where
//! an interrupt arrives that was held back. Between two kernel calls a thread's own code could be
//! interrupted anywhere, but as long as it touches nothing that it shares, that is the same as an
//! interrupt at one of the two. The same goes for a handler, where a more urgent one is due.

use std::rc::Rc;

use super::irq::MOST_URGENT;
use super::{FaultKind, Kernel, clock, irq, raise, thread, with};
use crate::coroutine;
use crate::schedule::{Before, Moment, Point};

/// Looks at a run at each of its steps.
pub(crate) type Observer = Rc<dyn Fn(Moment)>;

impl Kernel {
    /// Asks the scheduler what happens here.
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
                // Counts as a call, so that a strategy that lets nobody go on is found out.
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

/// Lets happen whatever the scheduler wants to happen here, where an interrupt could land.
///
/// It is asked again afterwards: several interrupts can arrive in one place, and one after the
/// thread that was preferred has run. The observer looks unless no call but the `begun` one, which
/// has done nothing yet, was made since it last did.
fn pause(call: &'static str, begun: u64) {
    loop {
        if with(|k| k.calls_made > k.calls_observed + begun) {
            let handling = with(|k| k.cpu.handler().is_some());
            observe(if handling {
                Moment::Handling
            } else {
                Moment::Running
            });
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

/// Has the observer look, as an interrupt's handler would that nothing interrupts.
///
/// Not within a C callback of a thread.
pub(super) fn observe(moment: Moment) {
    let observer = with(|k| k.observer.clone());
    let wanted = moment == Moment::Handling || !coroutine::is_in_c_frame();
    if let Some(observer) = observer.filter(|_| wanted) {
        irq::in_isr(MOST_URGENT, |_| coroutine::guarded(|| observer(moment)));
    }
}

/// Has `observer` look from now on, in place of the one before.
pub(crate) fn set_observer(observer: Observer) {
    with(|k| k.observer = Some(observer));
}
