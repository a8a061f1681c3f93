//! `k_poll` on semaphores.

mod common;

use common::*;
use zephyr::raw::{EAGAIN, EINTR, EINVAL, k_poll};

#[test]
fn an_available_semaphore_is_reported_and_not_taken() {
    sim::run(|| {
        let sem = Sem::new(1, 1);
        let mut events = [event(Some(sem))];
        assert_eq!(poll(&mut events, NO_WAIT), 0);
        assert_eq!(events[0].state(), 2);
        assert_eq!(sem.count(), 1);
    });
}

#[test]
fn state_is_added_to_and_never_cleared() {
    sim::run(|| {
        let sem = Sem::new(1, 1);
        let mut events = [event(Some(sem))];
        events[0].set_tag(200);
        poll(&mut events, NO_WAIT);
        sem.take(NO_WAIT);
        assert_eq!(poll(&mut events, NO_WAIT), err(EAGAIN));
        assert_eq!(
            events[0].state(),
            2,
            "the state of the call before is still there"
        );
        events[0].set_state(0);
        assert_eq!(poll(&mut events, ticks(1)), err(EAGAIN));
        assert_eq!(events[0].state(), 0);
        assert_eq!(
            (events[0].tag(), events[0].type_(), events[0].mode()),
            (200, 2, 0)
        );
    });
}

#[test]
fn poll_times_out_to_the_tick() {
    sim::run(|| {
        let sem = Sem::new(0, 1);
        assert_eq!(poll_one(sem, ticks(100)), err(EAGAIN));
        assert_eq!(now(), 101);
        assert_eq!(poll_one(sem, at(150)), err(EAGAIN));
        assert_eq!(now(), 150);
        assert_eq!(poll_one(sem, at(20)), err(EAGAIN));
        assert_eq!(now(), 151, "a time that has passed is the next tick");
    });
}

#[test]
fn all_available_events_are_marked_and_ignored_ones_are_not() {
    sim::run(|| {
        let (full, empty, other) = (Sem::new(1, 1), Sem::new(0, 1), Sem::new(1, 1));
        let mut events = [
            event(Some(empty)),
            event(None),
            event(Some(full)),
            event(Some(other)),
        ];
        assert_eq!(poll(&mut events, FOREVER), 0);
        assert_eq!(events.map(|event| event.state()), [0, 0, 2, 2]);
    });
}

#[test]
fn the_event_whose_semaphore_was_given_is_marked() {
    sim::run(|| {
        let sems = [Sem::new(0, 1), Sem::new(0, 1), Sem::new(0, 1)];
        let poller = sim::spawn("poller", -1, move || {
            let mut events = sems.map(|sem| event(Some(sem)));
            assert_eq!(poll(&mut events, FOREVER), 0);
            assert_eq!(events.map(|event| event.state()), [0, 2, 0]);
        });
        sems[1].give();
        poller.join();
        assert_eq!(sems[1].count(), 1);
    });
}

#[test]
fn gives_before_the_poller_runs_mark_their_events_too() {
    sim::run(|| {
        let sems = [Sem::new(0, 1), Sem::new(0, 1)];
        let poller = sim::spawn("poller", 5, move || {
            let mut events = sems.map(|sem| event(Some(sem)));
            assert_eq!(poll(&mut events, FOREVER), 0);
            assert_eq!(events.map(|event| event.state()), [2, 2]);
        });
        sleep(ticks(1));
        sems[0].give();
        sems[1].give();
        poller.join();
    });
}

#[test]
fn one_give_notifies_one_poller_by_priority() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sem = Sem::new(0, 9);
        for (name, priority) in [("low", 6), ("first", 4), ("second", 4)] {
            let log = log.clone();
            sim::spawn(name, priority, move || {
                poll_one(sem, FOREVER);
                log.add(name);
            });
        }
        sleep(ticks(1));
        for _ in 0..3 {
            sem.give();
            sleep(ticks(1));
            log.add("|");
        }
    });
    assert_eq!(seen.text(), "first | second | low |");
}

#[test]
fn a_poll_of_nothing_is_a_sleep() {
    sim::run(|| {
        assert_eq!(poll(&mut [], ticks(4)), err(EAGAIN));
        assert_eq!(poll(&mut [event(None)], ticks(4)), err(EAGAIN));
        assert_eq!(now(), 10);
        // SAFETY: no event is looked at.
        let code = unsafe { k_poll(std::ptr::null_mut(), -1, NO_WAIT) };
        assert_eq!(code, err(EINVAL));
    });
}

#[test]
fn a_cancelled_poll_is_interrupted_and_no_other_wait_is() {
    sim::run(|| {
        let sems = [Sem::new(0, 1), Sem::new(0, 1)];
        let poller = sim::spawn("poller", -1, move || {
            let mut events = sems.map(|sem| event(Some(sem)));
            assert_eq!(poll(&mut events, ticks(50)), err(EINTR));
            assert_eq!(events.map(|event| event.state()), [8, 0]);
            assert_eq!(poll_one(sems[0], ticks(50)), err(EAGAIN));
            assert_eq!(now(), 71, "the time-out of the poll before is gone");
        });
        sim::spawn("taker", -1, move || {
            assert_eq!(sems[1].take(ticks(30)), err(EAGAIN))
        });
        sleep(ticks(19));
        assert_eq!(sim::call_in_isr(sim::cancel_polls), 1);
        poller.join();
        assert_eq!(sim::cancel_polls(), 0);
    });
}
