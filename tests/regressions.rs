//! Bugs that were, each with the test that would have found it.

use edgepipe::{Config, EdgeDevice, Ledger, Readiness, StrobeDevice, Wake};
use edgepipe_app::EmulatedPin;
use zephyr::sim;
use zephyr::time::NoWait;

#[test]
fn a_device_that_was_never_open_has_an_empty_ledger() {
    static EDGES: EdgeDevice<8> = EdgeDevice::new();
    static BYTES: StrobeDevice<8> = StrobeDevice::new();
    sim::run(|| {
        let ledger = format!("{:?}", Ledger::default());
        assert!(ledger.contains("captured: 0,"));
        for device in [format!("{EDGES:?}"), format!("{BYTES:?}")] {
            assert!(device.contains(&ledger), "{device}");
        }
    });
}

/// Edges are counted in eight bits until somebody looks. The one that reaches the threshold without a look,
/// and the one after it, took that around at multiples of 255: 256 edges were in no column of the books.
#[test]
fn every_edge_is_counted_whatever_the_threshold() {
    const EDGES: u32 = 600;
    static DEVICE: EdgeDevice<1_000> = EdgeDevice::new();
    // SAFETY: the simulated kernel's ports are emulated controllers.
    let pin = || unsafe { EmulatedPin::new(sim::gpio(0), 0) };
    sim::run(move || {
        for threshold in 250..520 {
            assert!(pin().prepare(false));
            let config = Config {
                ready: Readiness::Records(threshold),
                // One, so that no edge gives reason to count those before it.
                block: Some(1_000),
                ..Config::DEFAULT
            };
            let (_capture, reader) = DEVICE.open(&[pin().line()], config).unwrap();
            let gives = sim::gives();
            for edge in 1..=EDGES {
                assert!(sim::call_in_isr(|| pin().set(edge % 2 == 1)));
                let raised = sim::gives() - gives;
                assert_eq!(raised, (edge >= threshold).into(), "threshold {threshold}");
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
