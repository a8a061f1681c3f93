//! The beginning and the end of a run.

mod common;

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use common::*;

/// Calls the kernel when dropped, and counts that it was.
struct Guard {
    sem: Sem,
    drops: Rc<Cell<u32>>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.drops.set(self.drops.get() + 1);
        // With the kernel gone there is nothing to take, and no thread to wake.
        assert_ne!(self.sem.take(FOREVER), 0);
        self.sem.give();
        assert_eq!(self.sem.count(), 0);
        sleep(FOREVER);
    }
}

#[test]
fn run_returns_what_main_returns() {
    assert_eq!(sim::run(|| String::from("value")), "value");
}

#[test]
fn blocked_and_unstarted_threads_are_torn_down_and_their_values_dropped() {
    let drops = Rc::new(Cell::new(0));
    let count = Rc::clone(&drops);
    sim::run(move || {
        let sem = Sem::new(0, 1);
        let guard = |drops: &Rc<Cell<u32>>| Guard {
            sem,
            drops: Rc::clone(drops),
        };
        let (blocked, unstarted) = (guard(&count), guard(&count));
        sim::spawn("blocked", -1, move || {
            let _guard = blocked;
            sem.take(FOREVER);
            unreachable!("nobody gives");
        });
        sim::spawn("unstarted", 1, move || drop(unstarted));
    });
    assert_eq!(drops.get(), 2);
    assert_eq!(Rc::strong_count(&drops), 1);
}

#[test]
fn a_thread_suspended_in_a_callback_is_leaked() {
    let drops = Rc::new(Cell::new(0));
    let count = Rc::clone(&drops);
    let fault = fault(move || {
        let sem = Sem::new(0, 1);
        Pin(0).configure(0);
        Pin(0).interrupt(BOTH);
        Callback::new(1, move |_| sem.give()).add();
        sim::spawn("high", -1, move || {
            sem.take(FOREVER);
            // `main` is in the callback, which this thread has preempted.
            sim::call_in_isr(yield_now);
        });
        let _guard = Guard { sem, drops: count };
        Pin(0).drive(true);
    });
    assert_eq!(fault.kind, FaultKind::WaitInIsr);
    assert_eq!(drops.get(), 0);
}

#[test]
fn a_fault_unwinds_the_thread_it_happens_in() {
    let drops = Rc::new(Cell::new(0));
    let count = Rc::clone(&drops);
    fault(move || {
        let _guard = Guard {
            sem: Sem::new(0, 1),
            drops: count,
        };
        sleep(FOREVER);
    });
    assert_eq!(drops.get(), 1);
}

#[test]
fn a_panic_in_a_thread_reaches_the_caller_with_its_payload() {
    #[derive(Debug, PartialEq)]
    struct Payload(u32);
    let drops = Rc::new(Cell::new(0));
    let count = Rc::clone(&drops);
    let caught = catch_unwind(AssertUnwindSafe(|| {
        sim::run(move || {
            let sem = Sem::new(0, 1);
            sim::spawn("doomed", -1, move || {
                let _guard = Guard { sem, drops: count };
                std::panic::panic_any(Payload(7));
            });
        })
    }));
    assert_eq!(caught.unwrap_err().downcast_ref(), Some(&Payload(7)));
    assert_eq!(drops.get(), 1);
    sim::run(|| {
        sleep(ticks(1));
    });
}

#[test]
#[should_panic(expected = "in the isr")]
fn a_panic_in_an_isr_reaches_the_caller() {
    sim::run(|| sim::call_in_isr(|| panic!("in the isr")));
}

#[test]
#[should_panic(expected = "outside `zephyr::sim::run`")]
fn a_call_without_a_kernel_panics() {
    now();
}

#[test]
#[should_panic(expected = "runs on this OS thread already")]
fn a_run_within_a_run_panics() {
    sim::run(|| sim::run(|| {}));
}

#[test]
fn statics_are_used_again_by_the_next_run() {
    let (sem, pipe) = (Sem(object()), Pipe(object()));
    for _ in 0..3 {
        sim::run(move || {
            assert_eq!(sem.init(0, 5), 0);
            pipe.init(16);
            assert_eq!(sem.count(), 0);
            let code = pipe.read_into(&mut [0], NO_WAIT);
            assert_eq!(code, err(zephyr::raw::EAGAIN));
            sem.give();
            pipe.write(b"left", NO_WAIT);
            sim::spawn("blocked", -1, move || {
                pipe.read_into(&mut [0; 9], FOREVER);
            });
        });
    }
}

#[test]
fn each_os_thread_has_its_own_kernel() {
    let threads: Vec<_> = (1..=4)
        .map(|n| {
            std::thread::spawn(move || {
                sim::run(move || {
                    sleep(ticks(n * 100));
                    now()
                })
            })
        })
        .collect();
    let ends: Vec<_> = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    assert_eq!(ends, [101, 201, 301, 401]);
}

/// A busy run, and everything that happened in it.
fn trace() -> Vec<String> {
    let trace = Rc::new(RefCell::new(Vec::new()));
    let events = Rc::clone(&trace);
    sim::run(move || {
        let note = move |event: &str| events.borrow_mut().push(format!("{event}@{}", now()));
        let (sem, pipe) = (Sem::new(0, 100), Pipe::new(8));
        Pin(0).configure(0);
        Pin(0).interrupt(BOTH);
        let edge = note.clone();
        let record = move |_| {
            edge("edge");
            pipe.write(b"edge", NO_WAIT);
            sem.give();
        };
        Callback::new(1, record).add();
        let level = Cell::new(false);
        let feed = move || {
            level.set(!level.get());
            Pin(0).drive(level.get());
        };
        Timer::new(feed).start(ticks(7), ticks(7));
        for (name, priority) in [("a", 1), ("b", 1), ("c", 2)] {
            let note = note.clone();
            sim::spawn(name, priority, move || {
                loop {
                    poll_one(sem, ticks(10));
                    note(name);
                    if sem.take(NO_WAIT) == 0 {
                        pipe.read_into(&mut [0; 4], NO_WAIT);
                    }
                    yield_now();
                }
            });
        }
        sleep(ticks(500));
    });
    trace.take()
}

#[test]
fn two_runs_are_the_same_to_the_last_event() {
    let first = trace();
    assert!(first.len() > 200);
    assert_eq!(first, trace());
}
