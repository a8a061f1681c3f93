//! Rare moments, and rare values.

use std::rc::Rc;

use edgepipe::{Config, Delivery, Edge, EdgeDevice, Error, Missed, Readiness, StrobeDevice};
use zephyr::raw::{self, EPIPE};
use zephyr::sim::{self, Limits, Options, Source};
use zephyr::time::{Forever, NoWait, Timeout};

use crate::explore::walk;
use crate::support::{interrupt, low_pin, sleep_ticks};

const EACH: Config = Config {
    ready: Readiness::Any,
    ..Config::DEFAULT
};

#[test]
fn a_time_may_have_more_bits_than_a_record_has_for_it() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    let options = Options {
        ticks_max: u64::MAX,
        ..Options::default()
    };
    let run = sim::try_run(options, || {
        let pin = low_pin(0);
        let (capture, mut reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        sleep_ticks(3 << 47);
        interrupt(pin, true);
        let mut edge = [Edge::default()];
        assert_eq!(reader.try_read_edges(&mut edge), Ok(1));
        assert_eq!(edge[0].timestamp_ns, capture.now_ns());
    });
    run.unwrap();
}

/// The level may change while the device is opened: before the capture begins, or as its first edge.
#[test]
fn an_edge_during_open_is_an_edge_or_the_first_level() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    walk(Limits::interrupts(1), Limits::interrupts(2), || {
        let pin = low_pin(0);
        sim::interrupt_at(Source::Other, 1_000, move || assert!(pin.set(true)));
        let (_capture, reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        sleep_ticks(2_000);
        interrupt(pin, false);
        let ledger = reader.ledger();
        assert!(ledger.captured == 1 || ledger.captured == 2, "{ledger:?}");
        assert_eq!(ledger.missed, Missed::default());
    });
}

#[test]
fn a_thread_that_is_woken_for_nothing_is_counted() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let (_capture, reader) = DEVICE.open(&[pin.line()], EACH).unwrap();
        // Both wait. The first is woken, passes the wake on, and reads before the second runs.
        let threads = [1, 2].map(|priority| {
            let reader = reader.weak();
            sim::spawn("waiter", priority, move || {
                reader.wait_ready(Forever).unwrap();
                assert_eq!(reader.try_read(&mut [0; 8]), Ok(8));
            })
        });
        for high in [true, false] {
            sleep_ticks(10);
            interrupt(pin, high);
        }
        threads.iter().for_each(sim::Thread::join);
        let ledger = reader.ledger();
        assert_eq!((ledger.wakes, ledger.spurious_wakes), (2, 1));
    });
}

/// Records that another thread takes are missing from a read, but a read loses none of its own.
#[test]
fn a_read_of_edges_returns_what_it_took_when_another_thread_takes_the_rest() {
    static DEVICE: EdgeDevice<64> = EdgeDevice::new();
    walk(Limits::new(0, 1), Limits::new(0, 2), || {
        let pin = low_pin(0);
        let (_capture, mut reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        // One more than are decoded at once.
        for edge in 1..=33 {
            interrupt(pin, edge % 2 == 1);
        }
        let other = reader.weak();
        let taken = Rc::new(std::cell::Cell::new(0));
        let count = Rc::clone(&taken);
        let thief = sim::spawn("other", 0, move || {
            let read = other.try_read(&mut [0; 8 * 64]);
            count.set(read.unwrap_or(0) / 8);
        });
        let mut edges = [Edge::default(); 40];
        let read = reader.try_read_edges(&mut edges);
        thief.join();
        match read {
            Ok(read) => assert_eq!(read + taken.get(), 33),
            Err(error) => assert_eq!((error, taken.get()), (Error::WOULD_BLOCK, 33)),
        }
    });
}

/// A long read copies one block at a time. If the use ends in between, it returns what it has.
#[test]
fn a_read_returns_what_it_took_before_the_reader_was_dropped() {
    static DEVICE: EdgeDevice<64> = EdgeDevice::new();
    walk(Limits::new(0, 1), Limits::new(0, 2), || {
        let pin = low_pin(0);
        let (capture, reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        for edge in 1..=60 {
            interrupt(pin, edge % 2 == 1);
        }
        let weak = reader.weak();
        let ending = sim::spawn("ending", 0, move || drop(reader));
        let read = weak.try_read(&mut [0; 8 * 64]);
        ending.join();
        assert!(read.is_ok() || read == Err(Error::BAD_HANDLE));
        let delivered = format!("delivered: {},", read.unwrap_or(0) / 8);
        assert!(
            format!("{DEVICE:?}").contains(&delivered),
            "{read:?}, {DEVICE:?}"
        );
        drop(capture);
    });
}

#[test]
fn the_levels_of_a_strobes_data_lines_can_be_asked_for() {
    static DEVICE: StrobeDevice<u8, 8> = StrobeDevice::new();
    sim::run(|| {
        let (strobe, data) = (low_pin(0), [low_pin(1), low_pin(2)]);
        let lines = data.map(|pin| pin.line());
        let (capture, _reader) = DEVICE.open(strobe.line(), &lines, EACH).unwrap();
        for levels in [0b00, 0b01, 0b10, 0b11] {
            for (line, pin) in data.iter().enumerate() {
                assert!(pin.set(levels >> line & 1 == 1));
            }
            let found = [0, 1].map(|line| bool::from(capture.level(line)));
            assert_eq!(found, [levels & 1 == 1, levels >> 1 == 1]);
        }
    });
}

/// Other code that reads the pipe finds its end, even if the last records were never handed over.
#[test]
fn the_pipe_ends_with_the_reader() {
    static DEVICE: EdgeDevice<8, 1, 0, 2> = EdgeDevice::new();
    let config = Config {
        deliver: Delivery::Pipe,
        ..EACH
    };
    sim::run(move || {
        let pin = low_pin(0);
        let (capture, reader) = DEVICE.open(&[pin.line()], config).unwrap();
        for edge in 1..=5 {
            interrupt(pin, edge % 2 == 1);
        }
        let pipe = reader.pipe().unwrap();
        drop(capture);
        drop(reader);
        let read = || {
            let mut record = [0; 8];
            // SAFETY: the pipe is that of a device in a static, and the bytes can be written to.
            unsafe {
                raw::k_pipe_read(
                    pipe.as_ptr(),
                    record.as_mut_ptr(),
                    8,
                    Timeout::from(NoWait).0,
                )
            }
        };
        assert_eq!([read(), read(), read()], [8, 8, -(EPIPE as i32)]);
    });
}
