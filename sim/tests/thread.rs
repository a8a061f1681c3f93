//! The simulator's threads.

mod common;

use common::*;

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
        sim::spawn("reader", -1, move || {
            pipe.read_into(&mut [0], FOREVER);
        });
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
