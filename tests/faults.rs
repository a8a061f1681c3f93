//! GPIO controllers that misbehave, on the simulated kernel.

use edgepipe::{Config, Edge, EdgeDevice, Error, Line, OpenError};
use edgepipe_app::EmulatedPin;
use zephyr::{
    raw::EIO,
    sim::{self, GpioCall},
};

fn pin() -> EmulatedPin {
    // SAFETY: the simulated kernel's ports are emulated controllers.
    let pin = unsafe { EmulatedPin::new(sim::gpio(0), 0) };
    assert!(pin.prepare(false));
    pin
}

#[test]
fn an_open_that_the_controller_refuses_leaves_nothing_behind() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pin = pin();
        let calls = [
            GpioCall::Configure,
            GpioCall::AddCallback,
            GpioCall::ConfigureInterrupt,
            GpioCall::PortGet,
        ];
        for call in calls {
            sim::gpio_fail_next(call, EIO);
            let refused = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap_err();
            let (OpenError::Line { line: 0, error } | OpenError::Other(error)) = refused else {
                panic!("{call:?}: {refused}");
            };
            assert_eq!(error.errno(), EIO, "{call:?}");
            pin.set(true);
            pin.set(false);
            let (capture, mut reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
            assert_eq!(reader.ledger(), Default::default(), "{call:?}");
            pin.set(true);
            assert_eq!(
                reader.read_edges(&mut [Edge::default(); 4]),
                Ok(1),
                "{call:?}"
            );
            pin.set(false);
            capture.close();
        }
    });
}

#[test]
fn the_line_that_is_refused_is_named() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let line = pin().line();
        // Port 3 is one that this kernel does not have.
        let absent = Line::new(sim::gpio(3), 0, 0);
        let refused = DEVICE.open(&[line, absent], Config::DEFAULT).unwrap_err();
        assert_eq!(
            refused,
            OpenError::Line {
                line: 1,
                error: Error::NO_DEVICE
            }
        );
        assert_eq!(
            refused.to_string(),
            "line 1: no such device, or not ready (errno 19)"
        );
    });
}

#[test]
fn an_edge_whose_level_cannot_be_read_is_counted_and_marked() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pin = pin();
        let (_capture, mut reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        pin.set(true);
        sim::gpio_fail_next(GpioCall::PortGet, EIO);
        pin.set(false);
        pin.set(true);
        let ledger = reader.ledger();
        assert_eq!(
            (ledger.captured, ledger.pending, ledger.lost.unreadable),
            (3, 2, 1)
        );
        assert!(ledger.balances());
        let mut edges = [Edge::default(); 4];
        assert_eq!(reader.read_edges(&mut edges), Ok(2));
        assert_eq!((edges[0].lost_before, edges[1].lost_before), (0, 1));
        assert!(reader.ledger().balances());
    });
}

#[test]
fn callbacks_for_pins_that_are_not_ours_are_ignored() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let (_capture, reader) = DEVICE.open(&[pin().line()], Config::DEFAULT).unwrap();
        sim::gpio_spurious(0, 0xffff_fffe);
        assert_eq!(reader.ledger(), Default::default());
    });
}

#[test]
fn an_interrupt_storm_is_counted_to_the_last_edge() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pin = pin();
        let (_capture, mut reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        let mut edges = [Edge::default(); 3];
        let (mut seen, mut lost) = (0, 0);
        for step in 1..=100_000_u32 {
            pin.set(step % 2 == 1);
            if step % 50 == 0 {
                let count = reader.read_edges(&mut edges).unwrap();
                seen += count as u64;
                lost += edges[..count]
                    .iter()
                    .map(|edge| u64::from(edge.lost_before))
                    .sum::<u64>();
            }
        }
        let ledger = reader.ledger();
        assert_eq!(ledger.captured, 100_000);
        assert!(ledger.balances());
        assert_eq!(ledger.delivered, seen);
        while let Ok(count) = reader.try_read_edges(&mut edges) {
            seen += count as u64;
            lost += edges[..count]
                .iter()
                .map(|edge| u64::from(edge.lost_before))
                .sum::<u64>();
        }
        // What was lost after the last edge has no edge that could tell.
        assert!(
            seen + lost <= 100_000 && seen + lost + 50 > 100_000,
            "{seen} and {lost}"
        );
    });
}
