//! Wake-ups where no switch may follow, and the ways to reschedule afterwards.

mod common;

use common::*;
use zephyr::sim::{Explore, Limits};
use zephyr::sync::SpinMutex;

/// A thread above `main` that waits already, and logs when `wait` has returned.
fn waiting(log: &Log, wait: impl FnOnce() + 'static) -> sim::Thread {
    let log = log.clone();
    sim::spawn("high", -1, move || {
        wait();
        log.add("high");
    })
}

/// A name, what wakes a thread, and what that thread waits in.
type Wake = (&'static str, fn(), fn());

fn wakes() -> [Wake; 4] {
    // Tests run side by side, each on an OS thread of its own.
    thread_local! {
        static SEM: std::cell::Cell<Option<Sem>> = const { std::cell::Cell::new(None) };
        static PIPE: std::cell::Cell<Option<Pipe>> = const { std::cell::Cell::new(None) };
    }
    fn sem() -> Sem {
        SEM.get().expect("it is set")
    }
    fn pipe() -> Pipe {
        PIPE.get().expect("it is set")
    }
    fn fresh(bytes: &[u8]) {
        PIPE.set(Some(Pipe::new(4)));
        assert_eq!(pipe().write(bytes, NO_WAIT), bytes.len() as i32);
    }
    [
        (
            "give",
            || sem().give(),
            || {
                SEM.set(Some(Sem::new(0, 1)));
                assert_eq!(sem().take(FOREVER), 0);
            },
        ),
        (
            "write",
            || assert_eq!(pipe().write(&[1, 2], NO_WAIT), 2),
            || {
                fresh(&[]);
                assert_eq!(pipe().read_into(&mut [0; 2], FOREVER), 2);
            },
        ),
        (
            "read",
            || assert_eq!(pipe().read_into(&mut [0; 2], NO_WAIT), 2),
            || {
                fresh(&[1; 4]);
                assert_eq!(pipe().write(&[2; 2], FOREVER), 2);
            },
        ),
        (
            "close",
            || pipe().close(),
            || {
                fresh(&[]);
                assert_eq!(
                    pipe().read_into(&mut [0; 2], FOREVER),
                    err(zephyr::raw::EPIPE)
                );
            },
        ),
    ]
}

#[test]
fn whoever_is_woken_under_a_spinlock_runs_when_the_scheduler_is_made_to_look() {
    for (name, wake, wait) in wakes() {
        let log = Log::default();
        let seen = log.clone();
        sim::run(move || {
            let high = waiting(&log, wait);
            let mutex = SpinMutex::new(());
            let guard = mutex.lock();
            wake();
            log.add("held");
            reschedule();
            log.add("still-held");
            drop(guard);
            log.add("released");
            reschedule();
            log.add("main");
            high.join();
        });
        assert_eq!(seen.text(), "held still-held released high main", "{name}");
    }
}

#[test]
fn whoever_is_woken_with_interrupts_locked_runs_when_the_scheduler_is_made_to_look() {
    for (name, wake, wait) in wakes() {
        let log = Log::default();
        let seen = log.clone();
        sim::run(move || {
            let high = waiting(&log, wait);
            let key = irq_lock();
            wake();
            irq_unlock(key);
            log.add("unlocked");
            reschedule();
            log.add("main");
            high.join();
        });
        assert_eq!(seen.text(), "unlocked high main", "{name}");
    }
}

#[test]
fn no_schedule_has_a_thread_run_while_a_spinlock_is_held() {
    for (_, wake, wait) in wakes() {
        sim::explore(&Explore::exhaustive(Limits::NONE), move || {
            let log = Log::default();
            let high = waiting(&log, wait);
            // It may not wait yet.
            sleep(ticks(1));
            let mutex = SpinMutex::new(());
            let guard = mutex.lock();
            wake();
            cycles();
            log.add("held");
            drop(guard);
            reschedule();
            high.join();
            assert_eq!(log.text(), "held high");
        });
    }
}

#[test]
fn a_scheduler_lock_keeps_higher_threads_from_running_until_the_last_unlock() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sem = Sem::new(0, 1);
        let high = waiting(&log, move || assert_eq!(sem.take(FOREVER), 0));
        sched_lock();
        sched_lock();
        sem.give();
        log.add("given");
        sim::call_in_isr(|| log.add("isr"));
        sched_unlock();
        reschedule();
        log.add("still-locked");
        sched_unlock();
        log.add("main");
        high.join();
    });
    assert_eq!(seen.text(), "given isr still-locked high main");
}

#[test]
fn a_scheduler_lock_holds_in_every_schedule_and_a_wait_gives_the_cpu_away() {
    sim::explore(&Explore::exhaustive(Limits::NONE), || {
        let log = Log::default();
        let other = log.clone();
        let other = sim::spawn("other", 0, move || other.add("other"));
        sched_lock();
        let before = log.text();
        cycles();
        assert_eq!(log.text(), before);
        other.join();
        assert_eq!(log.text(), "other");
        sched_unlock();
    });
}

#[test]
fn an_unlock_of_a_scheduler_that_is_not_locked_is_a_fault() {
    assert_eq!(fault(sched_unlock).kind, FaultKind::Assertion);
    assert_eq!(
        fault(|| sim::call_in_isr(sched_lock)).kind,
        FaultKind::WaitInIsr
    );
}

#[test]
fn in_an_isr_the_scheduler_looks_at_its_end_only() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let sem = Sem::new(0, 1);
        let high = waiting(&log, move || assert_eq!(sem.take(FOREVER), 0));
        sim::call_in_isr(|| {
            sem.give();
            reschedule();
            log.add("isr");
        });
        log.add("main");
        high.join();
    });
    assert_eq!(seen.text(), "isr high main");
}

#[test]
fn a_pipe_is_as_large_as_16_bits_allow() {
    assert_eq!(size_of::<zephyr::raw::ring_buf_idx_t>(), 2);
    sim::run(|| assert_eq!(Pipe::new(0x7fff).write(&[0; 0x7fff], NO_WAIT), 0x7fff));
    let fault = fault(|| Pipe::new(0x8000).close());
    assert_eq!(fault.kind, FaultKind::Assertion);
    assert!(fault.message.contains("Size too big"), "{fault}");
}
