//! `k_timer`.

use zephyr::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use zephyr::raw::k_timer;

use super::log::Log;
use super::objects::{FOREVER, NO_WAIT, Timer, at, in_isr, sleep, ticks};

pub(super) fn an_expiry_is_in_isr_context_after_exactly_the_duration(log: Log) {
    let timer = Timer::new(move || log.tick(if in_isr() { "isr" } else { "thread" }));
    log.add(if in_isr() { "isr" } else { "thread" });
    timer.start(ticks(10), NO_WAIT);
    sleep(ticks(50));
    timer.start(NO_WAIT, FOREVER);
    sleep(ticks(50));
    timer.start(at(log.at(200)), NO_WAIT);
    sleep(ticks(150));
}

pub(super) fn periods_do_not_drift(log: Log) {
    let timer = Timer::new(move || log.tick("tick"));
    timer.start(ticks(5), ticks(3));
    sleep(ticks(14));
    log.add(timer.status());
    log.add(timer.status());
    timer.stop();
    sleep(ticks(14));
}

pub(super) fn time_outs_of_one_tick_expire_in_the_order_they_were_added(log: Log) {
    let timers = ["a", "b", "c"].map(|name| Timer::new(move || log.tick(name)));
    for (timer, duration) in [(2, 7), (0, 9), (1, 9)] {
        timers[timer].start(ticks(duration), NO_WAIT);
    }
    sleep(ticks(1));
    // It is tick 2, so this expires at 9 again: after the two that were added before.
    timers[2].start(ticks(7), NO_WAIT);
    sleep(ticks(20));
}

pub(super) fn a_timer_can_be_started_and_stopped_in_its_own_expiry(log: Log) {
    static OWN: AtomicPtr<k_timer> = AtomicPtr::new(core::ptr::null_mut());
    static EXPIRIES: AtomicU32 = AtomicU32::new(0);
    let timer = Timer::new(move || {
        log.tick("tick");
        let own = Timer(OWN.load(Ordering::Relaxed));
        match EXPIRIES.fetch_add(1, Ordering::Relaxed) {
            0 => own.start(ticks(4), ticks(1)),
            2 => own.stop(),
            _ => {}
        }
    });
    OWN.store(timer.0, Ordering::Relaxed);
    timer.start(ticks(10), ticks(10));
    sleep(ticks(40));
}

pub(super) fn a_stop_runs_the_stop_function_only_if_the_timer_ran(log: Log) {
    static STOPS: AtomicU32 = AtomicU32::new(0);
    unsafe extern "C" fn stopped(_: *mut k_timer) {
        STOPS.fetch_add(1, Ordering::Relaxed);
    }
    let timer = Timer::with_stop(|| {}, Some(stopped));
    let stop = || {
        timer.stop();
        log.add(STOPS.load(Ordering::Relaxed));
    };
    stop();
    timer.start(ticks(5), NO_WAIT);
    stop();
    // A start without a duration starts nothing.
    timer.start(FOREVER, NO_WAIT);
    stop();
}

pub(super) fn a_restart_begins_anew(log: Log) {
    let timer = Timer::new(move || log.tick("tick"));
    timer.start(ticks(10), ticks(10));
    sleep(ticks(12));
    timer.start(ticks(5), ticks(7));
    log.add(timer.status());
    sleep(ticks(15));
    timer.stop();
}
