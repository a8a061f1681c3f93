//! Former bugs, each with the test that would have found it.

#[path = "regressions/deadlines.rs"]
mod deadlines;
#[path = "regressions/idle.rs"]
mod idle;
#[path = "regressions/losses.rs"]
mod losses;
#[path = "regressions/pipe.rs"]
mod pipe;
#[path = "regressions/reopening.rs"]
mod reopening;
#[path = "regressions/samples.rs"]
mod samples;

use edgepipe::{Config, EdgeDevice, Ledger, Readiness, StrobeDevice, Wake};
use edgepipe_app::EmulatedPin;
use zephyr::sim;
use zephyr::time::{Duration, NoWait};

/// A pin of the first port, which is low.
fn low_pin(number: u8) -> EmulatedPin {
    // SAFETY: the simulated kernel's ports are emulated controllers.
    let pin = unsafe { EmulatedPin::new(sim::gpio(0), number) };
    assert!(pin.prepare(false));
    pin
}

/// Makes edges with these numbers, each in its own interrupt. The odd ones rise.
fn edges(pin: EmulatedPin, numbers: impl IntoIterator<Item = u32>) {
    for number in numbers {
        assert!(sim::call_in_isr(|| pin.set(number % 2 == 1)));
    }
}

fn milliseconds(count: u64) -> Duration {
    Duration::millis_at_least(count)
}

#[test]
fn a_device_that_was_never_open_has_an_empty_ledger() {
    static EDGES: EdgeDevice<8> = EdgeDevice::new();
    static BYTES: StrobeDevice<u8, 8> = StrobeDevice::new();
    sim::run(|| {
        let ledger = format!("{:?}", Ledger::default());
        assert!(ledger.contains("captured: 0,"));
        for device in [format!("{EDGES:?}"), format!("{BYTES:?}")] {
            assert!(device.contains(&ledger), "{device}");
        }
    });
}

/// Edges were counted in eight bits until a thread took the count over. The edge that reaches the threshold,
/// and the one after it, made that count wrap at multiples of 255: 256 edges were missing from the ledger.
#[test]
fn every_edge_is_counted_whatever_the_threshold() {
    const EDGES: u32 = 600;
    static DEVICE: EdgeDevice<1_000> = EdgeDevice::new();
    sim::run(|| {
        for threshold in 250..520 {
            let pin = low_pin(0);
            let config = Config {
                ready: Readiness::Records(threshold),
                ..Config::DEFAULT
            };
            let (_capture, reader) = DEVICE.open(&[pin.line()], config).unwrap();
            let gives = sim::gives();
            for edge in 1..=EDGES {
                edges(pin, [edge]);
                assert_eq!(sim::gives(), gives, "nobody waits");
            }
            let ledger = reader.ledger();
            assert_eq!(
                (ledger.captured, ledger.pending),
                (EDGES.into(), EDGES.into()),
                "threshold {threshold}"
            );
            assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Threshold));
        }
    });
}

/// Such as that of a one-wire sensor. The flag is for when it is driven; an input with it is an error of Zephyr's.
#[test]
fn an_open_drain_line_is_captured() {
    const GPIO_OPEN_DRAIN: u16 = 6;
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let line = pin.line_with_flags(GPIO_OPEN_DRAIN);
        let (_capture, reader) = DEVICE.open(&[line], Config::DEFAULT).unwrap();
        edges(pin, 1..=3);
        assert_eq!(reader.ledger().captured, 3);
    });
}
