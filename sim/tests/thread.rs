//! Threads: priorities, preemption, sleeping and joining.

mod common;

use common::*;

/// A thread that says when it runs, each time `sem` is given.
fn echo(name: &'static str, priority: i32, sem: Sem, log: &Log) {
    let log = log.clone();
    sim::spawn(name, priority, move || {
        while sem.take(FOREVER) == 0 {
            log.add(name);
        }
    });
}

#[test]
fn a_higher_priority_thread_runs_at_once_and_a_lower_one_later() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let (high, low) = (Sem::new(0, 1), Sem::new(0, 1));
        echo("high", -1, high, &log);
        echo("low", 1, low, &log);
        low.give();
        log.add("gave-low");
        high.give();
        log.add("gave-high");
        sleep(ticks(1));
    });
    assert_eq!(seen.text(), "gave-low high gave-high low");
}

#[test]
fn equals_run_in_the_order_they_became_ready_and_do_not_preempt() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sems = [Sem::new(0, 1), Sem::new(0, 1)];
        echo("a", 0, sems[0], &log);
        echo("b", 0, sems[1], &log);
        sleep(ticks(1));
        sems[1].give();
        sems[0].give();
        log.add("gave");
        yield_now();
        log.add("back");
    });
    assert_eq!(seen.text(), "gave b a back");
}

#[test]
fn a_preempted_thread_goes_on_before_its_equals() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sem = Sem::new(0, 1);
        echo("high", -1, sem, &log);
        let other = log.clone();
        sim::spawn("equal", 0, move || other.add("equal"));
        sem.give();
        log.add("main");
        sleep(ticks(1));
    });
    assert_eq!(seen.text(), "high main equal");
}

#[test]
fn a_cooperative_thread_is_not_preempted() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sem = Sem::new(0, 1);
        echo("higher", -5, sem, &log);
        let coop = log.clone();
        sim::spawn("coop", -1, move || {
            sem.give();
            coop.add("gave");
            sim::call_in_isr(|| sem.give());
            coop.add("interrupted");
            yield_now();
            coop.add("yielded");
        });
        sleep(ticks(1));
    });
    assert_eq!(seen.text(), "gave interrupted higher higher yielded");
}

#[test]
fn an_interrupt_switches_to_the_best_thread_when_it_returns() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sem = Sem::new(0, 1);
        echo("high", -1, sem, &log);
        sim::call_in_isr(|| {
            assert!(in_isr());
            sem.give();
            log.add("isr");
        });
        log.add("main");
    });
    assert_eq!(seen.text(), "isr high main");
}

#[test]
fn sleep_rounds_up_by_one_tick_and_no_sleep_is_a_yield() {
    sim::run(|| {
        assert_eq!(sleep(ticks(10)), 0);
        assert_eq!(now(), 11);
        assert_eq!(sleep(at(40)), 0);
        assert_eq!(now(), 40);
        assert_eq!(sleep(NO_WAIT), 0);
        assert_eq!(now(), 40);
    });
}

#[test]
fn sleepers_of_one_tick_wake_in_the_order_they_slept() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        for name in ["a", "b", "c"] {
            let log = log.clone();
            sim::spawn(name, 2, move || {
                sleep(ticks(5));
                log.tick(name);
            });
        }
        sleep(ticks(9));
    });
    assert_eq!(seen.text(), "a@6 b@6 c@6");
}

#[test]
fn join_waits_for_the_end_and_returns_at_once_after_it() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let worker = log.clone();
        let thread = sim::spawn("worker", 3, move || {
            sleep(ticks(4));
            worker.tick("done");
        });
        thread.join();
        log.tick("joined");
        thread.join();
        log.tick("again");
    });
    assert_eq!(seen.text(), "done@5 joined@5 again@5");
}

#[test]
fn a_report_tells_what_each_thread_waits_for() {
    sim::run(|| {
        let (sem, pipe) = (Sem::new(0, 1), Pipe::new(1));
        sim::spawn("taker", -1, move || {
            sem.take(ticks(99));
        });
        sim::spawn("poller", -1, move || {
            poll(&mut [event(Some(sem))], FOREVER);
        });
        sim::spawn("reader", -1, move || drop(pipe.read(1, FOREVER)));
        let sleeper = sim::spawn("sleeper", -1, || {
            sleep(at(7));
        });
        sim::spawn("joiner", -1, move || sleeper.join());
        sim::spawn("done", -1, || {});
        sim::spawn("ready", 1, || {});
        let states: Vec<_> = sim::threads().iter().map(ToString::to_string).collect();
        assert_eq!(
            states,
            [
                "main (priority 0): running",
                "taker (priority -1): k_sem_take, until tick 100",
                "poller (priority -1): k_poll on 1 event, forever",
                "reader (priority -1): k_pipe_read, forever",
                "sleeper (priority -1): k_sleep, until tick 7",
                "joiner (priority -1): join of sleeper, forever",
                "done (priority -1): finished",
                "ready (priority 1): ready",
            ]
        );
    });
}
