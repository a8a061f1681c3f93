//! Tests of `channel::fast_path`, in src/channel/fast_path.rs.

use zephyr::time::{Duration, sleep};

use super::super::*;
use crate::{
    Delivery, Error, LineError, Overflow, Readiness, Wake,
    channel::{Interrupts, THROUGH_PIPE, WeakReader},
    config::Setup,
    record::Format,
    sample::Stored,
    sys::{
        out,
        storage::{Buffer, Storage},
        timer::Expiry,
    },
};

struct NoLines;

impl Interrupts for NoLines {
    fn begin(&'static self, _again: bool) -> Result<u32, LineError> {
        Ok(0)
    }

    fn levels(&'static self) -> u32 {
        0
    }

    fn stop(&'static self) {}
}

const SETUP: Setup = Setup {
    format: Format::EDGES,
    capacity: 8,
    headroom: 0,
    ready: Readiness::Any,
    flush_after: 0,
    idle_after: 0,
    overflow: Overflow::DropNewest,
    deliver: Delivery::Direct,
    clock: crate::clock::Source::CYCLE_COUNTER,
};

/// A channel that is ready when it is full.
const FULL: Setup = Setup {
    ready: Readiness::Full,
    ..SETUP
};

/// Starts to capture.
fn start(channel: &'static Channel, storage: Storage, pipe: Option<Storage>, setup: &Setup) {
    channel
        .open(
            storage,
            pipe.unwrap_or(storage),
            pipe.map(|_| &THROUGH_PIPE),
            setup,
        )
        .expect("it is new");
    channel.arm(&NoLines).expect("there are no lines to read");
}

/// Drivers fire callbacks while their lines are configured, and a timer may have expired before.
#[test]
fn nothing_is_for_the_fast_path_before_the_start() {
    static CHANNEL: Channel = Channel::new();
    static BUFFER: Buffer<u64, 8> = Buffer::new();
    zephyr::sim::run(move || {
        CHANNEL
            .open(BUFFER.storage(), BUFFER.storage(), None, &SETUP)
            .expect("it is new");
        Channel::expired(&CHANNEL);
        let inlet = Inlet::new(&CHANNEL);
        let mut fast = inlet.begin();
        assert!(!fast.push(0));
        assert!(!fast.push_at_limit(0));
        inlet.go_on(fast.into_parts()).edge(0);
        assert_eq!(CHANNEL.ledger(), Default::default());
    });
}

/// A reader that never waits often finds nothing.
#[test]
fn a_read_of_nothing_leaves_the_next_edge_to_the_fast_path() {
    static CHANNEL: Channel = Channel::new();
    static BUFFER: Buffer<u64, 8> = Buffer::new();
    zephyr::sim::run(|| {
        start(&CHANNEL, BUFFER.storage(), None, &FULL);
        let end = WeakReader::of(&CHANNEL);
        let nothing = [
            (0, Ok(0)),
            (7, Err(Error::INVALID_INPUT)),
            (64, Err(Error::WOULD_BLOCK)),
        ];
        for (bytes, expected) in nothing {
            assert_eq!(end.try_read(&mut [0; 64][..bytes]), expected);
            assert!(Inlet::new(&CHANNEL).begin().push(0));
            assert_eq!(end.try_read(&mut [0; 8]), Ok(8));
        }
    });
}

/// On another CPU, a handler may still run.
#[test]
fn nothing_is_for_the_fast_path_after_the_end() {
    static CHANNEL: Channel = Channel::new();
    static BUFFER: Buffer<u64, 8> = Buffer::new();
    zephyr::sim::run(|| {
        start(&CHANNEL, BUFFER.storage(), None, &FULL);
        assert!(Inlet::new(&CHANNEL).begin().push(0), "before the end");
        CHANNEL.close();
        let inlet = Inlet::new(&CHANNEL);
        let mut fast = inlet.begin();
        assert!(!fast.push(0));
        assert!(!fast.push_at_limit(0));
        inlet.go_on(fast.into_parts()).edge(0);
        let ledger = CHANNEL.ledger();
        assert_eq!((ledger.captured, ledger.lost.closed), (2, 1));
    });
}

/// The full path takes longer.
#[test]
fn the_fast_path_has_all_but_the_edge_that_makes_the_channel_ready() {
    static CHANNEL: Channel = Channel::new();
    static BUFFER: Buffer<u64, 8> = Buffer::new();
    zephyr::sim::run(|| {
        let setup = Setup {
            ready: Readiness::Records(3),
            ..SETUP
        };
        start(&CHANNEL, BUFFER.storage(), None, &setup);
        let inlet = Inlet::new(&CHANNEL);
        assert!(inlet.begin().push(0) && inlet.begin().push(0));
        let mut fast = inlet.begin();
        assert!(!fast.push(0) && fast.push_at_limit(0));
        fast.finish();
        assert_eq!(WeakReader::of(&CHANNEL).ready(), Ok(Some(Wake::Threshold)));
        CHANNEL.full_path_now().edge(0);
        for _ in 4..8 {
            assert!(inlet.begin().push(0));
        }
        let mut fast = inlet.begin();
        assert!(!fast.push(0) && !fast.push_at_limit(0), "it is full");
    });
}

#[test]
fn a_pipe_is_offered_a_piece_at_a_time_and_not_each_edge() {
    static CHANNEL: Channel = Channel::new();
    static BUFFER: Buffer<u64, 32> = Buffer::new();
    static PIPE: Buffer<u64, 8> = Buffer::new();
    zephyr::sim::run(|| {
        let setup = Setup {
            capacity: 32,
            ready: Readiness::Records(2),
            deliver: Delivery::Pipe,
            ..SETUP
        };
        start(&CHANNEL, BUFFER.storage(), Some(PIPE.storage()), &setup);
        // Eight fit in the pipe, and two do not.
        for _ in 0..10 {
            CHANNEL.full_path_now().edge(0);
        }
        assert_eq!(CHANNEL.lock().records.pending(), 2 * 8);
        let inlet = Inlet::new(&CHANNEL);
        for _ in 0..7 {
            assert!(inlet.begin().push(0));
        }
        let mut fast = inlet.begin();
        assert!(!fast.push(0) && !fast.push_at_limit(0));
        drop(fast);
        let mut bytes = [0; 64];
        assert_eq!(CHANNEL.pipe.read(out::of(&mut bytes)), 64);
        let mut state = CHANNEL.lock();
        assert_eq!(CHANNEL.hand_over(&mut state, usize::MAX), 8 * 8);
    });
}

/// Interrupts are unmasked after each block.
#[test]
fn a_read_takes_block_after_block_and_shorter_ones_after_a_loss() {
    static CHANNEL: Channel = Channel::new();
    static BUFFER: Buffer<u64, 160> = Buffer::new();
    zephyr::sim::run(|| {
        let setup = Setup {
            capacity: 160,
            ..SETUP
        };
        start(&CHANNEL, BUFFER.storage(), None, &setup);
        for _ in 0..160 {
            CHANNEL.full_path_now().edge(0);
        }
        let mut out = [0; 160 * 8];
        assert_eq!(
            CHANNEL.lock().take(out::of(&mut out), false, None),
            Some(48 * 8)
        );
        assert_eq!(
            WeakReader::of(&CHANNEL).try_read(&mut out[..65 * 8]),
            Ok(65 * 8)
        );
        for _ in 129..=160 {
            CHANNEL.full_path_now().edge(0);
        }
        assert_eq!(
            CHANNEL.lock().take(out::of(&mut out[..8]), false, None),
            Some(8)
        );
        for _ in 0..160 {
            CHANNEL.full_path_now().edge(0);
        }
        assert_eq!(
            CHANNEL.lock().take(out::of(&mut out), false, None),
            Some(8 * 8)
        );
    });
}

/// A reader takes the highest bits of a time from the end.
#[test]
fn the_end_is_later_than_now_by_less_than_a_wrap() {
    static CHANNEL: Channel = Channel::new();
    static BUFFER: Buffer<u64, 8> = Buffer::new();
    zephyr::sim::run(|| {
        start(&CHANNEL, BUFFER.storage(), None, &FULL);
        let (end, _) = WeakReader::of(&CHANNEL).clock_end().unwrap();
        let ahead = end - CHANNEL.now().0;
        assert!(0 < ahead && ahead < 1 << 32, "{ahead}");
    });
}

/// Plain bytes have no time: the time of the byte before them counts.
#[test]
fn a_byte_that_a_read_leaves_keeps_the_deadline() {
    static CHANNEL: Channel = Channel::new();
    static BUFFER: Buffer<u8, 8> = Buffer::new();
    zephyr::sim::run(|| {
        let setup = Setup {
            format: u8::FORMAT,
            flush_after: 5,
            idle_after: 0,
            ..FULL
        };
        start(&CHANNEL, BUFFER.storage(), None, &setup);
        CHANNEL.full_path_now().sample(1_u8);
        CHANNEL.full_path_now().sample(2_u8);
        let end = WeakReader::of(&CHANNEL);
        assert_eq!(end.try_read(&mut [0; 1]), Ok(1));
        assert_eq!(end.ready(), Ok(None));
        sleep(Duration::from_ticks(10));
        assert_eq!(end.ready(), Ok(Some(Wake::Deadline)));
    });
}

/// The timer also expires to count wraps of the cycle counter.
#[test]
fn a_timer_makes_nothing_ready_where_there_is_no_deadline() {
    static CHANNEL: Channel = Channel::new();
    static BUFFER: Buffer<u8, 8> = Buffer::new();
    zephyr::sim::run(|| {
        let setup = Setup {
            format: u8::FORMAT,
            ..FULL
        };
        start(&CHANNEL, BUFFER.storage(), None, &setup);
        assert!(Inlet::new(&CHANNEL).begin().push_record(7_u8));
        Channel::expired(&CHANNEL);
        assert_eq!(WeakReader::of(&CHANNEL).ready(), Ok(None));
    });
}
