//! Interrupts that interrupt a handler.

mod common;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use common::*;
use zephyr::sim::{Explore, Limits, Moment, PRIORITY, Source, interrupt_at, set_priority};
use zephyr::sync::SpinMutex;

const HIGH: u8 = PRIORITY - 1;
const LOW: u8 = PRIORITY + 1;

/// Port 0 interrupts at tick 10 and port 1 at tick 11, with these priorities.
fn two_ports(first: u8, second: u8, log: &Log) {
    set_priority(Source::Port(0), first);
    set_priority(Source::Port(1), second);
    let (outer, inner) = (log.clone(), log.clone());
    interrupt_at(Source::Port(0), 10, move || {
        outer.tick("first");
        outer.tick("goes-on");
    });
    interrupt_at(Source::Port(1), 11, move || inner.tick("second"));
}

/// Every order of the events that `body` logs.
fn orders(limits: Limits, body: impl Fn(&Log) + 'static) -> BTreeSet<String> {
    let seen = Rc::new(RefCell::new(BTreeSet::new()));
    let found = Rc::clone(&seen);
    sim::explore(&Explore::exhaustive(limits), move || {
        let log = Log::default();
        body(&log);
        seen.borrow_mut().insert(log.text());
    });
    found.take()
}

#[test]
fn a_more_urgent_interrupt_comes_in_a_handler_at_each_kernel_call_or_after_it() {
    let all = orders(Limits::NONE, |log| {
        two_ports(PRIORITY, HIGH, log);
        sleep(ticks(20));
    });
    // Each event is logged with the uptime, which is read after the interrupt that arrives at that
    // call.
    let expected = [
        "first@10 goes-on@10 second@11",
        "first@10 second@11 goes-on@11",
        "second@11 first@11 goes-on@11",
    ];
    assert_eq!(all, expected.map(str::to_owned).into());
}

#[test]
fn no_more_interrupts_come_in_a_handler_than_the_limits_allow() {
    let all = orders(Limits::interrupts(0), |log| {
        two_ports(PRIORITY, HIGH, log);
        sleep(ticks(20));
    });
    assert_eq!(all.len(), 1);
}

#[test]
fn an_interrupt_that_is_no_more_urgent_waits_for_the_handlers_end() {
    for second in [PRIORITY, LOW] {
        let all = orders(Limits::NONE, move |log| {
            two_ports(PRIORITY, second, log);
            sleep(ticks(20));
        });
        let ordered = |order: &String| order.starts_with("first@10 goes-on@10 second@");
        assert!(all.iter().all(ordered), "{all:?}");
    }
}

#[test]
fn of_interrupts_at_one_tick_the_most_urgent_is_first_and_no_thread_runs_between() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        set_priority(Source::Port(0), LOW);
        set_priority(Source::Port(1), HIGH);
        let woken = Sem::new(0, 1);
        let [timer, low, high] = [log.clone(), log.clone(), log.clone()];
        Timer::new(move || timer.tick("timer")).start(ticks(10), NO_WAIT);
        interrupt_at(Source::Port(0), 10, move || low.tick("low"));
        interrupt_at(Source::Port(1), 10, move || {
            high.tick("high");
            woken.give();
        });
        woken.take(FOREVER);
        log.tick("thread");
    });
    assert_eq!(seen.text(), "high@10 timer@10 low@10 thread@10");
}

#[test]
fn a_spinlock_masks_until_it_is_released() {
    let all = orders(Limits::NONE, |log| {
        set_priority(Source::Port(1), HIGH);
        let (outer, inner) = (log.clone(), log.clone());
        let mutex = Rc::new(SpinMutex::new(()));
        interrupt_at(Source::Port(0), 10, move || {
            let guard = mutex.lock();
            outer.tick("locked");
            outer.tick("still-locked");
            drop(guard);
            outer.add("released");
        });
        interrupt_at(Source::Port(1), 11, move || inner.add("inner"));
        sleep(ticks(20));
    });
    let expected = [
        "inner locked@11 still-locked@11 released",
        "locked@10 still-locked@10 inner released",
        "locked@10 still-locked@10 released inner",
    ];
    assert_eq!(all, expected.map(str::to_owned).into());
}

#[test]
fn interrupts_locked_in_a_handler_are_locked_for_all() {
    let all = orders(Limits::NONE, |log| {
        set_priority(Source::Port(1), HIGH);
        let (outer, inner) = (log.clone(), log.clone());
        interrupt_at(Source::Port(0), 10, move || {
            let key = irq_lock();
            outer.add("locked");
            irq_unlock(key);
            outer.add("unlocked");
        });
        interrupt_at(Source::Port(1), 11, move || inner.add("inner"));
        sleep(ticks(20));
    });
    let expected = [
        "inner locked unlocked",
        "locked inner unlocked",
        "locked unlocked inner",
    ];
    assert_eq!(all, expected.map(str::to_owned).into());
}

#[test]
fn threads_run_when_the_outermost_handler_has_ended() {
    let all = orders(Limits::interrupts(1), |log| {
        set_priority(Source::Port(1), HIGH);
        let woken = Sem::new(0, 1);
        let (outer, inner) = (log.clone(), log.clone());
        interrupt_at(Source::Port(0), 10, move || {
            outer.add("outer");
            assert!(in_isr());
            outer.add("goes-on");
        });
        interrupt_at(Source::Port(1), 11, move || {
            woken.give();
            inner.add("gives");
            assert!(in_isr());
        });
        woken.take(FOREVER);
        assert!(!in_isr());
        log.add("thread");
    });
    assert!(all.contains("outer gives goes-on thread"), "{all:?}");
    assert!(
        all.iter().all(|order| order.ends_with(" thread")),
        "{all:?}"
    );
}

#[test]
fn waiting_in_a_nested_handler_is_a_fault_and_in_the_thread_after_it_is_not() {
    let explore = Explore::exhaustive(Limits::interrupts(1));
    let text = failure(&explore, || {
        set_priority(Source::Port(1), HIGH);
        let sem = Sem::new(1, 1);
        interrupt_at(Source::Port(0), 10, || assert!(cycles() > 0));
        interrupt_at(Source::Port(1), 11, move || {
            sem.take(FOREVER);
        });
        sleep(ticks(20));
    });
    assert!(text.unwrap().contains("WaitInIsr"));
}

#[test]
fn the_timers_handler_is_interrupted_between_two_time_outs() {
    let all = orders(Limits::NONE, |log| {
        set_priority(Source::Timer, LOW);
        let sem = Sem::new(0, 1);
        interrupt_at(Source::Port(0), 6, move || sem.give());
        let result = sem.take(ticks(4));
        log.add(result);
    });
    assert_eq!(all.into_iter().collect::<Vec<_>>(), ["-11", "0"]);
}

#[test]
fn uptime_stands_still_in_the_timers_handler_and_time_does_not() {
    let all = orders(Limits::NONE, |log| {
        set_priority(Source::Timer, LOW);
        let inner = log.clone();
        Timer::new(|| assert!(cycles() > 0)).start(ticks(10), NO_WAIT);
        interrupt_at(Source::Port(0), 13, move || {
            inner.add(format_args!("{:?}", (now(), cycles())));
            let later = inner.clone();
            Timer::new(move || later.tick("later")).start(ticks(2), NO_WAIT);
        });
        sleep(ticks(20));
    });
    let expected = ["(10, 13) later@13", "(13, 13) later@15"];
    assert_eq!(all, expected.map(str::to_owned).into());
}

#[test]
fn handlers_nest_as_deep_as_there_are_priorities() {
    let deepest = Rc::new(Cell::new(0));
    let seen = Rc::clone(&deepest);
    sim::explore(&Explore::exhaustive(Limits::NONE), move || {
        let depth = Rc::new(Cell::new(0));
        for port in 0..3 {
            set_priority(Source::Port(port), 9 - port as u8);
            let (depth, deepest) = (Rc::clone(&depth), Rc::clone(&deepest));
            interrupt_at(Source::Port(port), 10 + port as u64, move || {
                depth.set(depth.get() + 1);
                deepest.set(deepest.get().max(depth.get()));
                cycles();
                depth.set(depth.get() - 1);
            });
        }
        sleep(ticks(20));
        assert_eq!(depth.get(), 0);
    });
    assert_eq!(seen.get(), 3);
}

#[test]
fn a_failure_in_a_nested_handler_says_where_it_came_and_replays() {
    let explore = Explore::exhaustive(Limits::interrupts(1));
    let lost = || {
        set_priority(Source::Port(1), HIGH);
        let count = Rc::new(Cell::new(0));
        let [outer, inner] = [Rc::clone(&count), Rc::clone(&count)];
        interrupt_at(Source::Port(0), 10, move || {
            let before = outer.get();
            cycles();
            outer.set(before + 1);
        });
        interrupt_at(Source::Port(1), 11, move || inner.set(inner.get() + 1));
        sleep(ticks(20));
        assert_eq!(count.get(), 2, "one was lost");
    };
    let found = failure(&explore, lost).expect("a failure");
    assert!(found.contains("one was lost"), "{found}");
    let place =
        format!("tick 10, a handler of priority {PRIORITY} at k_cycle_get_32: the next interrupt");
    assert!(found.contains(&place), "{found}");
    let schedule = found
        .lines()
        .find_map(|line| line.strip_prefix("schedule: "));
    let again = catch_unwind(AssertUnwindSafe(|| {
        sim::replay(&explore, schedule.unwrap(), lost);
    }));
    assert!(again.is_err());
}

#[test]
fn the_observer_looks_before_and_after_a_nested_handler_also_within_a_c_callback() {
    let seen = Rc::new(RefCell::new(BTreeSet::new()));
    let found = Rc::clone(&seen);
    sim::explore(&Explore::exhaustive(Limits::NONE), move || {
        set_priority(Source::Timer, LOW);
        let log = Log::default();
        let [observed, outer, inner] = [log.clone(), log.clone(), log.clone()];
        Timer::new(move || {
            outer.add("outer");
            cycles();
            outer.add("goes-on");
        })
        .start(ticks(10), NO_WAIT);
        interrupt_at(Source::Port(0), 11, move || inner.add("inner"));
        sim::observe(move |moment| {
            if moment == Moment::Handling {
                assert!(in_isr());
                observed.add("look");
            }
        });
        sleep(ticks(20));
        seen.borrow_mut().insert(log.text());
    });
    assert!(
        found
            .borrow()
            .contains("look outer inner look goes-on look look"),
        "{found:?}"
    );
}

#[test]
fn a_panic_of_the_observer_within_a_c_callback_ends_the_run() {
    let run = || {
        sim::run(|| {
            set_priority(Source::Timer, LOW);
            Timer::new(|| assert!(cycles() > 0)).start(ticks(10), NO_WAIT);
            sim::observe(|moment| assert_ne!(moment, Moment::Handling, "seen"));
            sleep(ticks(20));
        });
    };
    assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    assert_eq!(sim::run(|| sleep(ticks(1))), 0);
}

#[test]
fn a_call_in_isr_is_interrupted_by_what_is_more_urgent() {
    let all = orders(Limits::NONE, |log| {
        set_priority(Source::Other, LOW);
        let inner = log.clone();
        interrupt_at(Source::Port(0), 10, move || inner.tick("inner"));
        sim::call_in_isr(|| {
            log.add("outer");
            log.tick("goes-on");
        });
        sleep(ticks(20));
    });
    assert!(all.contains("outer inner@10 goes-on@10"), "{all:?}");
    assert!(all.contains("outer goes-on@0 inner@10"), "{all:?}");
}

#[test]
fn with_one_priority_for_all_nothing_is_asked_in_a_handler() {
    let body = |log: &Log| {
        two_ports(PRIORITY, PRIORITY, log);
        sleep(ticks(20));
    };
    assert_eq!(orders(Limits::NONE, body).len(), 1);
}

#[test]
fn an_interrupt_that_is_late_comes_at_the_next_tick() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        sleep(ticks(4));
        interrupt_at(Source::Other, 3, move || log.tick("late"));
        sleep(ticks(4));
    });
    assert_eq!(seen.text(), "late@6");
}
