//! Strategies: the choices that a run leaves open.

mod common;

use std::cell::RefCell;
use std::rc::Rc;

use common::*;
use zephyr::sim::{Before, Candidate, Point, Scheduler};

/// Answers `before` at each call of one name, and lets the last ready thread run if told to.
#[derive(Debug)]
struct At {
    call: &'static str,
    before: Before,
    last: bool,
    seen: Rc<RefCell<Vec<String>>>,
}

impl Scheduler for At {
    fn next(&mut self, ready: &[Candidate]) -> usize {
        if self.last { ready.len() - 1 } else { 0 }
    }

    fn before_call(&mut self, point: &Point<'_>) -> Before {
        self.seen
            .borrow_mut()
            .push(format!("{}@{}", point.call, point.tick));
        if point.call == self.call {
            self.before
        } else {
            Before::Proceed
        }
    }
}

fn under(call: &'static str, before: Before, main: impl FnOnce() + 'static) -> Vec<String> {
    let seen = Rc::default();
    let last = before == Before::Switch;
    let at = At {
        call,
        before,
        last,
        seen: Rc::clone(&seen),
    };
    sim::try_run_with(at, Options::default(), main).unwrap();
    seen.take()
}

#[test]
fn an_interrupt_can_arrive_before_any_call() {
    let log = Log::default();
    let seen = log.clone();
    under("k_sem_count_get", Before::Interrupt, move || {
        let sem = Sem::new(0, 1);
        Timer::new(move || sem.give()).start(ticks(30), NO_WAIT);
        log.tick("started");
        log.tick(sem.count());
    });
    assert_eq!(seen.text(), "started@0 1@30");
}

#[test]
fn no_interrupt_arrives_when_none_is_due() {
    under("k_cycle_get_32", Before::Interrupt, || {
        assert_eq!((cycles(), now()), (0, 0))
    });
}

#[test]
fn a_switch_can_come_before_any_call() {
    let log = Log::default();
    let seen = log.clone();
    under("k_sem_count_get", Before::Switch, move || {
        let sem = Sem::new(0, 1);
        let low = log.clone();
        sim::spawn("low", 9, move || low.add("low"));
        log.add("main");
        sem.count();
        log.add("main");
    });
    assert_eq!(
        seen.text(),
        "low main main",
        "at the spawn already, which is a rescheduling point too"
    );
}

#[test]
fn an_interrupt_can_arrive_right_after_an_unlock() {
    let log = Log::default();
    let seen = log.clone();
    under("k_spin_unlock", Before::Interrupt, move || {
        let expired = log.clone();
        Timer::new(move || expired.add("interrupt")).start(ticks(30), NO_WAIT);
        let mutex = zephyr::sync::SpinMutex::new(());
        let guard = mutex.lock();
        log.add("locked");
        drop(guard);
        log.add("unlocked");
    });
    assert_eq!(seen.text(), "locked interrupt unlocked");
}

#[test]
fn several_interrupts_can_arrive_at_one_point() {
    let log = Log::default();
    let seen = log.clone();
    under("k_sem_count_get", Before::Interrupt, move || {
        let sem = Sem::new(0, 9);
        for tick in [10, 20, 30] {
            Timer::new(move || sem.give()).start(ticks(tick), NO_WAIT);
        }
        log.tick(sem.count());
    });
    assert_eq!(seen.text(), "3@30");
}

#[test]
fn no_interrupt_arrives_past_the_end_of_the_run() {
    let options = Options {
        ticks_max: 29,
        ..Options::default()
    };
    let at = At {
        call: "k_cycle_get_32",
        before: Before::Interrupt,
        last: false,
        seen: Rc::default(),
    };
    let main = || {
        Timer::new(|| ()).start(ticks(30), NO_WAIT);
        assert_eq!(cycles(), 0);
    };
    sim::try_run_with(at, options, main).unwrap();
}

#[test]
fn a_strategy_that_lets_no_thread_go_on_ends_the_run() {
    let options = Options {
        calls_max: 1_000,
        ..Options::default()
    };
    let at = At {
        call: "k_sem_count_get",
        before: Before::Switch,
        last: true,
        seen: Rc::default(),
    };
    let main = || {
        let sem = Sem::new(0, 1);
        for name in ["a", "b"] {
            sim::spawn(name, 0, move || assert_eq!(sem.count(), 0));
        }
        sem.count();
        sleep(FOREVER);
    };
    let fault = sim::try_run_with(at, options, main).unwrap_err();
    assert!(matches!(
        fault.kind,
        FaultKind::RunAway | FaultKind::Deadlock
    ));
}

#[test]
fn nothing_is_asked_in_an_isr_or_with_interrupts_masked() {
    let calls = under("", Before::Proceed, || {
        let mutex = zephyr::sync::SpinMutex::new(());
        let guard = mutex.lock();
        now();
        drop(guard);
        sim::call_in_isr(cycles);
        sleep(ticks(1));
        cycles();
    });
    assert_eq!(
        calls,
        [
            "k_spin_lock@0",
            "k_spin_unlock@0",
            "call_in_isr@0",
            "k_sleep@0",
            "k_cycle_get_32@2"
        ]
    );
}
