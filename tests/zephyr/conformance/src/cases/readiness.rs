//! When a waiter wakes.

use edgepipe::{
    Capture, Config, ConfigError, Edge, Error, OpenError, RECORD_BYTES, Readiness, Wake,
    sys::{
        clock,
        timer::{Expiry, Timer},
    },
};
use zephyr::{
    sync::{
        SpinMutex,
        atomic::{AtomicBool, Ordering},
    },
    sys::sync::Semaphore,
    time::{Duration, Forever, NoWait, sleep},
};

use super::super::platform;
use super::support::{Square, bench, capacity, drain, periods, ready_at, sleep_periods, strict};

pub(super) fn a_waiter_wakes_when_the_buffer_is_full() {
    let bench = bench!(4);
    let (capture, mut reader) = bench.open(strict());
    bench.play(&capture, Square::new(4));

    assert_eq!(reader.wait_ready(periods(1_000)), Ok(Wake::Full));
    assert_eq!(reader.ledger().pending, 4);
    assert_eq!(drain(&mut reader), 4);
    assert_eq!(reader.ledger().wakes, 1);
}

pub(super) fn full_is_reachable_at_every_capacity() {
    const MOST: u32 = 40;
    let bench = bench!(MOST as usize);
    for records in 1..=MOST {
        let config = Config {
            capacity: Some(records),
            ..strict()
        };
        let (capture, mut reader) = bench.open(config);
        bench.play(&capture, Square::new(records));
        assert_eq!(
            reader.wait_ready(periods(1_000)),
            Ok(Wake::Full),
            "capacity {records}"
        );
        let ledger = reader.ledger();
        assert_eq!((ledger.pending, ledger.lost.total()), (records.into(), 0));
        assert_eq!(drain(&mut reader), records as usize);
    }
}

pub(super) fn the_headroom_takes_edges_that_come_after_full() {
    let bench = bench!(400);
    // The headroom is a quarter of the buffer by default, at most 64, or the requested number.
    for (capacity, headroom, full) in [
        (1, None, 1),
        (3, None, 3),
        (4, None, 3),
        (16, None, 12),
        (16, Some(0), 16),
        (16, Some(15), 1),
        (400, None, 336),
    ] {
        let config = Config {
            capacity: Some(capacity),
            headroom,
            ..Config::DEFAULT
        };
        let (capture, mut reader) = bench.open(config);
        bench.edges(1..full);
        assert_eq!(reader.ready(), None, "{config:?}");
        for edge in full..=capacity {
            bench.edges([edge]);
            assert_eq!(reader.ready(), Some(Wake::Full), "{config:?}");
        }
        let ledger = reader.ledger();
        assert_eq!((ledger.pending, ledger.lost.total()), (capacity.into(), 0));
        bench.edges([capacity + 1]);
        assert_eq!(reader.ready(), Some(Wake::Overflow), "{config:?}");
        assert_eq!(reader.ledger().lost.full, 1);
        while drain(&mut reader) > 0 {}
        drop(capture);
    }
}

pub(super) fn a_threshold_may_reach_into_the_headroom() {
    let bench = bench!(16);
    // Here "full" is the end of the buffer, because a threshold is set.
    for threshold in 12..=16 {
        let (capture, mut reader) = bench.open(ready_at(threshold));
        for pending in 1..=16 {
            bench.edges([pending]);
            let expected = match pending {
                16 => Some(Wake::Full),
                _ if pending >= threshold => Some(Wake::Threshold),
                _ => None,
            };
            assert_eq!(reader.ready(), expected, "{pending} of {threshold}");
        }
        assert_eq!(drain(&mut reader), 16);
        reader.set_readiness(Readiness::Full).unwrap();
        for pending in 1..=16 {
            bench.edges([pending]);
            let expected = (pending >= 12).then_some(Wake::Full);
            assert_eq!(reader.ready(), expected, "{pending} of a full buffer");
        }
        drop(capture);
    }
}

pub(super) fn a_headroom_as_large_as_the_buffer_is_refused() {
    let bench = bench!(8);
    for (capacity, headroom) in [(8, 8), (8, u32::MAX), (1, 1), (5, 6)] {
        let config = Config {
            capacity: Some(capacity),
            headroom: Some(headroom),
            ..Config::DEFAULT
        };
        let refused = bench.device.open(&super::support::low_lines(), config);
        let expected = ConfigError::HeadroomTooLarge { headroom, capacity };
        assert_eq!(refused.err(), Some(OpenError::Config(expected)));
    }
}

pub(super) fn each_threshold_crossing_costs_one_wake() {
    const CROSSINGS: u64 = 8;
    let bench = bench!(64);
    let (capture, mut reader) = bench.open(ready_at(8));
    for _ in 0..CROSSINGS {
        bench.play(&capture, Square::new(8));
        assert_eq!(reader.wait_ready(periods(1_000)), Ok(Wake::Threshold));
        assert_eq!(drain(&mut reader), 8);
    }
    let ledger = reader.ledger();
    assert_eq!((ledger.wakes, ledger.spurious_wakes), (CROSSINGS, 0));
    assert_eq!(ledger.missed, Default::default());
}

pub(super) fn a_flag_that_nobody_waited_for_costs_no_wake() {
    let bench = bench!(8);
    // With a deadline, the interrupt handler does more.
    for flush_after in [None, Some(periods(1_000))] {
        let config = Config {
            flush_after,
            ..ready_at(2)
        };
        let (capture, mut reader) = bench.open(config);
        bench.play_all(&capture, Square::new(2));
        assert_eq!(drain(&mut reader), 2);
        let waited = reader.wait_ready(periods(2));
        assert_eq!(waited, Err(Error::TIMED_OUT));
        // The same for a read.
        bench.play_all(&capture, Square::new(2));
        let mut bytes = [0; 2 * RECORD_BYTES];
        assert_eq!(reader.read_timeout(&mut bytes, NoWait), Ok(bytes.len()));
        let waited = reader.read_timeout(&mut bytes, periods(2));
        assert_eq!(waited, Err(Error::TIMED_OUT));
        let ledger = reader.ledger();
        assert_eq!((ledger.wakes, ledger.spurious_wakes), (0, 0));
    }
}

pub(super) fn readiness_is_level_triggered() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(ready_at(2));
    bench.play_all(&capture, Square::new(3));

    for _ in 0..3 {
        assert_eq!(reader.wait_ready(Forever), Ok(Wake::Threshold));
    }
    assert_eq!(reader.ledger().wakes, 0, "it never had to sleep");
    assert_eq!(drain(&mut reader), 3);
    assert_eq!(reader.wait_ready(NoWait), Err(Error::TIMED_OUT));
}

pub(super) fn readiness_ends_when_a_read_goes_below_the_threshold() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(ready_at(3));
    bench.play_all(&capture, Square::new(4));

    let mut one = [Edge::default(); 1];
    assert_eq!(reader.read_edges(&mut one), Ok(1));
    assert_eq!(reader.ready(), Some(Wake::Threshold));
    assert_eq!(reader.read_edges(&mut one), Ok(1));
    assert_eq!(reader.ready(), None);
    assert_eq!(reader.wait_ready(periods(5)), Err(Error::TIMED_OUT));
}

pub(super) fn a_time_out_is_honoured_to_the_tick() {
    let bench = bench!(8);
    let (_capture, reader) = bench.open(Config::default());
    for ticks in [1, 2, 7, 500] {
        // The measure is how long the kernel itself sleeps for these ticks, and how long a wait takes that does not.
        let slept = ticks_of(|| {
            sleep(Duration::from_ticks(ticks));
        });
        let code = ticks_of(|| assert_eq!(reader.wait_ready(NoWait), Err(Error::TIMED_OUT)));
        let waited = ticks_of(|| {
            let result = reader.wait_ready(Duration::from_ticks(ticks));
            assert_eq!(result, Err(Error::TIMED_OUT));
        });
        assert!(waited >= ticks, "{ticks} ticks took {waited}");
        // If code takes time, the wait may end one tick later.
        assert!(
            waited <= slept + code + 1,
            "{ticks} ticks took {waited}, a sleep {slept}, the code {code}"
        );
    }
}

/// The number of ticks that `body` takes, if it begins at a tick.
fn ticks_of(body: impl FnOnce()) -> u64 {
    sleep(Duration::from_ticks(1));
    let before = clock::uptime_ticks();
    body();
    clock::uptime_ticks() - before
}

pub(super) fn any_is_ready_at_the_first_record() {
    let bench = bench!(8);
    let config = Config {
        ready: Readiness::Any,
        ..Config::DEFAULT
    };
    let (capture, mut reader) = bench.open(config);
    for edge in 1..=3 {
        bench.play(&capture, Square::only(edge));
        assert_eq!(reader.wait_ready(periods(100)), Ok(Wake::Threshold));
        assert_eq!(drain(&mut reader), 1);
    }
    assert_eq!(reader.ledger().wakes, 3);
}

pub(super) fn lowering_the_threshold_wakes_a_waiter_at_once() {
    static SLOT: SpinMutex<Option<Capture>> = SpinMutex::new(None);
    static DONE: Semaphore = Semaphore::new(0, 1);
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    bench.play_all(&capture, Square::new(3));
    let Ok(mut slot) = SLOT.lock();
    *slot = Some(capture);
    drop(slot);
    platform::spawn(|| {
        sleep_periods(10);
        let Ok(mut slot) = SLOT.lock();
        let capture = slot.take();
        drop(slot);
        let capture = capture.expect("the case put it there");
        capture.set_readiness(Readiness::Records(3)).unwrap();
        // The capture must not be closed before the case is over.
        let _ = DONE.take(Forever);
    });
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Threshold));

    reader.set_readiness(Readiness::Records(4)).unwrap();
    assert_eq!(reader.ready(), None, "raised above what is pending");
    assert_eq!(reader.wait_ready(NoWait), Err(Error::TIMED_OUT));
    assert_eq!(drain(&mut reader), 3);
    DONE.give();
}

pub(super) fn a_threshold_that_cannot_be_reached_is_refused_at_run_time() {
    let bench = bench!(8);
    let (_capture, reader) = bench.open(capacity(4));
    let refused = reader.set_readiness(Readiness::Records(5));
    assert_eq!(
        refused,
        Err(ConfigError::ThresholdAboveCapacity {
            threshold: 5,
            capacity: 4
        })
    );
    assert_eq!(
        reader.set_readiness(Readiness::Records(0)),
        Err(ConfigError::ThresholdZero)
    );
}

/// Sets pin 0 when it expires.
struct SetPin;

impl Expiry for SetPin {
    type Target = AtomicBool;

    fn expired(high: &'static AtomicBool) {
        platform::pins()[0].set(high.load(Ordering::Relaxed));
    }
}

pub(super) fn a_give_between_check_and_sleep_is_never_lost() {
    static TIMER: Timer = Timer::new();
    static HIGH: AtomicBool = AtomicBool::new(false);
    let bench = bench!(8);
    let (_capture, mut reader) = bench.open(ready_at(1));
    TIMER.init::<SetPin>(&HIGH);
    // If code takes time, the interrupt arrives at another moment of the wait each time. In the
    // simulator code takes no time, but the explorer lets the interrupt arrive between any two
    // steps.
    for spin in 0..400 {
        HIGH.store(spin % 2 == 0, Ordering::Relaxed);
        TIMER.start_at(clock::uptime_ticks() + 2);
        for step in 0..spin * 8 {
            core::hint::black_box(step);
        }
        let woken = reader.wait_ready(periods(100));
        assert_eq!(woken, Ok(Wake::Threshold), "after {spin} spins");
        assert_eq!(drain(&mut reader), 1);
    }
}

pub(super) fn the_tail_can_be_read_after_a_time_out() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::default());
    bench.play(&capture, Square::new(3));

    assert_eq!(reader.wait_ready(periods(100)), Err(Error::TIMED_OUT));
    assert_eq!(drain(&mut reader), 3);
}
