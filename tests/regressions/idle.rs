//! Idle times that were early, late, or another use's.

use edgepipe::{Config, Edge, EdgeDevice, Error, StrobeDevice, Wake};
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
    static BYTES: StrobeDevice<8> = StrobeDevice::new();
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
