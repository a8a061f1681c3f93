//! Pauses and driven lines: when the hole is delivered, and interrupts that should not come.

use edgepipe::{Config, Edge, EdgeDevice, Level, Missed, Wake};
use zephyr::raw::EIO;
use zephyr::sim::{self, GpioCall};
use zephyr::time::{Duration, now};

use crate::support::{check_recovered, drain, interrupt, low_pin, sleep_ticks};

#[test]
fn a_hole_does_not_put_off_the_deadline_of_an_edge() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let config = Config {
            flush_after: Some(Duration::from_ticks(40)),
            ..Config::DEFAULT
        };
        let pin = low_pin(0);
        let (mut capture, mut reader) = DEVICE.open(&[pin.line()], config).unwrap();
        interrupt(pin, true);
        let came = now();
        sleep_ticks(20);
        capture.pause();
        assert_eq!(capture.resume(), Ok(()));
        let woken = reader.wait_ready(Duration::from_ticks(500));
        assert_eq!(woken, Ok(Wake::Deadline));
        let waited = (now() - came).ticks();
        assert!((40..=42).contains(&waited), "{waited} ticks");
        assert_eq!(drain(&mut reader), 16, "the edge and the gap record");
    });
}

#[test]
fn interrupts_of_a_driven_line_are_no_edges() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    for debounce_us in [0, 5] {
        sim::run(move || {
            let pin = low_pin(0);
            let line = pin.line().with_debounce_us(debounce_us);
            let (mut capture, mut reader) = DEVICE.open(&[line], Config::DEFAULT).unwrap();
            assert_eq!(capture.drive(&line, Level::High), Ok(()));
            for _ in 0..3 {
                sim::call_in_isr(|| sim::gpio_spurious(0, 1));
                sleep_ticks(20);
                let ledger = reader.ledger();
                let counted = (ledger.captured, ledger.missed, ledger.bounces);
                assert_eq!(counted, (0, Missed::default(), 0));
                capture.pause();
                assert_eq!(capture.resume(), Ok(()));
            }
            assert_eq!(capture.release(&line), Ok(()));
            drain(&mut reader);
            check_recovered(&mut reader, pin);
        });
    }
}

#[test]
fn a_driven_line_keeps_its_number() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pins = [0, 1, 2, 3, 4, 5, 6].map(low_pin);
        let lines = pins.map(|pin| pin.line());
        let (mut capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        assert_eq!(capture.drive(&lines[6], Level::High), Ok(()));
        assert_eq!(capture.release(&lines[6]), Ok(()));
        interrupt(pins[6], true);
        let mut edges = [Edge::default(); 2];
        assert_eq!(reader.read_edges(&mut edges), Ok(1));
        assert_eq!((edges[0].line, edges[0].level), (6, Level::High));
    });
}

/// The controller is not asked, so it cannot refuse.
#[test]
fn a_pause_that_ends_enables_no_driven_line() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    for debounce_us in [0, 5] {
        sim::run(move || {
            let line = low_pin(0).line().with_debounce_us(debounce_us);
            let (mut capture, _reader) = DEVICE.open(&[line], Config::DEFAULT).unwrap();
            assert_eq!(capture.drive(&line, Level::High), Ok(()));
            capture.pause();
            sim::gpio_fail_next(GpioCall::ConfigureInterrupt, EIO);
            assert_eq!(capture.resume(), Ok(()));
        });
    }
}
