//! Zephyr's power management suspends a device at any place of what its application does.

use edgepipe::{Capture, Config, Edge, EdgeDevice, Error, Gap, Level, OpenError, Reader};
use edgepipe_app::EmulatedPin;
use zephyr::sim::{self, Limits};
use zephyr::time::{Duration, sleep};

use crate::explore::walk;

type Device = EdgeDevice<8, 1, 1>;

fn pin() -> EmulatedPin {
    // SAFETY: the simulated kernel's ports are emulated controllers.
    unsafe { EmulatedPin::new(sim::gpio(0), 0) }
}

fn device() -> &'static Device {
    Box::leak(Box::new(Device::new()))
}

fn open(device: &'static Device, debounce_us: u32) -> (Capture, Reader) {
    assert!(pin().prepare(true) && pin().set(false));
    let line = pin().line().with_debounce_us(debounce_us);
    device.open(&[line], Config::DEFAULT).unwrap()
}

/// Opens the device once it is not suspended.
fn open_soon(device: &'static Device) -> (Capture, Reader) {
    assert!(pin().prepare(true) && pin().set(false));
    loop {
        match device.open(&[pin().line()], Config::DEFAULT) {
            Ok(opened) => return opened,
            Err(refused) => assert_eq!(refused, OpenError::Other(Error::SUSPENDED)),
        }
        sleep(Duration::from_ticks(1));
    }
}

/// How many edges are counted of one.
fn counted(reader: &Reader, high: bool) -> u64 {
    let before = reader.ledger().captured;
    assert!(pin().set(high));
    sleep(Duration::from_ticks(20));
    assert!(reader.ledger().balances());
    reader.ledger().captured - before
}

/// Until no other thread changes the capture.
fn when_free(mut change: impl FnMut() -> Result<(), OpenError>) {
    while let Err(refused) = change() {
        assert_eq!(refused, OpenError::Other(Error::BUSY));
        sleep(Duration::from_ticks(1));
    }
}

/// Suspends and resumes the device in a thread that preempts, or is preempted, at any place.
fn with_power_management<T>(priority: i32, device: &'static Device, body: impl FnOnce() -> T) -> T {
    let other = sim::spawn("power management", priority, move || {
        when_free(|| device.suspend());
        sleep(Duration::from_ticks(3));
        when_free(|| device.resume());
    });
    let result = body();
    other.join();
    result
}

#[test]
fn a_capture_goes_on_after_a_suspend_and_its_hole_is_marked() {
    for debounce_us in [0, 5] {
        let device = device();
        sim::run(move || {
            let (_capture, mut reader) = open(device, debounce_us);
            assert_eq!(
                device.resume(),
                Ok(()),
                "it is not suspended, so there is no hole"
            );
            assert_eq!(reader.try_read(&mut [0; 8]), Err(Error::WOULD_BLOCK));
            assert_eq!(device.suspend(), Ok(()));
            assert_eq!(device.suspend(), Ok(()), "it is");
            assert_eq!(counted(&reader, true), 0);
            assert_eq!(device.resume(), Ok(()));
            assert_eq!(counted(&reader, false), 1);
            let mut edge = [Edge::default()];
            assert_eq!(reader.read_edges(&mut edge), Ok(1));
            let [edge] = edge;
            let hole = Gap { lost: 0, levels: 1 };
            assert_eq!((edge.gap, edge.level), (Some(hole), Level::Low));
            assert_eq!(reader.ledger().missed, Default::default());
        });
    }
}

#[test]
fn a_suspended_device_is_refused() {
    let device = device();
    sim::run(move || {
        assert_eq!(device.suspend(), Ok(()));
        let line = pin().line();
        let refused = device.open(&[line], Config::DEFAULT).err();
        assert_eq!(refused, Some(OpenError::Other(Error::SUSPENDED)));
        assert_eq!(device.resume(), Ok(()));

        let (mut capture, reader) = open(device, 0);
        assert_eq!(device.suspend(), Ok(()));
        assert_eq!(capture.resume(), Err(Error::SUSPENDED));
        assert_eq!(capture.drive(&line, Level::High), Err(Error::SUSPENDED));
        assert_eq!(capture.release(&line), Err(Error::SUSPENDED));
        let refused = capture.set_trigger(&line, edgepipe::Trigger::Rising);
        assert_eq!(refused, Err(Error::SUSPENDED));
        assert_eq!(counted(&reader, true), 0);

        // It can be closed; then it stays suspended.
        drop((capture, reader));
        let refused = device.open(&[line], Config::DEFAULT).err();
        assert_eq!(refused, Some(OpenError::Other(Error::SUSPENDED)));
        assert_eq!(device.resume(), Ok(()));
        let (_capture, reader) = open(device, 0);
        assert_eq!(counted(&reader, true), 1);
    });
}

#[test]
fn what_the_application_paused_stays_paused() {
    let device = device();
    sim::run(move || {
        let (mut capture, reader) = open(device, 0);
        for pauses_first in [true, false] {
            if pauses_first {
                capture.pause();
            }
            assert_eq!(device.suspend(), Ok(()));
            if !pauses_first {
                capture.pause();
            }
            assert_eq!(device.resume(), Ok(()));
            assert_eq!(counted(&reader, true), 0);
            assert_eq!(capture.resume(), Ok(()));
            assert_eq!(counted(&reader, false), 1);
        }
    });
}

#[test]
fn a_pause_and_a_suspend_end_in_any_order() {
    let device = device();
    for priority in [1, 9] {
        walk(Limits::new(2, 2), Limits::new(3, 3), move || {
            let (mut capture, reader) = open(device, 0);
            with_power_management(priority, device, || {
                capture.pause();
                assert_eq!(counted(&reader, true), 0);
            });
            assert_eq!(counted(&reader, false), 0, "the application's pause lasts");
            assert_eq!(capture.resume(), Ok(()));
            assert_eq!(counted(&reader, true), 1);
        });
    }
}

#[test]
fn a_device_is_suspended_while_its_application_pauses_and_resumes() {
    let device = device();
    for priority in [1, 9] {
        walk(Limits::new(1, 1), Limits::new(2, 2), move || {
            let (mut capture, reader) = open(device, 0);
            with_power_management(priority, device, || {
                capture.pause();
                while let Err(refused) = capture.resume() {
                    assert_eq!(refused, Error::SUSPENDED);
                    sleep(Duration::from_ticks(1));
                }
            });
            assert_eq!(counted(&reader, true), 1);
        });
    }
}

#[test]
fn a_device_is_suspended_while_it_is_opened() {
    let device = device();
    for priority in [1, 9] {
        walk(Limits::new(1, 1), Limits::new(2, 2), move || {
            let (_capture, reader) = with_power_management(priority, device, || open_soon(device));
            assert_eq!(counted(&reader, true), 1);
        });
    }
}

#[test]
fn a_device_is_suspended_while_it_is_closed() {
    let device = device();
    for priority in [1, 9] {
        walk(Limits::new(1, 1), Limits::new(2, 2), move || {
            let (capture, reader) = open(device, 0);
            with_power_management(priority, device, || {
                drop(capture);
                drop(reader);
            });
            let (_capture, reader) = open_soon(device);
            assert_eq!(counted(&reader, true), 1);
        });
    }
}
