//! Timers, like `kernel/timer.c`: their expiry functions run in ISR context.

use std::rc::Rc;

use super::clock::{Owner, Timeout};
use super::with;

/// A C function of a timer, together with that timer.
pub(crate) type Callback = Rc<dyn Fn()>;

pub(crate) struct Timer {
    expiry: Option<Callback>,
    stop: Option<Callback>,
    /// Ticks between expiries; zero for one that expires once.
    period: u64,
    /// Expiries since it was started or last asked.
    status: u32,
}

/// Makes the timer at `address` live and returns its handle.
pub(crate) fn init(address: usize, expiry: Option<Callback>, stop: Option<Callback>) -> u64 {
    with(|k| {
        let handle = k.timers.bind(
            address,
            Timer {
                expiry,
                stop,
                period: 0,
                status: 0,
            },
        );
        if let Some(timer) = k.timers.find(address, handle) {
            k.clock.abort(Owner::Timer(timer));
        }
        handle
    })
}

/// The index of the timer at `address`, if it is live.
pub(crate) fn find(address: usize, handle: u64) -> Option<usize> {
    with(|k| k.timers.find(address, handle))
}

/// Starts the timer, again if it runs. A duration of `Forever` changes nothing.
pub(crate) fn start(timer: usize, duration: Timeout, period: Timeout) {
    // One tick less than a thread's time-out of the same length, "for backwards compatibility".
    let first = match duration {
        Timeout::Forever => return,
        Timeout::NoWait | Timeout::In(1) => Timeout::NoWait,
        Timeout::In(ticks) => Timeout::In(ticks - 1),
        Timeout::At(tick) => Timeout::At(tick),
    };
    with(|k| {
        k.clock.abort(Owner::Timer(timer));
        let this = &mut k.timers[timer];
        this.status = 0;
        this.period = match period {
            Timeout::NoWait | Timeout::Forever => 0,
            Timeout::In(ticks) => ticks,
            Timeout::At(_) => 1,
        };
        k.clock.add(Owner::Timer(timer), first, k.timers_late);
    });
}

/// Stops the timer; if it ran, its stop function runs in the caller's context.
pub(crate) fn stop(timer: usize) {
    let stop = with(|k| {
        let ran = k.clock.abort(Owner::Timer(timer));
        k.timers[timer].stop.clone().filter(|_| ran)
    });
    if let Some(stop) = stop {
        stop();
    }
}

/// Expiries since it was started or last asked.
pub(crate) fn take_status(timer: usize) -> u32 {
    with(|k| core::mem::take(&mut k.timers[timer].status))
}

/// Starts the next period, then runs the expiry function.
pub(super) fn expire(timer: usize) {
    let expiry = with(|k| {
        let this = &mut k.timers[timer];
        this.status += 1;
        if this.period > 0 {
            // The period counts from the tick of this expiry, so periods do not drift.
            let next = Timeout::At(k.clock.uptime() + this.period);
            k.clock.add(Owner::Timer(timer), next, k.timers_late);
        }
        this.expiry.clone()
    });
    if let Some(expiry) = expiry {
        expiry();
    }
}

/// Makes timers whose time-out begins from now on expire `ticks` late.
pub(crate) fn delay(ticks: u64) {
    with(|k| k.timers_late = ticks);
}
