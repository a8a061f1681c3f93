//! Pollers whose `k_poll` returns `-EINTR`: they go on waiting. A thread that waits at one capture
//! is in `k_sem_take`, which nothing cancels.

use edgepipe::{
    Error, PollSet, Token, Wake,
    sys::{
        clock,
        timer::{Expiry, Timer},
    },
};
use zephyr::sim::{self, Limits};
use zephyr::time::Duration;

use crate::explore::{Bench, walk, watch};
use crate::support::{check_recovered, sleep_ticks};

/// A timer that cancels every poll.
struct Cancel;

impl Expiry for Cancel {
    type Target = Timer;

    fn expired(timer: &'static Timer) {
        timer.start_at(clock::uptime_ticks() + 7);
        sim::cancel_polls();
    }
}

/// Cancels every poll at each seventh tick from now.
fn start_cancelling(timer: &'static Timer) {
    timer.init::<Cancel>(timer);
    timer.start_at(clock::uptime_ticks() + 7);
}

#[test]
fn a_wait_waits_no_longer_than_it_may() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(3), move || {
        let (capture, mut reader, seen) = bench.open(4, 2);
        watch([&seen]);
        seen.expect_one_wake_per_crossing();
        bench.edges.start(2, 10);
        assert_eq!(seen.wait_ready(&reader, None), Ok(Wake::Threshold));
        assert_eq!(seen.try_read::<4>(&mut reader), Some(2));
        // An edge that does not make the capture ready lets the watch check whether the thread
        // sleeps past its time.
        bench.edges.start(1, 31);
        assert_eq!(seen.wait_ready(&reader, Some(25)), Err(Error::TIMED_OUT));
        sleep_ticks(10);
        assert_eq!(seen.try_read::<4>(&mut reader), Some(1));
        seen.close(capture);
        seen.check_end();
    });
}

/// Even if the wait begins again many times, it ends at the tick at which a sleep would end.
#[test]
fn a_wait_takes_as_long_as_a_sleep() {
    static TIMER: Timer = Timer::new();
    static SET: PollSet<1> = PollSet::new();
    let bench = Bench::on(0);
    sim::run(move || {
        let (_capture, reader, _) = bench.open(4, 2);
        let poller = SET.open().expect("nobody else uses it");
        poller.register(&reader, Token(0)).expect("there is room");
        let ticks_of = |body: &dyn Fn(Duration) -> Error, ticks| {
            let begun = zephyr::time::now().ticks();
            assert_eq!(body(Duration::from_ticks(ticks)), Error::TIMED_OUT);
            zephyr::time::now().ticks() - begun
        };
        for cancelled in [false, true] {
            if cancelled {
                start_cancelling(&TIMER);
            }
            for ticks in [1, 2, 6, 7, 8, 100] {
                let slept = ticks + 1;
                let wait = |timeout| reader.wait_ready(timeout).expect_err("no edge comes");
                assert_eq!(ticks_of(&wait, ticks), slept);
                let read = |timeout| {
                    let read = reader.read_timeout(&mut [0; 64], timeout);
                    read.expect_err("no edge comes")
                };
                assert_eq!(ticks_of(&read, ticks), slept);
                let poll = |timeout| poller.wait(timeout).expect_err("no edge comes");
                assert_eq!(ticks_of(&poll, ticks), slept);
            }
        }
        TIMER.stop();
    });
}

#[test]
fn a_poller_that_is_cancelled_waits_on_and_no_longer_than_it_may() {
    static TIMER: Timer = Timer::new();
    static SET: PollSet<1> = PollSet::new();
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(3), move || {
        let (capture, mut reader, seen) = bench.open(4, 2);
        watch([&seen]);
        let poller = SET.open().expect("the run before has dropped it");
        poller.register(&reader, Token(0)).expect("there is room");
        start_cancelling(&TIMER);
        bench.edges.start(2, 10);
        assert_eq!(seen.poll(&poller, None), Ok(Wake::Threshold));
        assert_eq!(seen.try_read::<4>(&mut reader), Some(2));
        bench.edges.start(1, 31);
        assert_eq!(seen.poll(&poller, Some(25)), Err(Error::TIMED_OUT));
        TIMER.stop();
        watch([]);
        check_recovered(&mut reader, bench.edges.pin());
        seen.close(capture);
    });
}
