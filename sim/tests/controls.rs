//! The simulator's controls that no kernel has: counting, failing calls, late timers.

mod common;

use common::*;
use zephyr::raw::{EAGAIN, EBUSY, EINTR, EINVAL, EIO, ENOTSUP};
use zephyr::sim::GpioCall;

#[test]
fn gives_are_counted_whether_or_not_they_wake_anybody() {
    sim::run(|| {
        let sem = Sem::new(0, 1);
        assert_eq!(sim::gives(), 0);
        sem.give();
        sem.give();
        assert_eq!((sim::gives(), sem.count()), (2, 1));
        let empty = Sem::new(0, 1);
        assert_eq!(sim::semaphores(), [(sem.0.addr(), 1), (empty.0.addr(), 0)]);
    });
}

#[test]
fn a_cancelled_poll_is_interrupted_and_no_other_wait_is() {
    sim::run(|| {
        let sems = [Sem::new(0, 1), Sem::new(0, 1)];
        let poller = sim::spawn("poller", -1, move || {
            let mut events = sems.map(|sem| event(Some(sem)));
            assert_eq!(poll(&mut events, ticks(50)), err(EINTR));
            assert_eq!(events.map(|event| event.state()), [8, 0]);
            assert_eq!(poll_one(sems[0], ticks(50)), err(EAGAIN));
            assert_eq!(now(), 71, "the time-out of the poll before is gone");
        });
        sim::spawn("taker", -1, move || {
            assert_eq!(sems[1].take(ticks(30)), err(EAGAIN))
        });
        sleep(ticks(19));
        assert_eq!(sim::call_in_isr(sim::cancel_polls), 1);
        poller.join();
        assert_eq!(sim::cancel_polls(), 0);
    });
}

#[test]
fn timers_can_be_made_to_be_late() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let timer = |name: &'static str| {
            let log = log.clone();
            Timer::new(move || log.tick(name))
        };
        timer("punctual").start(ticks(10), NO_WAIT);
        sim::delay_timers(5);
        timer("once").start(at(10), NO_WAIT);
        let often = timer("often");
        often.start(ticks(8), ticks(8));
        sleep(ticks(39));
        assert_eq!(now(), 40, "a thread's time-out is no timer");
        sim::delay_timers(0);
        sleep(ticks(20));
        often.stop();
    });
    assert_eq!(
        seen.text(),
        "punctual@10 often@13 once@15 often@26 often@39 often@52 often@60"
    );
}

#[test]
fn calls_can_be_made_to_fail_once() {
    sim::run(|| {
        sim::gpio_fail_next(GpioCall::Configure, EIO);
        assert_eq!(Pin(0).configure(0), err(EIO));
        assert_eq!(Pin(0).configure(0), 0);
        sim::gpio_fail_next(GpioCall::ConfigureInterrupt, ENOTSUP);
        assert_eq!(Pin(0).interrupt(BOTH), err(ENOTSUP));
        sim::gpio_fail_next(GpioCall::AddCallback, EBUSY);
        let callback = Callback::new(1, |_| {});
        assert_eq!(callback.add(), err(EBUSY));
        assert_eq!(callback.remove(), err(EINVAL), "it was not added");
        sim::gpio_fail_next(GpioCall::PortGet, EIO);
        assert_eq!(Pin(0).level(), err(EIO));
    });
}

#[test]
fn calls_can_be_made_to_fail_by_number() {
    sim::run(|| {
        sim::gpio_fail(1..3, EIO);
        assert_eq!(Pin(0).configure(0), 0);
        assert_eq!(Pin(0).interrupt(BOTH), err(EIO));
        assert_eq!(Pin(0).level(), err(EIO));
        assert_eq!(Pin(0).level(), 0);
        sim::gpio_fail(0..u64::MAX, ENOTSUP);
        assert_eq!(Pin(0).level(), err(ENOTSUP));
        assert!(
            Pin(0).drive(true) == 0,
            "that is not a call to the controller"
        );
        sim::gpio_fail(0..0, ENOTSUP);
        assert_eq!(Pin(0).level(), 1);
    });
}

#[test]
fn a_spurious_callback_changes_no_level() {
    sim::run(|| {
        Pin(0).configure(0);
        let log = Log::default();
        let heard = log.clone();
        Callback::new(0b11, move |pins| heard.add(format!("{pins:x}"))).add();
        sim::gpio_spurious(0, 0b101);
        assert_eq!(log.text(), "1");
        assert_eq!(Pin(0).level(), 0);
    });
}
