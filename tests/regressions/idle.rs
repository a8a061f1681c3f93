//! Idle times that were early, late, or another use's.

use edgepipe::{
    Config, Edge, EdgeDevice, Error, Level, Readiness, Sample, StrobeDevice, Timed, Wake,
};
use edgepipe_app::EmulatedPin;
use zephyr::sim::{self, Explore, GpioCall, Limits};
use zephyr::time::{Duration, Forever, Tick, now, sleep};

use super::{edges, low_pin};

const EIO: u32 = 5;

fn ticks(count: Tick) -> Duration {
    Duration::from_ticks(count)
}

fn idle_after(count: Tick) -> Config {
    Config {
        idle_after: Some(ticks(count)),
        ..Config::DEFAULT
    }
}

/// Makes an edge whose level cannot be read.
fn unreadable_edge(pin: EmulatedPin, high: bool) {
    assert!(sim::call_in_isr(|| {
        sim::gpio_fail_next(GpioCall::PortGet, EIO);
        pin.set(high)
    }));
}

/// The handle was checked under one lock, and the idle time set under another.
#[test]
fn a_weak_reader_changes_the_idle_time_of_its_own_use_only() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    let body = || {
        let pin = low_pin(0);
        let (capture, reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        let weak = reader.weak();
        let other = sim::spawn("weak", 0, move || {
            let set = weak.set_idle_after(Some(ticks(5)));
            assert!(matches!(set, Ok(()) | Err(Error::BAD_HANDLE)), "{set:?}");
        });
        drop((capture, reader));
        let (_capture, reader) = DEVICE.open(&[low_pin(0).line()], Config::DEFAULT).unwrap();
        edges(pin, [1]);
        sleep(ticks(50));
        assert_eq!(reader.ready(), None);
        other.join();
    };
    sim::explore(&Explore::exhaustive(Limits::new(1, 3)), body);
}

/// The newest record was given the longest lag that any record had.
#[test]
fn a_long_bounce_does_not_put_off_the_idle_time_of_later_edges() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let line = pin.line().with_debounce_us(10);
        let (_capture, reader) = DEVICE.open(&[line], idle_after(200)).unwrap();
        for bounce in 1..=501 {
            edges(pin, [bounce]);
            sleep(ticks(4));
        }
        sleep(ticks(100));
        // This one is stored about ten ticks later.
        edges(pin, [502]);
        let came = now().ticks();
        assert_eq!(reader.wait_ready(Forever), Ok(Wake::Idle));
        let waited = now().ticks() - came;
        assert!((211..=216).contains(&waited), "{waited} ticks");
    });
}

/// Far more cycles than the times of a walk have, and far fewer than the age of a record.
#[test]
fn an_idle_time_of_seconds_counts_from_the_newest_edge() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let (_capture, reader) = DEVICE.open(&[pin.line()], idle_after(20_000_000)).unwrap();
        edges(pin, [1]);
        sleep(ticks(15_000_000));
        edges(pin, [2]);
        let came = now().ticks();
        assert_eq!(reader.wait_ready(Forever), Ok(Wake::Idle));
        let waited = now().ticks() - came;
        assert!(
            (20_000_000..=20_000_002).contains(&waited),
            "{waited} ticks"
        );
    });
}

/// It started the deadline anew, as after a read.
#[test]
fn another_idle_time_leaves_the_deadline_alone() {
    static EDGES: EdgeDevice<8> = EdgeDevice::new();
    static DEBOUNCED: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    let flush_after = |count| Config {
        flush_after: Some(ticks(count)),
        ..Config::DEFAULT
    };
    sim::run(move || {
        let pin = low_pin(0);
        let (capture, reader) = EDGES.open(&[pin.line()], flush_after(1_000)).unwrap();
        // The oldest record is a gap record.
        unreadable_edge(pin, true);
        sleep(ticks(10));
        capture.set_idle_after(Some(ticks(5_000))).unwrap();
        assert_eq!(reader.ready(), None);
        drop((capture, reader));

        let pin = low_pin(0);
        let line = pin.line().with_debounce_us(10);
        let (capture, reader) = DEBOUNCED.open(&[line], flush_after(100)).unwrap();
        edges(pin, [1]);
        sleep(ticks(20));
        for bounce in 2..=10 {
            edges(pin, [bounce]);
            sleep(ticks(8));
        }
        sleep(ticks(20));
        assert_eq!(reader.ready(), Some(Wake::Deadline));
        capture.set_idle_after(Some(ticks(5_000))).unwrap();
        assert_eq!(reader.ready(), Some(Wake::Deadline));
    });
}

/// Losses that add no record did not count as newer.
#[test]
fn it_is_not_idle_right_after_lost_edges() {
    static EDGES: EdgeDevice<2> = EdgeDevice::new();
    static BYTES: StrobeDevice<u8, 8> = StrobeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let config = Config {
            headroom: Some(0),
            ..idle_after(100)
        };
        let (capture, mut reader) = EDGES.open(&[pin.line()], config).unwrap();
        // Of three edges the last is lost, and a gap record takes the place of the first.
        edges(pin, 1..=3);
        assert_eq!(reader.read_edges(&mut [Edge::default(); 1]), Ok(1));
        sleep(ticks(95));
        edges(pin, [4]);
        // The gap record counts that loss, too.
        assert_eq!(reader.read_edges(&mut [Edge::default(); 1]), Ok(1));
        sleep(ticks(20));
        assert_eq!(reader.ready(), None);
        sleep(ticks(200));
        assert_eq!(reader.ready(), Some(Wake::Idle));
        drop((capture, reader));

        let (strobe, data) = (low_pin(0), low_pin(1));
        let opened = BYTES.open(strobe.line(), &[data.line()], idle_after(100));
        let (_capture, reader) = opened.unwrap();
        edges(strobe, [1]);
        // Between the timer's look and the end of the idle time after it.
        sleep(ticks(195));
        unreadable_edge(strobe, false);
        let came = now().ticks();
        assert_eq!(reader.wait_ready(Forever), Ok(Wake::Idle));
        assert!(now().ticks() - came > 100);
    });
}

/// For a moment after a change of the idle time, the capture worked by the one from before.
#[test]
fn a_change_of_the_idle_time_loses_no_wake_up() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    // From one idle time to another; each edge is late by up to a tick for each switch of threads.
    for (before, after) in [
        (Some(1_000), None),
        (Some(10), Some(50_000)),
        (None, Some(50_000)),
    ] {
        let body = move || {
            let pin = low_pin(0);
            let config = Config {
                ready: Readiness::Records(3),
                idle_after: before.map(ticks),
                ..Config::DEFAULT
            };
            let (capture, reader) = DEVICE.open(&[pin.line()], config).unwrap();
            edges(pin, [1]);
            sleep(ticks(20));
            let waiter = sim::spawn("waiter", 1, move || {
                let woken = reader.wait_ready(Forever);
                assert!(
                    matches!(woken, Ok(Wake::Threshold | Wake::Idle)),
                    "{woken:?}"
                );
            });
            let interrupts = sim::spawn("edges", 3, move || edges(pin, 2..=3));
            let setter = sim::spawn("setter", 5, move || {
                capture.set_idle_after(after.map(ticks)).unwrap();
                sleep(ticks(60_000));
            });
            setter.join();
            interrupts.join();
            waiter.join();
        };
        sim::explore(&Explore::exhaustive(Limits::new(0, 3)), body);
    }
}

/// The same, when the first edge came meanwhile.
#[test]
fn a_first_edge_during_a_change_of_the_idle_time_wakes() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    for (records, before, after) in [(3, Some(1_000), None), (1, None, Some(50_000))] {
        let body = move || {
            let pin = low_pin(0);
            let config = Config {
                ready: Readiness::Records(records),
                idle_after: before.map(ticks),
                ..Config::DEFAULT
            };
            let (capture, reader) = DEVICE.open(&[pin.line()], config).unwrap();
            let waiter = sim::spawn("waiter", 1, move || {
                assert_eq!(reader.wait_ready(Forever), Ok(Wake::Threshold));
            });
            sleep(ticks(1));
            let interrupts = sim::spawn("edges", 3, move || edges(pin, 1..=records));
            let setter = sim::spawn("setter", 5, move || {
                capture.set_idle_after(after.map(ticks)).unwrap();
                sleep(ticks(60_000));
            });
            setter.join();
            interrupts.join();
            waiter.join();
        };
        sim::explore(&Explore::exhaustive(Limits::new(0, 3)), body);
    }
}

/// The timer expired between the two halves of the change, and was not set again.
#[test]
fn a_new_idle_time_passes_whatever_the_timer_does() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    let body = || {
        let pin = low_pin(0);
        let (capture, reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        edges(pin, [1]);
        capture.set_idle_after(Some(ticks(10))).unwrap();
        assert_eq!(reader.wait_ready(ticks(100)), Ok(Wake::Idle));
    };
    sim::explore(&Explore::exhaustive(Limits::new(1, 1)), body);
}

/// The lag of a debounced edge that was not stored was taken for the newest record's.
#[test]
fn an_edge_that_a_pause_drops_makes_no_idle_time_early() {
    static DEVICE: EdgeDevice<8, 1, 2> = EdgeDevice::new();
    let body = || {
        let pins = [low_pin(0), low_pin(1), low_pin(2)];
        let lines = [
            pins[0].line(),
            pins[1].line().with_debounce_us(300),
            pins[2].line().with_debounce_us(50),
        ];
        let (mut capture, reader) = DEVICE.open(&lines, idle_after(500)).unwrap();
        edges(pins[0], [1]);
        sleep(ticks(100));
        let came = now().ticks();
        // It is stored after 300 ticks.
        edges(pins[1], [1]);
        sleep(ticks(310));
        edges(pins[2], [1]);
        sleep(ticks(20));
        if (came, now().ticks()) != (101, 433) {
            // An interrupt that was due later came earlier: that is another case.
            return;
        }
        // Perhaps the timer of line 2 expires in this call.
        capture.pause();
        assert_eq!(reader.wait_ready(Forever), Ok(Wake::Idle));
        let waited = now().ticks() - came;
        assert!(waited >= 300 + 500, "{waited} ticks");
    };
    sim::explore(&Explore::exhaustive(Limits::new(1, 0)), body);
}

/// The gap record woke a reader before the line's interrupt was enabled.
#[test]
fn a_released_line_is_captured_before_anybody_wakes() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    for debounce_us in [0, 5] {
        sim::run(move || {
            let pin = low_pin(0);
            let line = pin.line().with_debounce_us(debounce_us);
            let config = Config {
                ready: Readiness::Any,
                ..Config::DEFAULT
            };
            let (mut capture, reader) = DEVICE.open(&[line], config).unwrap();
            capture.drive(&line, Level::Low).unwrap();
            let waiter = sim::spawn("waiter", -1, move || {
                assert_eq!(reader.wait_ready(Forever), Ok(Wake::Threshold));
                // The sensor answers while this thread works.
                edges(pin, [1]);
                sleep(ticks(20));
                assert_eq!(reader.ledger().captured, 1);
            });
            sleep(ticks(1));
            capture.release(&line).unwrap();
            waiter.join();
        });
    }
}

/// It counted from the newest sample with a time, whatever came after that.
#[test]
fn the_idle_time_of_samples_counts_from_a_hole_after_them() {
    static PLAIN: StrobeDevice<u8, 3> = StrobeDevice::new();
    static TIMED: StrobeDevice<Timed<u8>, 3> = StrobeDevice::new();
    fn waits<T: Sample>(device: &'static StrobeDevice<T, 3>) {
        let (strobe, data) = (low_pin(0), low_pin(1));
        let config = Config {
            headroom: Some(0),
            ..idle_after(100)
        };
        let opened = device.open(strobe.line(), &[data.line()], config);
        let (mut capture, reader) = opened.unwrap();
        let wait = || {
            let came = now().ticks();
            assert_eq!(reader.wait_ready(Forever), Ok(Wake::Idle));
            let waited = now().ticks() - came;
            assert!((100..=103).contains(&waited), "{waited} ticks");
        };
        // A pause; then a second one, for which there is no place.
        for number in [1, 2] {
            edges(strobe, [number]);
            sleep(ticks(90));
            capture.pause();
            assert_eq!(capture.resume(), Ok(()));
            if number == 1 {
                sleep(ticks(20));
                assert_eq!(reader.ready(), None);
            }
        }
        wait();
        let mut bytes = [0; 16];
        let size = reader.try_read(&mut bytes).unwrap();
        assert_eq!(reader.try_read(&mut bytes), Ok(size));
        // A sample that is lost, which a read reports.
        edges(strobe, 3..=5);
        sleep(ticks(95));
        edges(strobe, [6]);
        assert_eq!(reader.try_read(&mut bytes[..size]), Ok(size));
        wait();
    }
    sim::run(|| {
        waits(&PLAIN);
        waits(&TIMED);
    });
}
