//! GPIO controllers that return errors.

use edgepipe::{
    Capture, Config, Edge, EdgeDevice, Error, Gap, Line, OpenError, RECORD_BYTES, Reader,
    Readiness, StrobeDevice, Wake,
};
use edgepipe_app::EmulatedPin;
use zephyr::raw::EIO;
use zephyr::sim::{self, GpioCall};
use zephyr::time::{Duration, Forever, NoWait};

use crate::support::{check_recovered, drain, interrupt, low_pin, sleep_ticks};

/// A kind of capture, which is opened again and again.
struct Kind<'a, T> {
    open: &'a dyn Fn() -> Result<(Capture, Reader<T>), OpenError>,
    /// A pin whose edges are both captured.
    pin: EmulatedPin,
}

impl<T> Kind<'_, T> {
    /// Checks that the capture works, and closes it.
    fn check_working(&self) {
        let (capture, mut reader) = (self.open)().expect("the controller works again");
        assert_eq!(reader.ledger(), Default::default());
        check_recovered(&mut reader, self.pin);
        capture.close();
    }

    /// Makes each GPIO call of `open` fail in turn, that one only or all later ones too; returns
    /// the lines that the errors name.
    fn fail_open(&self, for_good: bool) -> Vec<usize> {
        let mut named = Vec::new();
        for call in 0.. {
            let end = if for_good { u64::MAX } else { call + 1 };
            sim::gpio_fail(call..end, EIO);
            let refused = (self.open)().err();
            sim::gpio_fail(0..0, EIO);
            match refused {
                None => break,
                Some(OpenError::Line { line, error }) if error.errno() == EIO => named.push(line),
                Some(refused) => panic!("call {call}: {refused}"),
            }
            self.pin.set(true);
            self.pin.set(false);
            self.check_working();
        }
        named
    }

    /// Makes each of the first `calls` GPIO calls of a close fail in turn, that one only or all
    /// later ones too.
    fn fail_close(&self, calls: u64, for_good: bool) {
        for call in 0..calls {
            let (capture, mut reader) = (self.open)().expect("the controller works");
            interrupt(self.pin, true);
            let end = if for_good { u64::MAX } else { call + 1 };
            sim::gpio_fail(call..end, EIO);
            capture.close();
            interrupt(self.pin, false);
            sim::gpio_fail(0..0, EIO);
            // An edge after the close is either not captured, or lost and counted.
            interrupt(self.pin, true);
            interrupt(self.pin, false);
            let ledger = reader.ledger();
            assert_eq!(ledger.captured, 1 + ledger.lost.closed, "call {call}");
            assert!(ledger.balances(), "call {call}: {ledger:?}");
            assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Closed));
            drain(&mut reader);
            assert_eq!(reader.try_read(&mut [0; 8]), Ok(0), "call {call}");
            drop(reader);
            self.check_working();
        }
    }
}

/// Two lines of one port, and one of another that is debounced.
fn edges(test: impl FnOnce(Kind<'_, Edge>) + 'static) {
    sim::run(|| {
        let device: &EdgeDevice<8, 2, 1> = Box::leak(Box::new(EdgeDevice::new()));
        let pin = low_pin(0);
        let other = Line::new(sim::gpio(1), 0, 0).with_debounce_us(10);
        let lines = [pin.line(), low_pin(1).line(), other];
        let open = || device.open(&lines, Config::DEFAULT);
        test(Kind { open: &open, pin });
    });
}

/// A strobe, and two data lines.
fn bytes(test: impl FnOnce(Kind<'_, u8>) + 'static) {
    sim::run(|| {
        let device: &StrobeDevice<u8, 8> = Box::leak(Box::new(StrobeDevice::new()));
        let pin = low_pin(0);
        let data = [low_pin(1).line(), low_pin(2).line()];
        let open = || device.open(pin.line(), &data, Config::DEFAULT);
        test(Kind { open: &open, pin });
    });
}

#[test]
fn a_capture_of_edges_survives_each_call_that_fails_as_it_opens() {
    edges(|kind| {
        // The calls: three lines become inputs; the port of two lines and the debounced line get a
        // callback; three interrupts are enabled; the levels of both ports are read, twice.
        let named = [0, 1, 2, 0, 2, 0, 1, 2, 0, 2, 0, 2];
        assert_eq!(kind.fail_open(false), named);
        assert_eq!(kind.fail_open(true), named);
    });
}

#[test]
fn a_capture_of_bytes_survives_each_call_that_fails_as_it_opens() {
    bytes(|kind| {
        // The strobe is configured after the two data lines, and has the callback and the
        // interrupt.
        let named = [0, 1, 2, 2, 2];
        assert_eq!(kind.fail_open(false), named);
        assert_eq!(kind.fail_open(true), named);
    });
}

#[test]
fn a_capture_of_edges_survives_each_call_that_fails_as_it_closes() {
    edges(|kind| {
        // The interrupts of three lines, the callbacks of two ports.
        kind.fail_close(5, false);
        kind.fail_close(5, true);
    });
}

#[test]
fn a_capture_of_bytes_survives_each_call_that_fails_as_it_closes() {
    bytes(|kind| {
        kind.fail_close(2, false);
        kind.fail_close(2, true);
    });
}

#[test]
fn the_line_that_is_refused_is_named() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let line = low_pin(0).line();
        // Port 3 is one that this kernel does not have.
        let absent = Line::new(sim::gpio(3), 0, 0);
        let refused = DEVICE.open(&[line, absent], Config::DEFAULT).unwrap_err();
        let error = Error::NO_DEVICE;
        assert_eq!(refused, OpenError::Line { line: 1, error });
        assert_eq!(
            refused.to_string(),
            "line 1: no such device, or not ready (errno 19)"
        );
    });
}

#[test]
fn an_edge_whose_level_cannot_be_read_is_counted_and_marked() {
    edges(|kind| {
        let (_capture, mut reader) = (kind.open)().unwrap();
        interrupt(kind.pin, true);
        sim::gpio_fail_next(GpioCall::PortGet, EIO);
        interrupt(kind.pin, false);
        interrupt(kind.pin, true);
        let ledger = reader.ledger();
        assert_eq!(
            (ledger.captured, ledger.pending, ledger.lost.unreadable),
            (3, 2, 1)
        );
        let mut edges = [Edge::default(); 4];
        assert_eq!(reader.read_edges(&mut edges), Ok(2));
        assert_eq!((edges[0].lost_before(), edges[1].lost_before()), (0, 1));
        check_recovered(&mut reader, kind.pin);
    });
}

/// One of the three records that the reader waits for is the gap record of that edge.
#[test]
fn an_edge_that_cannot_be_read_is_not_delivered_to_one_who_waits() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let config = Config {
            ready: Readiness::Records(3),
            ..Config::DEFAULT
        };
        let (_capture, reader) = DEVICE.open(&[pin.line()], config).unwrap();
        let later = sim::spawn("later", 1, move || {
            sim::gpio_fail_next(GpioCall::PortGet, EIO);
            for high in [true, false, true] {
                interrupt(pin, high);
            }
        });
        assert_eq!(reader.wait_ready(Forever), Ok(Wake::Threshold));
        assert_eq!(reader.try_read(&mut [0; 64]), Ok(3 * RECORD_BYTES));
        later.join();
        let ledger = reader.ledger();
        assert_eq!(
            (ledger.captured, ledger.delivered, ledger.lost.unreadable),
            (3, 2, 1)
        );
        assert!(ledger.balances(), "{ledger:?}");
    });
}

#[test]
fn a_byte_that_cannot_be_read_is_counted() {
    bytes(|kind| {
        let (_capture, mut reader) = (kind.open)().unwrap();
        interrupt(kind.pin, true);
        sim::gpio_fail_next(GpioCall::PortGet, EIO);
        interrupt(kind.pin, false);
        let ledger = reader.ledger();
        assert_eq!(
            (ledger.captured, ledger.pending, ledger.lost.unreadable),
            (2, 1, 1)
        );
        assert_eq!(
            reader.ready(),
            None,
            "bytes have no mark that could be read"
        );
        check_recovered(&mut reader, kind.pin);
    });
}

#[test]
fn a_byte_that_cannot_be_read_does_not_put_off_the_deadline() {
    static DEVICE: StrobeDevice<u8, 8> = StrobeDevice::new();
    sim::run(|| {
        let (strobe, data) = (low_pin(0), low_pin(1));
        let config = Config {
            flush_after: Some(Duration::from_ticks(100)),
            ..Config::DEFAULT
        };
        let opened = DEVICE.open(strobe.line(), &[data.line()], config);
        let (_capture, reader) = opened.unwrap();
        interrupt(strobe, true);
        sleep_ticks(60);
        sim::gpio_fail_next(GpioCall::PortGet, EIO);
        interrupt(strobe, false);
        assert_eq!(reader.ledger().lost.unreadable, 1);
        sleep_ticks(60);
        assert_eq!(reader.ready(), Some(Wake::Deadline));
        // It is a hole between the others.
        interrupt(strobe, true);
        for gap in [None, Some(Gap { lost: 1, levels: 0 })] {
            assert_eq!(reader.try_read(&mut [0; 8]), Ok(1));
            assert_eq!(reader.gap(), gap);
        }
    });
}

#[test]
fn a_debounced_edge_whose_level_cannot_be_read_is_counted() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    sim::run(|| {
        let (pin, other) = (low_pin(0), low_pin(1));
        let lines = [pin.line().with_debounce_us(20), other.line()];
        let (_capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        interrupt(pin, true);
        sim::gpio_fail_next(GpioCall::PortGet, EIO);
        sleep_ticks(50);
        let ledger = reader.ledger();
        assert_eq!((ledger.captured, ledger.lost.unreadable), (1, 1));
        check_recovered(&mut reader, other);
    });
}

/// The new level is not known, so the level before is kept.
#[test]
fn a_debounced_level_that_cannot_be_read_is_the_one_before() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    for high in [true, false] {
        sim::run(move || {
            let pin = low_pin(0);
            let lines = [pin.line().with_debounce_us(20)];
            let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
            interrupt(pin, high);
            sleep_ticks(50);
            let mut edges = [Edge::default(); 4];
            let _ = reader.try_read_edges(&mut edges);
            let before = reader.ledger();
            assert_eq!(before.captured, high.into());
            assert_eq!(bool::from(capture.level(0)), high);

            interrupt(pin, !high);
            sim::gpio_fail_next(GpioCall::PortGet, EIO);
            sleep_ticks(50);
            assert_eq!(reader.ledger().lost.unreadable, 1);
            assert_eq!(bool::from(capture.level(0)), high);
            // Back to the level before: there is no edge to report.
            interrupt(pin, high);
            sleep_ticks(50);
            let ledger = reader.ledger();
            assert_eq!(ledger.captured, before.captured + 1);
            assert_eq!(ledger.bounces, before.bounces + 1);
            interrupt(pin, !high);
            sleep_ticks(50);
            assert_eq!(reader.try_read_edges(&mut edges), Ok(1));
            assert_eq!(
                (bool::from(edges[0].level), edges[0].lost_before()),
                (!high, 1)
            );
        });
    }
}

#[test]
fn an_outage_of_the_controller_fills_the_buffer_and_ends() {
    edges(|kind| {
        let (_capture, mut reader) = (kind.open)().unwrap();
        sim::gpio_fail(0..u64::MAX, EIO);
        for edge in 0..20 {
            interrupt(kind.pin, edge % 2 == 0);
        }
        sim::gpio_fail(0..0, EIO);
        let ledger = reader.ledger();
        assert_eq!((ledger.captured, ledger.lost.total()), (20, 20));
        assert!(ledger.lost.unreadable > 0 && ledger.lost.full > 0);
        // There are gap records to read, so there is a reason to wake.
        assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Overflow));
        check_recovered(&mut reader, kind.pin);
    });
}
