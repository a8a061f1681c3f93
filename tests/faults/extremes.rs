//! The largest value of everything that has one.

use edgepipe::{
    Config, ConfigError, Delivery, Edge, EdgeDevice, Error, Event, OpenError, PollSet,
    RECORD_BYTES, Reader, Readiness, StrobeDevice, Token, Wake,
};
use zephyr::sim::{self, Options, Thread};
use zephyr::time::{Duration, Timeout};

use crate::support::{interrupt, low_pin, pin, sleep_ticks};

const LARGEST: usize = 65_536;

/// Capacities just below and above the ranges of eight and of thirteen bits, and the smallest and the
/// largest.
const CAPACITIES: [u32; 10] = [1, 2, 3, 255, 256, 257, 8_191, 8_192, 8_193, LARGEST as u32];

/// Reads everything, up to `most` edges at a time; checks that they are edges 1 to `count`, in order.
fn check_edges(reader: &mut Reader, most: usize, count: u32) {
    let mut edges = [Edge::default(); 300];
    let mut next = 1;
    while let Ok(read @ 1..) = reader.try_read_edges(&mut edges[..most]) {
        for edge in &edges[..read] {
            assert_eq!((edge.sequence, edge.lost_before()), (next as u8, 0));
            next += 1;
        }
    }
    assert_eq!(next, count + 1);
}

#[test]
fn a_buffer_of_every_size_takes_what_it_says_and_counts_what_it_loses() {
    static DEVICE: EdgeDevice<LARGEST> = EdgeDevice::new();
    for capacity in CAPACITIES {
        sim::run(move || {
            let pin = low_pin(0);
            let config = Config {
                capacity: Some(capacity),
                headroom: Some(0),
                ..Config::DEFAULT
            };
            let (_capture, mut reader) = DEVICE.open(&[pin.line()], config).unwrap();
            // In the second round the ring begins in the middle.
            for (round, extra) in [0, 3].into_iter().enumerate() {
                let first = if round == 0 { 0 } else { capacity };
                for edge in 1..capacity {
                    interrupt(pin, (first + edge) % 2 == 1);
                }
                assert_eq!(reader.ready(), None, "one is missing of {capacity}");
                for edge in capacity..=capacity + extra {
                    interrupt(pin, (first + edge) % 2 == 1);
                }
                let ledger = reader.ledger();
                assert_eq!(ledger.pending, capacity.into());
                assert_eq!(ledger.lost.full, extra.into());
                assert_eq!(ledger.captured, u64::from(first + capacity + extra));
                assert_eq!(ledger.high_water, capacity);
                let full = if extra == 0 {
                    Wake::Full
                } else {
                    Wake::Overflow
                };
                assert_eq!(reader.ready(), Some(full));
                if round == 0 {
                    check_edges(&mut reader, 300, capacity);
                }
            }
            let mut left = capacity;
            while left > 0 {
                let mut edges = [Edge::default(); 300];
                left -= reader.try_read_edges(&mut edges).unwrap() as u32;
            }
            let ledger = reader.ledger();
            assert!(ledger.balances() && ledger.pending == 0, "{ledger:?}");
            assert_eq!(ledger.delivered, 2 * u64::from(capacity));
        });
    }
}

/// Zephyr's `ring_buf` has 16-bit indices.
const LARGEST_PIPE: usize = 4_095;

#[test]
fn a_buffer_of_every_size_is_delivered_through_the_largest_pipe() {
    static DEVICE: EdgeDevice<LARGEST, 2, 0, LARGEST_PIPE> = EdgeDevice::new();
    for capacity in CAPACITIES {
        sim::run(move || {
            let pin = low_pin(0);
            let config = Config {
                capacity: Some(capacity),
                headroom: Some(0),
                deliver: Delivery::Pipe,
                ..Config::DEFAULT
            };
            let (capture, mut reader) = DEVICE.open(&[pin.line()], config).unwrap();
            for edge in 1..=capacity {
                interrupt(pin, edge % 2 == 1);
            }
            let in_pipe = capacity.min(LARGEST_PIPE as u32);
            let ledger = reader.ledger();
            assert_eq!(ledger.delivered, in_pipe.into(), "capacity {capacity}");
            assert_eq!(ledger.pending, u64::from(capacity - in_pipe));
            capture.close();
            check_edges(&mut reader, 299, capacity);
            assert_eq!(reader.ledger().delivered, capacity.into());
            assert_eq!(reader.try_read(&mut [0; RECORD_BYTES]), Ok(0), "the end");
        });
    }
}

#[test]
fn a_pipe_that_is_larger_than_zephyrs_can_be_is_refused() {
    static EDGES: EdgeDevice<8, 2, 0, { LARGEST_PIPE + 1 }> = EdgeDevice::new();
    static BYTES: StrobeDevice<u8, 8, 32_768> = StrobeDevice::new();
    static MOST: StrobeDevice<u8, 8, 32_767> = StrobeDevice::new();
    sim::run(|| {
        let lines = [low_pin(0).line(), low_pin(1).line()];
        let config = Config {
            deliver: Delivery::Pipe,
            ..Config::DEFAULT
        };
        let refused = |most| Some(OpenError::Config(ConfigError::PipeTooLarge { most }));
        assert_eq!(EDGES.open(&lines, config).err(), refused(LARGEST_PIPE));
        let opened = BYTES.open(lines[0], &lines[1..], config);
        assert_eq!(opened.err(), refused(32_767));
        assert!(MOST.open(lines[0], &lines[1..], config).is_ok());
        // The size is not checked if the pipe is not used.
        assert!(EDGES.open(&lines, Config::DEFAULT).is_ok());
    });
}

#[test]
fn a_strobed_buffer_of_every_size_takes_what_it_says() {
    static DEVICE: StrobeDevice<u8, LARGEST> = StrobeDevice::new();
    for capacity in CAPACITIES {
        sim::run(move || {
            let (strobe, data) = (low_pin(0), low_pin(1));
            let config = Config {
                capacity: Some(capacity),
                ready: Readiness::Records(capacity),
                ..Config::DEFAULT
            };
            let opened = DEVICE.open(strobe.line(), &[data.line()], config);
            let (_capture, reader) = opened.unwrap();
            for edge in 1..=capacity + 1 {
                data.set(edge % 3 == 0);
                interrupt(strobe, edge % 2 == 1);
            }
            let ledger = reader.ledger();
            assert_eq!((ledger.pending, ledger.lost.full), (capacity.into(), 1));
            let mut bytes = vec![0xff; LARGEST + 1];
            assert_eq!(reader.try_read(&mut bytes), Ok(capacity as usize));
            for (edge, byte) in (1..).zip(&bytes[..capacity as usize]) {
                assert_eq!(*byte, u8::from(edge % 3 == 0), "byte {edge}");
            }
        });
    }
}

/// Makes two edges in a while.
fn edges_later() -> Thread {
    sim::spawn("later", 1, || {
        for high in [true, false] {
            sleep_ticks(10);
            interrupt(pin(0), high);
        }
    })
}

/// The longest time-outs, and some around the end of 32 bits.
const LONG: [i64; 7] = [
    i64::MAX,
    i64::MAX - 1,
    i64::MAX - 2,
    i64::MAX / 2,
    1 << 32,
    (1 << 32) - 1,
    1 << 31,
];

fn timeout(ticks: i64) -> Timeout {
    Duration::from_ticks(ticks as u64).into()
}

#[test]
fn a_wait_may_last_as_long_as_a_time_out_can_say() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    static SET: PollSet<1> = PollSet::new();
    for ticks in LONG {
        sim::run(move || {
            // Let the uptime be above 0, in case something is added to it.
            sleep_ticks(1_000);
            let pin = low_pin(0);
            let config = Config {
                ready: Readiness::Records(2),
                ..Config::DEFAULT
            };
            let (_capture, reader) = DEVICE.open(&[pin.line()], config).unwrap();
            let poller = SET.open().unwrap();
            poller.register(&reader, Token(0)).unwrap();
            let mut bytes = [0; 8 * RECORD_BYTES];

            let later = edges_later();
            assert_eq!(reader.wait_ready(timeout(ticks)), Ok(Wake::Threshold));
            later.join();
            assert_eq!(reader.try_read(&mut bytes), Ok(2 * RECORD_BYTES));

            let later = edges_later();
            let events = poller.wait(timeout(ticks)).unwrap();
            let ready = Event {
                token: Token(0),
                wake: Wake::Threshold,
            };
            assert_eq!(events, [ready]);
            later.join();
            assert_eq!(reader.try_read(&mut bytes), Ok(2 * RECORD_BYTES));

            let later = edges_later();
            let read = reader.read_timeout(&mut bytes, timeout(ticks));
            assert_eq!(read, Ok(RECORD_BYTES));
            later.join();
        });
    }
}

#[test]
fn a_deadline_may_be_as_far_away_as_time_goes() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    let long = LONG.map(|ticks| ticks as u64);
    for ticks in [u64::MAX, u64::MAX - 1, 1 << 63].into_iter().chain(long) {
        let options = Options {
            ticks_max: u64::MAX / 4,
            ..Options::default()
        };
        let run = sim::try_run(options, move || {
            sleep_ticks(1_000);
            let pin = low_pin(0);
            let config = Config {
                flush_after: Some(Duration::from_ticks(ticks)),
                ..Config::DEFAULT
            };
            let (_capture, mut reader) = DEVICE.open(&[pin.line()], config).unwrap();
            interrupt(pin, true);
            interrupt(pin, false);
            assert_eq!(reader.wait_ready(timeout(100)), Err(Error::TIMED_OUT));
            // The deadline is set again for the edges that are left.
            assert_eq!(reader.try_read_edges(&mut [Edge::default()]), Ok(1));
            assert_eq!(reader.wait_ready(timeout(100)), Err(Error::TIMED_OUT));
            if ticks <= 1 << 32 {
                let begun = zephyr::time::now().ticks();
                assert_eq!(reader.wait_ready(zephyr::time::Forever), Ok(Wake::Deadline));
                let ended = zephyr::time::now().ticks();
                assert!(ended >= 1_000 + ticks && ended > begun);
                assert!(ended <= 1_000 + ticks + 2, "at tick {ended}");
            }
        });
        run.unwrap();
    }
}

#[test]
fn a_line_may_be_debounced_for_as_long_as_its_time_can_say() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    for us in [2, (1 << 16) - 1, 1 << 16, 10_000_000] {
        sim::run(move || {
            let pin = low_pin(0);
            let lines = [pin.line().with_debounce_us(us)];
            let (_capture, reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
            interrupt(pin, true);
            sleep_ticks(u64::from(us) - 1);
            assert_eq!(reader.ledger().captured, 0, "{us} us are not over");
            sleep_ticks(2);
            assert_eq!(reader.ledger().captured, 1, "{us} us are over");
        });
    }
}
