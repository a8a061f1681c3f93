//! `k_poll` on semaphores.

use zephyr::raw::{k_poll, k_poll_event};

use super::log::Log;
use super::objects::{LONG, NO_WAIT, Sem, at, event, poll, poll_one, sleep, ticks};
use super::platform::spawn;

fn add_states(log: Log, events: &[k_poll_event]) {
    events.iter().for_each(|event| log.add(event.state()));
}

pub(super) fn an_available_semaphore_is_reported_and_not_taken(log: Log) {
    let sem = Sem::new(1, 1);
    let mut events = [event(Some(sem))];
    log.code(poll(&mut events, NO_WAIT));
    add_states(log, &events);
    log.add(sem.count());
}

pub(super) fn state_is_added_to_and_never_cleared(log: Log) {
    let sem = Sem::new(1, 1);
    let mut events = [event(Some(sem))];
    events[0].set_tag(200);
    poll(&mut events, NO_WAIT);
    sem.take(NO_WAIT);
    log.code(poll(&mut events, NO_WAIT));
    add_states(log, &events);
    events[0].set_state(0);
    log.code(poll(&mut events, ticks(1)));
    add_states(log, &events);
    let event = &events[0];
    log.add(format_args!(
        "tag {} type {} mode {}",
        event.tag(),
        event.type_(),
        event.mode()
    ));
}

pub(super) fn a_poll_times_out_to_the_tick(log: Log) {
    let sem = Sem::new(0, 1);
    for timeout in [ticks(100), at(log.at(150)), at(log.at(20))] {
        log.code_at(poll_one(sem, timeout));
    }
}

pub(super) fn all_available_events_are_marked_and_ignored_ones_are_not(log: Log) {
    let (full, empty, other) = (Sem::new(1, 1), Sem::new(0, 1), Sem::new(1, 1));
    let mut events = [Some(empty), None, Some(full), Some(other)].map(event);
    log.code(poll(&mut events, LONG));
    add_states(log, &events);
}

pub(super) fn the_event_whose_semaphore_was_given_is_marked(log: Log) {
    let sems = [Sem::new(0, 1), Sem::new(0, 1), Sem::new(0, 1)];
    let poller = spawn(-1, move || {
        let mut events = sems.map(|sem| event(Some(sem)));
        log.code(poll(&mut events, LONG));
        add_states(log, &events);
    });
    sems[1].give();
    log.add(sems[1].count());
    poller.join();
}

pub(super) fn gives_before_the_poller_runs_mark_their_events_too(log: Log) {
    let sems = [Sem::new(0, 1), Sem::new(0, 1)];
    let poller = spawn(5, move || {
        let mut events = sems.map(|sem| event(Some(sem)));
        log.code(poll(&mut events, LONG));
        add_states(log, &events);
    });
    sleep(ticks(1));
    for sem in sems {
        sem.give();
    }
    poller.join();
}

pub(super) fn one_give_notifies_one_poller_by_priority(log: Log) {
    let sem = Sem::new(0, 9);
    let pollers = [("low", 6), ("first", 4), ("second", 4)].map(|(name, priority)| {
        spawn(priority, move || {
            poll_one(sem, LONG);
            log.add(name);
        })
    });
    sleep(ticks(1));
    for _ in 0..3 {
        sem.give();
        sleep(ticks(1));
        log.add("|");
    }
    for poller in pollers {
        poller.join();
    }
}

pub(super) fn a_poll_of_nothing_is_a_sleep(log: Log) {
    log.code_at(poll(&mut [], ticks(4)));
    log.code_at(poll(&mut [event(None)], ticks(4)));
}

pub(super) fn a_poll_of_less_than_nothing_is_one_of_nothing(log: Log) {
    // SAFETY: no event is accessed.
    log.code(unsafe { k_poll(core::ptr::null_mut(), -1, NO_WAIT) });
}
