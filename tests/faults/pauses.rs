//! Pauses and driven lines: when the hole is delivered, and interrupts that should not come.

use edgepipe::{Config, EdgeDevice, Level, Missed, Wake};
use zephyr::sim;
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
