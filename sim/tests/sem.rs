//! `k_sem`.

mod common;

use common::*;
use zephyr::raw::{EAGAIN, EBUSY, EINVAL, K_SEM_MAX_LIMIT};

#[test]
fn init_refuses_a_limit_of_zero_and_a_count_above_the_limit() {
    sim::run(|| {
        let sem = Sem(object());
        assert_eq!(sem.init(0, 0), err(EINVAL));
        assert_eq!(sem.init(2, 1), err(EINVAL));
        assert_eq!(sem.init(1, 1), 0);
    });
}

#[test]
fn gives_count_up_to_the_limit() {
    sim::run(|| {
        let sem = Sem::new(0, 2);
        for expected in [1, 2, 2] {
            sem.give();
            assert_eq!(sem.count(), expected);
        }
        assert_eq!(sem.take(NO_WAIT), 0);
        assert_eq!(sem.take(FOREVER), 0);
        assert_eq!(sem.take(NO_WAIT), err(EBUSY));
        let most = Sem::new(K_SEM_MAX_LIMIT, K_SEM_MAX_LIMIT);
        most.give();
        assert_eq!(most.count(), K_SEM_MAX_LIMIT);
    });
}

#[test]
fn take_times_out_one_tick_after_its_ticks_have_passed() {
    sim::run(|| {
        let sem = Sem::new(0, 1);
        assert_eq!(sem.take(ticks(10)), err(EAGAIN));
        assert_eq!(now(), 11);
        assert_eq!(sem.take(at(50)), err(EAGAIN));
        assert_eq!(now(), 50);
    });
}

#[test]
fn give_wakes_the_highest_priority_then_the_longest_waiter() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sem = Sem::new(0, 9);
        for (name, priority) in [("low", 5), ("first", 3), ("second", 3)] {
            let log = log.clone();
            sim::spawn(name, priority, move || {
                sem.take(FOREVER);
                log.add(name);
            });
        }
        sleep(ticks(1));
        for _ in 0..3 {
            sem.give();
            sleep(ticks(1));
        }
    });
    assert_eq!(seen.text(), "first second low");
}

#[test]
fn give_to_a_waiter_does_not_count() {
    sim::run(|| {
        let sem = Sem::new(0, 1);
        let waiter = sim::spawn("waiter", -1, move || assert_eq!(sem.take(FOREVER), 0));
        sem.give();
        assert_eq!(sem.count(), 0);
        waiter.join();
    });
}

#[test]
fn a_waiter_goes_before_a_poller() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sem = Sem::new(0, 1);
        let polled = log.clone();
        sim::spawn("poller", -2, move || {
            poll_one(sem, FOREVER);
            polled.add("poller");
        });
        sim::spawn("taker", 7, move || {
            sem.take(FOREVER);
            log.add("taker");
        });
        sleep(ticks(1));
        sem.give();
        sleep(ticks(1));
        sem.give();
        sleep(ticks(1));
    });
    assert_eq!(seen.text(), "taker poller");
}

#[test]
fn reset_sends_takers_away_and_empties() {
    sim::run(|| {
        let sem = Sem::new(2, 3);
        sem.reset();
        assert_eq!(sem.count(), 0);
        let taker = sim::spawn("taker", -1, move || {
            assert_eq!(sem.take(FOREVER), err(EAGAIN))
        });
        sem.reset();
        taker.join();
    });
}

#[test]
fn reset_wakes_a_poller_who_finds_it_empty() {
    sim::run(|| {
        let sem = Sem::new(0, 1);
        let poller = sim::spawn("poller", -1, move || {
            let mut events = [event(Some(sem))];
            assert_eq!(poll(&mut events, FOREVER), 0);
            assert_eq!(events[0].state(), 2);
            assert_eq!(sem.count(), 0);
        });
        sem.reset();
        poller.join();
    });
}

#[test]
fn gives_are_counted_whether_or_not_they_wake_anybody() {
    sim::run(|| {
        let sem = Sem::new(0, 1);
        assert_eq!(sim::gives(), 0);
        sem.give();
        sem.give();
        assert_eq!((sim::gives(), sem.count()), (2, 1));
        let empty = Sem::new(0, 1);
        assert_eq!(sim::semaphores(), [(sem.0.addr(), 1), (empty.0.addr(), 0)]);
    });
}
