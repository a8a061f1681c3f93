//! Pollers whose `k_poll` returns `-EINTR`: they do not notice. Who waits at one capture waits in
//! `k_sem_take`, which nothing cancels.

use edgepipe::{
    Error, PollSet, Token, Wake,
    sys::timer::{Expiry, Timer},
};
use zephyr::sim::{self, Limits};

use crate::explore::{Bench, walk, watch};
use crate::support::{check_recovered, sleep_ticks};

/// A timer that cancels every poll.
struct Cancel;

impl Expiry for Cancel {
    type Target = ();

    fn expired(_: &'static ()) {
        sim::cancel_polls();
    }
}

/// Cancels every poll at each seventh tick from now.
fn start_cancelling(timer: &'static Timer) {
    timer.init::<Cancel>(&());
    timer.start_every(7);
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
        // An edge that is not enough has somebody look whether it sleeps on past its time.
        bench.edges.start(1, 31);
        assert_eq!(seen.wait_ready(&reader, Some(25)), Err(Error::TIMED_OUT));
        sleep_ticks(10);
        assert_eq!(seen.try_read::<4>(&mut reader), Some(1));
        seen.close(capture);
        seen.check_end();
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
