//! Threads: priorities, preemption and sleeping.

use super::log::Log;
use super::objects::{LONG, Sem, in_isr, sleep, ticks, yield_now};
use super::platform::{Thread, call_in_isr, spawn};

/// A thread that logs when it runs, each time `sem` is given, `times` times.
pub(super) fn echo(log: Log, name: &'static str, priority: i32, sem: Sem, times: u32) -> Thread {
    spawn(priority, move || {
        for _ in 0..times {
            sem.take(LONG);
            log.add(name);
        }
    })
}

pub(super) fn a_higher_priority_runs_at_once_and_a_lower_one_later(log: Log) {
    let (high, low) = (Sem::new(0, 1), Sem::new(0, 1));
    let threads = [echo(log, "high", -1, high, 1), echo(log, "low", 1, low, 1)];
    low.give();
    log.add("gave-low");
    high.give();
    log.add("gave-high");
    for thread in threads {
        thread.join();
    }
}

pub(super) fn equals_run_in_the_order_they_became_ready_and_do_not_preempt(log: Log) {
    let sems = [Sem::new(0, 1), Sem::new(0, 1)];
    let threads = [echo(log, "a", 0, sems[0], 1), echo(log, "b", 0, sems[1], 1)];
    sleep(ticks(1));
    sems[1].give();
    sems[0].give();
    log.add("gave");
    yield_now();
    log.add("back");
    for thread in threads {
        thread.join();
    }
}

pub(super) fn a_preempted_thread_goes_on_before_its_equals(log: Log) {
    let sem = Sem::new(0, 1);
    let high = echo(log, "high", -1, sem, 1);
    let equal = spawn(0, move || log.add("equal"));
    sem.give();
    log.add("main");
    high.join();
    equal.join();
}

pub(super) fn a_cooperative_thread_is_not_preempted(log: Log) {
    let sem = Sem::new(0, 1);
    let higher = echo(log, "higher", -5, sem, 2);
    let cooperative = spawn(-1, move || {
        sem.give();
        log.add("gave");
        call_in_isr(&mut || sem.give());
        log.add("interrupted");
        yield_now();
        log.add("yielded");
    });
    sleep(ticks(1));
    higher.join();
    cooperative.join();
}

pub(super) fn an_interrupt_switches_to_the_best_thread_when_it_returns(log: Log) {
    let sem = Sem::new(0, 1);
    let high = echo(log, "high", -1, sem, 1);
    call_in_isr(&mut || {
        sem.give();
        log.add(if in_isr() { "isr" } else { "thread" });
    });
    log.add("main");
    high.join();
}

pub(super) fn sleepers_of_one_tick_wake_in_the_order_they_slept(log: Log) {
    let sleepers = ["a", "b", "c"].map(|name| {
        spawn(2, move || {
            sleep(ticks(5));
            log.tick(name);
        })
    });
    for sleeper in sleepers {
        sleeper.join();
    }
}

pub(super) fn join_waits_for_the_end(log: Log) {
    let worker = spawn(3, move || {
        sleep(ticks(4));
        log.tick("done");
    });
    worker.join();
    log.tick("joined");
}
