//! Time-outs, and the ticks at which they expire.

use zephyr::kconfig::{CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC, CONFIG_SYS_CLOCK_TICKS_PER_SEC};
use zephyr::raw::k_uptime_get;
use zephyr::time::{Duration, Instant};

use super::log::Log;
use super::objects::{LONG, NO_WAIT, Sem, Timer, at, cycles, now, sleep, ticks};
use super::platform::spawn;

pub(super) fn a_sleep_rounds_up_by_one_tick_and_no_sleep_is_a_yield(log: Log) {
    for timeout in [ticks(10), at(log.at(40)), NO_WAIT] {
        log.code_at(sleep(timeout));
    }
}

pub(super) fn sleeps_of_the_rust_crate_are_those_of_c(log: Log) {
    zephyr::time::sleep(Duration::from_ticks(20));
    log.tick("span");
    zephyr::time::sleep(Instant::from_ticks(log.at(30) as u64));
    log.tick("instant");
}

pub(super) fn a_time_out_set_in_an_isr_counts_from_the_tick_that_expired(log: Log) {
    let late = Timer::new(move || log.tick("late"));
    let early = Timer::new(move || late.start(ticks(1), NO_WAIT));
    early.start(ticks(10), NO_WAIT);
    // It is added first, and wakes second.
    sleep(ticks(10));
    log.tick("main");
}

pub(super) fn all_time_outs_of_a_tick_come_before_the_thread_they_wake(log: Log) {
    let sem = Sem::new(0, 1);
    let give = Timer::new(move || {
        log.tick("give");
        sem.give();
    });
    let late = Timer::new(move || log.tick("late"));
    let waiter = spawn(-1, move || {
        sem.take(LONG);
        log.tick("woken");
    });
    give.start(ticks(5), NO_WAIT);
    late.start(ticks(5), NO_WAIT);
    waiter.join();
}

pub(super) fn a_second_is_a_thousand_milliseconds_on_every_clock(log: Log) {
    // SAFETY: no preconditions.
    let uptime = || unsafe { k_uptime_get() };
    let (begin, begin_cycles) = (uptime(), cycles());
    sleep(at(now() + CONFIG_SYS_CLOCK_TICKS_PER_SEC as i64));
    // Rounded to the nearest, because the two are read somewhere in their ticks if time does not
    // stand still.
    let second = CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC as u64;
    let passed = u64::from(cycles().wrapping_sub(begin_cycles));
    log.add(uptime() - begin);
    log.add((passed * 1000 + second / 2) / second);
}
