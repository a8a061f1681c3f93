//! Observing a run.

mod common;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use common::*;
use zephyr::sim::Moment;

#[test]
fn the_observer_sees_every_step_and_every_idle_moment() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        sim::observe(move |moment| log.tick(format_args!("{moment:?}")));
        cycles();
        sleep(ticks(4));
        cycles();
    });
    assert_eq!(
        seen.text(),
        "Running@0 Running@0 Idle@0 Running@5",
        "the two reads of the counter, and the sleep"
    );
}

#[test]
fn the_observer_may_do_what_an_isr_may() {
    let was_in_isr = Rc::new(Cell::new(false));
    let seen = Rc::clone(&was_in_isr);
    sim::run(move || {
        let mutex = zephyr::sync::SpinMutex::new(());
        sim::observe(move |_| {
            let _guard = mutex.lock();
            was_in_isr.set(in_isr());
        });
        cycles();
    });
    assert!(seen.get());
    let waiting = fault(|| {
        let sem = Sem::new(0, 1);
        sim::observe(move |_| assert_eq!(sem.take(FOREVER), 0));
        cycles();
    });
    assert_eq!(waiting.kind, FaultKind::WaitInIsr);
}

#[test]
fn a_panic_of_the_observer_ends_the_run() {
    for idle in [false, true] {
        let run = || {
            sim::run(move || {
                sim::observe(move |moment| assert_eq!(moment == Moment::Idle, !idle, "seen"));
                sleep(ticks(1));
            })
        };
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    }
}
