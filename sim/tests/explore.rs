//! Exploration finds errors that Zephyr's own order hides, and the schedule that it reports replays
//! them.

mod common;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use common::*;
use zephyr::sim::{Explore, Limits, Strategy};

/// A program that loses a wake-up if the interrupt arrives between its check and its wait: it clears
/// the flag too late.
fn forgetful() {
    let flag = Sem::new(0, 1);
    let arrived = Rc::new(Cell::new(false));
    let isr = Rc::clone(&arrived);
    let arrive = move || {
        isr.set(true);
        flag.give();
    };
    Timer::new(arrive).start(ticks(10), NO_WAIT);
    while !arrived.get() {
        flag.take(NO_WAIT);
        poll_one(flag, FOREVER);
    }
}

/// The correct program: after clearing the flag, it checks again before it waits.
fn careful() {
    let flag = Sem::new(0, 1);
    let arrived = Rc::new(Cell::new(false));
    let isr = Rc::clone(&arrived);
    let arrive = move || {
        isr.set(true);
        flag.give();
    };
    Timer::new(arrive).start(ticks(10), NO_WAIT);
    loop {
        flag.take(NO_WAIT);
        if arrived.get() {
            break;
        }
        poll_one(flag, FOREVER);
    }
}

/// The schedule in the text of a failure.
fn schedule(text: &str) -> &str {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("schedule: "));
    line.expect("a failure says its schedule")
}

fn strategies() -> [Explore; 3] {
    let limits = Limits::new(2, 2);
    [
        Explore::exhaustive(limits),
        Explore::random(200, limits),
        Explore::bounded(2, 200, limits),
    ]
}

#[test]
fn zephyrs_order_alone_hides_the_lost_wake_up() {
    sim::run(forgetful);
    let walk = sim::explore(&Explore::exhaustive(Limits::new(0, 0)), forgetful);
    assert_eq!(walk.runs, 1);
}

#[test]
fn every_strategy_finds_the_lost_wake_up_and_its_schedule_replays() {
    for explore in strategies() {
        let found = failure(&explore, forgetful).expect("a failure");
        assert!(found.contains("Deadlock"), "{found}");
        assert!(
            found.contains("main at k_poll: the next interrupt")
                || found.contains("main at k_sem_take: the next interrupt"),
            "{found}"
        );
        if explore.strategy != strategies()[0].strategy {
            assert!(found.contains(", seed "), "{found}");
        }
        let again = catch_unwind(AssertUnwindSafe(|| {
            sim::replay(&explore, schedule(&found), forgetful);
        }));
        let again = *again.unwrap_err().downcast::<String>().unwrap();
        assert_eq!(schedule(&again), schedule(&found));
        assert!(again.contains("Deadlock"), "{again}");
    }
}

#[test]
fn no_strategy_finds_fault_with_the_program_done_right() {
    for explore in strategies() {
        assert_eq!(failure(&explore, careful), None);
    }
    let all = sim::explore(&Explore::exhaustive(Limits::NONE), careful);
    assert_eq!(all.runs, 3, "before the take, before the poll, and in it");
}

#[test]
fn an_exhaustive_walk_sees_every_order_of_three_threads_once() {
    let orders = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&orders);
    let walk = sim::explore(&Explore::exhaustive(Limits::NONE), move || {
        let log = Log::default();
        for name in ["a", "b", "c"] {
            let log = log.clone();
            sim::spawn(name, 1, move || log.add(name));
        }
        sleep(ticks(1));
        seen.borrow_mut().push(log.text());
    });
    let distinct: BTreeSet<String> = orders.borrow().iter().cloned().collect();
    assert_eq!(walk.runs as usize, orders.borrow().len());
    assert_eq!(distinct.len(), 6, "{distinct:?}");
}

#[test]
fn the_same_seed_makes_the_same_choices() {
    let traces = Rc::new(RefCell::new(Vec::new()));
    for _ in 0..2 {
        let seen = Rc::clone(&traces);
        sim::explore(&Explore::random(20, Limits::NONE), move || {
            let log = Log::default();
            for name in ["a", "b"] {
                let log = log.clone();
                sim::spawn(name, 1, move || {
                    sleep(ticks(3));
                    log.tick(name);
                });
            }
            sleep(ticks(9));
            seen.borrow_mut().push(log.text());
        });
    }
    let traces = traces.borrow();
    assert_eq!(traces[..20], traces[20..]);
}

#[test]
fn a_walk_larger_than_it_may_be_is_a_failure() {
    let mut explore = Explore::exhaustive(Limits::NONE);
    explore.strategy = Strategy::Exhaustive { runs_max: 2 };
    let text = failure(&explore, careful).expect("a failure");
    assert_eq!(text, "the walk has more than 2 runs");
}

#[test]
fn a_schedule_of_another_program_is_refused() {
    let explore = Explore::exhaustive(Limits::NONE);
    let refused = |schedule| {
        let run = AssertUnwindSafe(|| sim::replay(&explore, schedule, careful));
        *catch_unwind(run).unwrap_err().downcast::<String>().unwrap()
    };
    assert!(refused("?").contains("digits and small letters"));
    assert!(refused("d").contains("does not fit this program"));
}

#[test]
fn a_program_that_differs_from_run_to_run_is_found_out() {
    let runs = Cell::new(0);
    let text = failure(&Explore::exhaustive(Limits::NONE), move || {
        runs.set(runs.get() + 1);
        if runs.get() > 1 {
            sim::spawn("extra", 1, || ());
        }
        Timer::new(|| ()).start(ticks(1), NO_WAIT);
        cycles();
    });
    assert!(
        text.expect("a failure")
            .contains("the program depends on something else")
    );
}

#[test]
fn a_static_semaphore_forgets_no_give_while_it_comes_to_life() {
    use zephyr::sys::sync::Semaphore;

    static ENDED: Semaphore = Semaphore::new(0, 1);
    let walk = sim::explore(&Explore::exhaustive(Limits::NONE), || {
        Timer::new(|| ENDED.give()).start(ticks(5), NO_WAIT);
        ENDED.take(zephyr::time::Forever).unwrap();
    });
    assert!(walk.runs > 1);
}
