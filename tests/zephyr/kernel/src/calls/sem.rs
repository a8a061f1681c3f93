//! `k_sem`.

use zephyr::raw::K_SEM_MAX_LIMIT;

use super::log::Log;
use super::objects::{
    FOREVER, LONG, NO_WAIT, Sem, Timer, at, event, object, poll, poll_one, sleep, ticks,
};
use super::platform::spawn;

pub(super) fn init_refuses_a_limit_of_zero_and_a_count_above_the_limit(log: Log) {
    let sem = Sem(object());
    for (count, limit) in [(0, 0), (2, 1), (1, 1)] {
        log.code(sem.init(count, limit));
    }
}

pub(super) fn gives_count_up_to_the_limit(log: Log) {
    let sem = Sem::new(0, 2);
    for _ in 0..3 {
        sem.give();
        log.add(sem.count());
    }
    for timeout in [NO_WAIT, FOREVER, NO_WAIT] {
        log.code(sem.take(timeout));
    }
    let most = Sem::new(K_SEM_MAX_LIMIT, K_SEM_MAX_LIMIT);
    most.give();
    log.add(most.count());
}

pub(super) fn a_take_times_out_one_tick_after_its_ticks_have_passed(log: Log) {
    let sem = Sem::new(0, 1);
    for timeout in [ticks(10), at(log.at(50)), at(log.at(20))] {
        log.code_at(sem.take(timeout));
    }
}

pub(super) fn a_give_wakes_the_highest_priority_then_the_longest_waiter(log: Log) {
    let sem = Sem::new(0, 9);
    let waiters = [("low", 5), ("first", 3), ("second", 3)].map(|(name, priority)| {
        spawn(priority, move || {
            sem.take(LONG);
            log.add(name);
        })
    });
    sleep(ticks(1));
    for _ in 0..3 {
        sem.give();
        sleep(ticks(1));
    }
    for waiter in waiters {
        waiter.join();
    }
}

pub(super) fn a_give_to_a_waiter_does_not_count(log: Log) {
    let sem = Sem::new(0, 1);
    let waiter = spawn(-1, move || log.code(sem.take(LONG)));
    sem.give();
    log.add(sem.count());
    waiter.join();
}

pub(super) fn a_give_in_an_isr_wakes_in_its_tick(log: Log) {
    let sem = Sem::new(0, 1);
    let timer = Timer::new(move || sem.give());
    timer.start(ticks(7), NO_WAIT);
    log.code_at(sem.take(ticks(9)));
}

pub(super) fn a_waiter_goes_before_a_poller(log: Log) {
    let sem = Sem::new(0, 1);
    let poller = spawn(-2, move || {
        poll_one(sem, LONG);
        log.add("poller");
    });
    let taker = spawn(7, move || {
        sem.take(LONG);
        log.add("taker");
    });
    sleep(ticks(1));
    sem.give();
    sleep(ticks(1));
    sem.give();
    poller.join();
    taker.join();
}

pub(super) fn a_reset_sends_takers_away_and_empties(log: Log) {
    let sem = Sem::new(2, 3);
    sem.reset();
    log.add(sem.count());
    let taker = spawn(-1, move || log.code(sem.take(LONG)));
    sem.reset();
    taker.join();
}

pub(super) fn what_a_reset_does_to_a_poller(log: Log) {
    let sem = Sem::new(0, 1);
    let poller = spawn(-1, move || {
        let mut events = [event(Some(sem))];
        log.code(poll(&mut events, LONG));
        log.add(events[0].state());
        log.add(sem.count());
    });
    sem.reset();
    poller.join();
}
