//! `k_timer`.

mod common;

use std::rc::Rc;

use common::*;

#[test]
fn expiry_runs_in_isr_context_after_exactly_the_duration() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let timer = Timer::new(move || log.tick(if in_isr() { "isr" } else { "thread" }));
        assert!(!in_isr());
        timer.start(ticks(10), NO_WAIT);
        sleep(ticks(50));
        timer.start(NO_WAIT, FOREVER);
        sleep(ticks(50));
        timer.start(at(200), NO_WAIT);
        sleep(ticks(150));
    });
    assert_eq!(seen.text(), "isr@10 isr@52 isr@200");
}

#[test]
fn periods_do_not_drift() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let timer = Timer::new(move || log.tick("tick"));
        timer.start(ticks(5), ticks(3));
        sleep(ticks(14));
        assert_eq!(timer.status(), 4);
        assert_eq!(timer.status(), 0);
        timer.stop();
        sleep(ticks(14));
    });
    assert_eq!(seen.text(), "tick@5 tick@8 tick@11 tick@14");
}

#[test]
fn time_outs_of_one_tick_expire_in_the_order_they_were_added() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let timers = ["a", "b", "c"].map(|name| {
            let log = log.clone();
            Timer::new(move || log.add(name))
        });
        for (timer, duration) in [(2, 7), (0, 9), (1, 9)] {
            timers[timer].start(ticks(duration), NO_WAIT);
        }
        sleep(ticks(1));
        // Tick 2 now, and 9 again: behind the two that are there.
        timers[2].start(ticks(7), NO_WAIT);
        sleep(ticks(20));
    });
    assert_eq!(seen.text(), "a b c");
}

#[test]
fn all_time_outs_of_a_tick_come_before_the_thread_they_wake() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sem = Sem::new(0, 1);
        let (first, last) = (log.clone(), log.clone());
        let give = Timer::new(move || {
            first.add("give");
            sem.give();
        });
        let late = Timer::new(move || last.add("late"));
        sim::spawn("waiter", -1, move || {
            sem.take(FOREVER);
            log.add("woken");
        });
        give.start(ticks(5), NO_WAIT);
        late.start(ticks(5), NO_WAIT);
        sleep(ticks(9));
    });
    assert_eq!(seen.text(), "give late woken");
}

#[test]
fn a_timer_can_be_started_and_stopped_in_its_own_expiry() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let timer = Rc::new(std::cell::Cell::new(None));
        let own = Rc::clone(&timer);
        timer.set(Some(Timer::new(move || {
            log.tick("tick");
            let own: Timer = own.get().expect("set below");
            match now() {
                10 => own.start(ticks(4), ticks(1)),
                15 => own.stop(),
                _ => {}
            }
        })));
        timer.get().expect("just set").start(ticks(10), ticks(10));
        sleep(ticks(40));
    });
    assert_eq!(seen.text(), "tick@10 tick@14 tick@15");
}

#[test]
fn stop_runs_the_stop_function_only_if_the_timer_ran() {
    thread_local! { static STOPS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) }; }
    unsafe extern "C" fn stopped(_: *mut zephyr::raw::k_timer) {
        STOPS.set(STOPS.get() + 1);
    }
    sim::run(|| {
        let timer = Timer::with_stop(|| {}, Some(stopped));
        timer.stop();
        assert_eq!(STOPS.get(), 0);
        timer.start(ticks(5), NO_WAIT);
        timer.stop();
        assert_eq!(STOPS.get(), 1);
        timer.start(FOREVER, NO_WAIT);
        timer.stop();
        assert_eq!(STOPS.get(), 1, "a start without a duration starts nothing");
    });
}

#[test]
fn timers_can_be_made_to_be_late() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let timer = |name: &'static str| {
            let log = log.clone();
            Timer::new(move || log.tick(name))
        };
        timer("punctual").start(ticks(10), NO_WAIT);
        sim::delay_timers(5);
        timer("once").start(at(10), NO_WAIT);
        let often = timer("often");
        often.start(ticks(8), ticks(8));
        sleep(ticks(39));
        assert_eq!(now(), 40, "a thread's time-out is no timer");
        sim::delay_timers(0);
        sleep(ticks(20));
        often.stop();
    });
    assert_eq!(
        seen.text(),
        "punctual@10 often@13 once@15 often@26 often@39 often@52 often@60"
    );
}
