//! Faults: what ends a run, and the report.

mod common;

use common::*;
use zephyr::raw::{gpio_pin_get_raw, k_poll_event, k_timer, k_timer_start};

#[test]
fn a_deadlock_names_what_every_thread_waits_for() {
    let fault = fault(|| {
        let sem = Sem::new(0, 1);
        sim::spawn("reader", 4, move || {
            poll_one(sem, FOREVER);
        });
        sleep(ticks(9));
        sem.take(FOREVER);
    });
    assert_eq!(
        fault.to_string(),
        "Deadlock at tick 10: no thread is ready and no time-out is pending\n  \
         main (priority 0): k_sem_take, forever\n  \
         reader (priority 4): k_poll on 1 event, forever"
    );
}

#[test]
fn calls_without_end_in_one_instant_are_a_fault() {
    let options = Options {
        calls_max: 1000,
        ..Options::default()
    };
    let fault = sim::try_run(options, || {
        for _ in 0..9 {
            for _ in 0..900 {
                now();
            }
            sleep(ticks(1));
        }
        loop {
            yield_now();
        }
    })
    .unwrap_err();
    assert_eq!((fault.kind, fault.tick), (FaultKind::RunAway, 18));
    assert!(fault.message.contains("k_yield"), "{fault}");
}

#[test]
fn time_without_end_is_a_fault() {
    let options = Options {
        ticks_max: 100,
        ..Options::default()
    };
    let fault = sim::try_run(options, || {
        Timer::new(|| {}).start(ticks(30), ticks(30));
        sleep(FOREVER);
    })
    .unwrap_err();
    assert_eq!((fault.kind, fault.tick), (FaultKind::RunAway, 90));
}

#[test]
fn waiting_in_an_isr_is_a_fault_even_if_it_would_not_wait() {
    let calls: [fn(Sem, Pipe); 8] = [
        |sem, _| {
            sem.take(ticks(1));
        },
        |sem, _| {
            poll_one(sem, FOREVER);
        },
        |sem, _| {
            poll_one(sem, NO_WAIT);
        },
        |_, pipe| {
            pipe.write(b"a", FOREVER);
        },
        |_, pipe| {
            pipe.read_into(&mut [0], NO_WAIT);
        },
        |_, _| {
            sleep(ticks(1));
        },
        |_, _| yield_now(),
        |_, _| {
            sim::spawn("thread", 9, || {});
        },
    ];
    for call in calls {
        let in_timer = fault(move || {
            let (sem, pipe) = (Sem::new(1, 1), Pipe::new(4));
            Timer::new(move || call(sem, pipe)).start(ticks(2), NO_WAIT);
            sleep(FOREVER);
        });
        assert_eq!((in_timer.kind, in_timer.tick), (FaultKind::WaitInIsr, 2));
        let in_call = fault(move || {
            let (sem, pipe) = (Sem::new(1, 1), Pipe::new(4));
            sim::call_in_isr(|| call(sem, pipe));
        });
        assert_eq!(in_call.kind, FaultKind::WaitInIsr);
    }
}

#[test]
fn joining_in_an_isr_is_a_fault() {
    let fault = fault(|| {
        let thread = sim::spawn("thread", -1, || {});
        sim::call_in_isr(|| thread.join());
    });
    assert_eq!(fault.kind, FaultKind::WaitInIsr);
}

#[test]
fn what_may_be_called_in_an_isr_works_there() {
    sim::run(|| {
        let (sem, pipe) = (Sem::new(0, 1), Pipe::new(4));
        sim::call_in_isr(|| {
            sem.give();
            assert_eq!(sem.take(NO_WAIT), 0);
            assert_eq!(pipe.write(b"abcdef", NO_WAIT), 4);
        });
    });
}

#[test]
fn an_object_that_was_not_initialised_is_a_fault() {
    let uses: [fn(); 5] = [
        || Sem(object()).give(),
        || Pipe(object()).close(),
        || {
            poll_one(Sem(object()), NO_WAIT);
        },
        // SAFETY: the object is leaked.
        || unsafe { k_timer_start(object::<k_timer>(), NO_WAIT, NO_WAIT) },
        // SAFETY: ports are static; this kernel has only two.
        || unsafe {
            gpio_pin_get_raw(sim::gpio(2), 0);
        },
    ];
    for bad in uses {
        assert_eq!(fault(bad).kind, FaultKind::Uninitialised);
    }
}

#[test]
fn an_object_that_was_moved_is_a_fault() {
    let fault = fault(|| {
        let here = Sem::new(0, 1);
        let there = Sem(object());
        // SAFETY: both are leaked, and a semaphore may be moved while it is not in use.
        unsafe { here.0.swap(there.0) };
        there.give();
    });
    assert_eq!(fault.kind, FaultKind::Uninitialised);
    assert!(fault.message.contains("k_sem"), "{fault}");
}

#[test]
fn an_object_of_an_earlier_run_is_a_fault() {
    let sem = sim::run(|| Sem::new(1, 1));
    assert_eq!(fault(move || sem.give()).kind, FaultKind::Uninitialised);
}

#[test]
fn a_poll_event_of_another_kind_is_a_fault() {
    let fault = fault(|| {
        let mut event = k_poll_event::default();
        event.set_type(zephyr::raw::ZR_POLL_TYPE_SIGNAL);
        poll(&mut [event], NO_WAIT);
    });
    assert_eq!(fault.kind, FaultKind::NotModelled);
}

#[test]
#[should_panic(expected = "Deadlock at tick 0")]
fn run_panics_with_the_text_of_a_fault() {
    sim::run(|| {
        sleep(FOREVER);
    });
}

#[test]
fn a_fault_stops_the_context_it_happens_in() {
    let log = Log::default();
    let seen = log.clone();
    fault(move || {
        log.add("before");
        sim::call_in_isr(yield_now);
        log.add("after");
    });
    assert_eq!(seen.text(), "before");
}
