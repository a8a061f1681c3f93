//! Delivery through a pipe, which any code can read.

use core::ptr::NonNull;

use edgepipe::{
    Capture, Config, ConfigError, Delivery, Edge, Error, Event, OpenError, Overflow, PollSet,
    RECORD_BYTES, Reader, Readiness, StrobeDevice, Token, Trigger, Wake, record::Record,
};
use embedded_io::{Read, ReadReady};
use zephyr::{
    raw::{self, k_pipe},
    sync::{SpinMutex, atomic::AtomicI32, atomic::Ordering},
    sys::sync::Semaphore,
    time::{Forever, NoWait, Timeout},
};

use super::super::platform;
use super::support::{Bench, Square, bench, low_lines, periods, pins, sleep_periods};

/// Delivers at `records` records.
fn piped(records: u32) -> Config {
    Config {
        ready: Readiness::Records(records),
        deliver: Delivery::Pipe,
        ..Config::DEFAULT
    }
}

/// The numbers of edges that were handed over, and that are pending.
fn books<T>(reader: &Reader<T>) -> (u64, u64) {
    let ledger = reader.ledger();
    assert!(ledger.balances(), "{ledger:?}");
    (ledger.delivered, ledger.pending)
}

/// Reads as many records as fit, with `k_pipe_read`; returns their number, or the error.
fn read_pipe<const N: usize>(
    pipe: NonNull<k_pipe>,
    records: &mut [[u8; RECORD_BYTES]; N],
    timeout: impl Into<Timeout>,
) -> Result<usize, i32> {
    let bytes = records.as_flattened_mut();
    // SAFETY: the pipe is that of a device in a static, and the slice can be written to.
    let read = unsafe {
        raw::k_pipe_read(
            pipe.as_ptr(),
            bytes.as_mut_ptr(),
            bytes.len(),
            timeout.into().0,
        )
    };
    let length = usize::try_from(read).map_err(|_| read)?;
    assert_eq!(length % RECORD_BYTES, 0, "records are written whole");
    Ok(length / RECORD_BYTES)
}

/// Checks that these are edges of one line that alternates, from number `next` on.
fn check(records: &[[u8; RECORD_BYTES]], next: u32) {
    for (number, record) in (next..).zip(records) {
        match Record::decode(*record) {
            Ok(Record::Edge {
                sequence, level, ..
            }) => {
                assert_eq!(sequence, number as u8);
                assert_eq!(bool::from(level), number % 2 == 1);
            }
            other => panic!("record {number} is {other:?}"),
        }
    }
}

/// Reads through the reader, up to `N` records, and checks them as [`check`] does.
fn read<const N: usize>(reader: &Reader, next: u32) -> Result<usize, Error> {
    let mut records = [[0; RECORD_BYTES]; N];
    let length = reader.try_read(records.as_flattened_mut())?;
    assert_eq!(length % RECORD_BYTES, 0);
    let count = length / RECORD_BYTES;
    check(&records[..count], next);
    Ok(count)
}

pub(super) fn records_are_handed_over_at_the_threshold() {
    let bench: Bench<8, 16> = bench!(8, 16);
    let (_capture, reader) = bench.open(piped(3));
    for (edge, expected) in [
        (1, (0, 1)),
        (2, (0, 2)),
        (3, (3, 0)),
        (4, (3, 1)),
        (5, (3, 2)),
        (6, (6, 0)),
        (7, (6, 1)),
    ] {
        bench.edges([edge]);
        assert_eq!(books(&reader), expected, "after edge {edge}");
        let ready = (edge >= 3).then_some(Wake::Threshold);
        assert_eq!(reader.ready(), ready, "after edge {edge}");
    }
    // Pending records are read with the rest, even below the threshold.
    assert_eq!(read::<8>(&reader, 1), Ok(7));
    assert_eq!(books(&reader), (7, 0));
    assert_eq!(reader.ready(), None);
    assert_eq!(read::<8>(&reader, 8), Err(Error::WOULD_BLOCK));
}

pub(super) fn a_partial_read_leaves_it_ready() {
    let bench: Bench<8, 8> = bench!(8, 8);
    let (_capture, mut reader) = bench.open(piped(4));
    bench.edges(1..5);
    assert_eq!(read::<3>(&reader, 1), Ok(3));
    assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Threshold));
    assert_eq!(reader.read_ready(), Ok(true));
    assert_eq!(read::<1>(&reader, 4), Ok(1));
    assert_eq!(reader.ready(), None);
    assert_eq!(reader.read_ready(), Ok(false));
    assert_eq!(reader.wait_ready(periods(2)), Err(Error::TIMED_OUT));
    // A short slice is refused, an empty one reads nothing.
    bench.edges(5..9);
    assert_eq!(
        reader.try_read(&mut [0; RECORD_BYTES - 1]),
        Err(Error::INVALID_INPUT)
    );
    assert_eq!(reader.try_read(&mut []), Ok(0));
    let mut bytes = [0xff; 2 * RECORD_BYTES + 5];
    assert_eq!(reader.read(&mut bytes), Ok(2 * RECORD_BYTES));
    assert_eq!(bytes[2 * RECORD_BYTES..], [0xff; 5]);
}

/// The data of another thread: the pipe, and the records that it has read.
struct Other {
    pipe: SpinMutex<Option<NonNull<k_pipe>>>,
    code: AtomicI32,
    records: SpinMutex<[[u8; RECORD_BYTES]; 8]>,
    done: Semaphore,
}

// SAFETY: only the pipe's address is not `Send`, and any thread may use a pipe.
unsafe impl Sync for Other {}

impl Other {
    const fn new() -> Self {
        Self {
            pipe: SpinMutex::new(None),
            code: AtomicI32::new(i32::MIN),
            records: SpinMutex::new([[0; RECORD_BYTES]; 8]),
            done: Semaphore::new(0, 8),
        }
    }

    fn leave(&self, reader: &Reader) {
        let Ok(mut pipe) = self.pipe.lock();
        *pipe = reader.pipe();
    }

    /// The other thread's part: one read of `N` records.
    fn read<const N: usize>(&self, timeout: impl Into<Timeout>) {
        let Ok(slot) = self.pipe.lock();
        let pipe = slot.expect("the capture delivers through one");
        drop(slot);
        let mut records = [[0; RECORD_BYTES]; N];
        let result = read_pipe(pipe, &mut records, timeout);
        let Ok(mut all) = self.records.lock();
        all[..N].copy_from_slice(&records);
        drop(all);
        let code = result.map_or_else(|code| code, |count| count as i32);
        self.code.store(code, Ordering::Relaxed);
        self.done.give();
    }

    /// Waits for the other thread's read; returns the number of records, which are checked from
    /// number `next` on.
    fn result(&self, next: u32) -> i32 {
        // Without a time-out the only result is success.
        let _ = self.done.take(Forever);
        let code = self.code.load(Ordering::Relaxed);
        let Ok(records) = self.records.lock();
        check(&records[..usize::try_from(code).unwrap_or(0)], next);
        code
    }
}

/// Fails if the pipe is not used.
pub(super) fn another_thread_reads_the_pipe_itself() {
    static OTHER: Other = Other::new();
    let bench: Bench<8, 8> = bench!(8, 8);
    let (capture, reader) = bench.open(piped(4));
    OTHER.leave(&reader);
    platform::spawn(|| OTHER.read::<8>(periods(1_000)));
    bench.play(&capture, Square::new(8));
    assert_eq!(OTHER.result(1), 8);
    assert_eq!(books(&reader), (8, 0));
    // Nothing is left for the reader.
    assert_eq!(read::<8>(&reader, 9), Err(Error::WOULD_BLOCK));
}

pub(super) fn a_read_of_the_pipe_with_a_time_out_gets_what_is_there_by_then() {
    let bench: Bench<8, 8> = bench!(8, 8);
    let (_capture, reader) = bench.open(piped(3));
    let pipe = reader.pipe().expect("it delivers through one");
    let mut records = [[0; RECORD_BYTES]; 8];
    bench.edges(1..3);
    // Two are pending, and none is in the pipe.
    assert!(read_pipe(pipe, &mut records, NoWait).is_err());
    assert!(read_pipe(pipe, &mut records, periods(2)).is_err());
    bench.edges(3..5);
    assert_eq!(read_pipe(pipe, &mut records, periods(2)), Ok(3));
    check(&records[..3], 1);
    assert_eq!(books(&reader), (3, 1));
}

pub(super) fn what_was_handed_over_is_ready_until_other_code_has_read_it() {
    let bench: Bench<8, 8> = bench!(8, 8);
    let (_capture, reader) = bench.open(piped(2));
    let pipe = reader.pipe().expect("it delivers through one");
    let mut records = [[0; RECORD_BYTES]; 1];
    for first in [1, 3] {
        bench.edges(first..first + 2);
        for edge in [first, first + 1] {
            for _ in 0..2 {
                assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Threshold));
                assert_eq!(reader.ready(), Some(Wake::Threshold));
            }
            assert_eq!(read_pipe(pipe, &mut records, NoWait), Ok(1));
            check(&records, edge);
        }
        assert_eq!(reader.wait_ready(periods(2)), Err(Error::TIMED_OUT));
        assert_eq!(reader.ready(), None);
        assert_eq!(read::<1>(&reader, 1), Err(Error::WOULD_BLOCK));
    }
}

pub(super) fn the_tail_is_handed_over_at_the_deadline() {
    static OTHER: Other = Other::new();
    let bench: Bench<8, 8> = bench!(8, 8);
    let config = Config {
        flush_after: Some(periods(20)),
        ..piped(8)
    };
    let (capture, reader) = bench.open(config);
    bench.play(&capture, Square::new(3));
    // The reader first, then other code.
    assert_eq!(reader.wait_ready(periods(1_000)), Ok(Wake::Deadline));
    assert_eq!(books(&reader), (3, 0));
    assert_eq!(read::<8>(&reader, 1), Ok(3));
    assert_eq!(reader.ready(), None);

    OTHER.leave(&reader);
    platform::spawn(|| OTHER.read::<2>(periods(1_000)));
    // The line is high, so the first change is no edge.
    bench.play(&capture, Square::new(3));
    assert_eq!(OTHER.result(4), 2);
    assert_eq!(books(&reader), (5, 0));
}

pub(super) fn the_end_hands_over_what_is_pending_and_then_closes_the_pipe() {
    static OTHER: Other = Other::new();
    let bench: Bench<8, 8> = bench!(8, 8);
    let (capture, mut reader) = bench.open(piped(4));
    bench.edges(1..4);
    OTHER.leave(&reader);
    // It asks for more records than there will be, and is woken at the end.
    platform::spawn(|| OTHER.read::<8>(Forever));
    sleep_periods(5);
    capture.close();
    assert_eq!(OTHER.result(1), 3);
    let mut records = [[0; RECORD_BYTES]; 1];
    let pipe = reader.pipe().expect("it delivers through one");
    assert!(read_pipe(pipe, &mut records, Forever).is_err(), "the end");
    assert_eq!(reader.read(&mut [0; RECORD_BYTES]), Ok(0));
    assert_eq!(reader.ready(), Some(Wake::Closed));
}

/// A thread that was woken by the end, and has not run since, returns before the device is used again.
pub(super) fn a_read_of_the_pipe_ends_with_the_use() {
    static OTHER: Other = Other::new();
    let bench: Bench<8, 8> = bench!(8, 8);
    for _ in 0..3 {
        let (capture, reader) = bench.open(piped(1));
        OTHER.leave(&reader);
        platform::spawn(|| OTHER.read::<1>(Forever));
        let pipe = reader.pipe().expect("it delivers through one");
        // SAFETY: the pipe is that of a device in a static; a word of it is the kernel's count of
        // waiting threads.
        while unsafe { (&raw const (*pipe.as_ptr()).waiting).read_volatile() } == 0 {
            sleep_periods(1);
        }
        drop((capture, reader));
        let (_capture, reader) = bench.open(piped(1));
        bench.edges(1..3);
        assert!(OTHER.result(1) < 0, "the end of that use");
        assert_eq!(read::<8>(&reader, 1), Ok(2));
    }
}

pub(super) fn a_reader_drains_the_pipe_and_what_had_no_room_and_then_sees_the_end() {
    let bench: Bench<8, 2> = bench!(8, 2);
    let (capture, mut reader) = bench.open(piped(4));
    bench.edges(1..8);
    capture.close();
    assert_eq!(books(&reader), (2, 5));
    for next in [1, 4] {
        assert!(reader.ready().is_some());
        assert_eq!(read::<3>(&reader, next), Ok(3));
    }
    assert_eq!(read::<3>(&reader, 7), Ok(1));
    assert_eq!(reader.ready(), Some(Wake::Closed));
    for _ in 0..2 {
        assert_eq!(reader.read(&mut [0; 64]), Ok(0));
    }
    assert_eq!(books(&reader), (7, 0));
}

/// The pipe and the ring are one queue: 4 records and 8.
pub(super) fn what_has_no_room_in_the_pipe_stays_pending_and_comes_after_it() {
    let bench: Bench<8, 4> = bench!(8, 4);
    let (_capture, reader) = bench.open(piped(2));
    bench.edges(1..13);
    assert_eq!(books(&reader), (4, 8));
    assert_eq!(reader.ready(), Some(Wake::Full));
    // Each read makes room in the pipe, which is filled at once. The order is kept across pipe and
    // ring.
    let mut next = 1;
    for (count, edge) in [(1, 13), (3, 14), (5, 17)] {
        let mut records = [[0; RECORD_BYTES]; 5];
        let room = records[..count].as_flattened_mut();
        assert_eq!(reader.try_read(room), Ok(count * RECORD_BYTES));
        check(&records[..count], next);
        next += count as u32;
        bench.edges(edge..edge + count as u32);
        let ledger = reader.ledger();
        assert_eq!(
            (ledger.captured, ledger.lost.total()),
            (u64::from(edge) + count as u64 - 1, 0)
        );
    }
    while let Ok(count) = read::<5>(&reader, next) {
        next += count as u32;
    }
    assert_eq!((next, books(&reader)), (22, (21, 0)));
}

/// `k_pipe_read` does not report that it made room, so records that had none are offered again, even
/// after the end.
pub(super) fn other_code_gets_what_had_no_room_in_the_pipe() {
    let bench: Bench<8, 4> = bench!(8, 4);
    for closes in [false, true] {
        let (capture, reader) = bench.open(piped(2));
        let pipe = reader.pipe().expect("it delivers through one");
        bench.edges(1..13);
        if closes {
            capture.close();
        }
        assert_eq!(books(&reader), (4, 8));
        for next in [1, 5, 9] {
            let mut records = [[0; RECORD_BYTES]; 4];
            let read = read_pipe(pipe, &mut records, periods(1_000));
            assert_eq!(read, Ok(4), "from {next} on");
            check(&records, next);
        }
        assert_eq!(books(&reader), (12, 0));
        if closes {
            let mut records = [[0; RECORD_BYTES]; 1];
            assert!(read_pipe(pipe, &mut records, Forever).is_err(), "the end");
        }
    }
}

/// Reads everything; returns the number of edges read, and the number that gap records report as
/// lost.
fn read_with_gaps(reader: &Reader, most: usize) -> (u64, u64) {
    let (mut edges, mut lost, mut last) = (0, 0, 0_u8);
    let mut bytes = [0; 5 * RECORD_BYTES];
    while let Ok(length @ 1..) = reader.try_read(&mut bytes[..most * RECORD_BYTES]) {
        for record in bytes[..length].as_chunks().0 {
            match Record::decode(*record).expect("a whole record") {
                Record::Edge { sequence, .. } => {
                    last = last.wrapping_add(1);
                    assert_eq!(sequence, last, "{edges} edges, {lost} lost");
                    edges += 1;
                }
                Record::Gap { lost: more, .. } => {
                    last = last.wrapping_add(more as u8);
                    lost += u64::from(more);
                }
            }
        }
    }
    (edges, lost)
}

pub(super) fn a_loss_and_its_mark_come_through_the_pipe() {
    let bench: Bench<8, 4> = bench!(8, 4);
    for most in 1..=5 {
        let (capture, reader) = bench.open(piped(2));
        // Four fit in the pipe, and eight in the ring.
        bench.edges(1..16);
        let ledger = reader.ledger();
        assert_eq!(
            (ledger.delivered, ledger.pending, ledger.lost.full),
            (4, 8, 3)
        );
        assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Overflow));
        assert_eq!(read_with_gaps(&reader, most), (12, 3), "{most} at a time");
        assert_eq!(reader.ready(), None);
        bench.edges(16..18);
        let mut edges = [Edge::default(); 4];
        let mut reader = reader;
        assert_eq!(reader.read_edges(&mut edges), Ok(2));
        assert_eq!((edges[0].sequence, edges[0].lost_before()), (16, 0));
        assert_eq!(books(&reader), (14, 0));
        drop(capture);
    }
}

pub(super) fn a_frozen_buffer_is_handed_over_before_anything_else_is_let_in() {
    let bench: Bench<8, 4> = bench!(8, 4);
    let config = Config {
        overflow: Overflow::Freeze,
        ..piped(8)
    };
    let (_capture, reader) = bench.open(config);
    // Eight make it ready; four of them have no room in the pipe. Then eight are pending again.
    bench.edges(1..13);
    assert_eq!(books(&reader), (4, 8));
    bench.edges(13..15);
    assert_eq!(read::<3>(&reader, 1), Ok(3));
    // There is room in the ring, but the records from before it froze are not all handed over yet.
    bench.edges(15..16);
    let ledger = reader.ledger();
    assert_eq!((ledger.lost.full, ledger.lost.frozen), (1, 2));
    assert_eq!(read::<5>(&reader, 4), Ok(5));
    assert_eq!(read::<4>(&reader, 9), Ok(4));
    // The gap record is next, and then the edges from now on.
    bench.edges(16..18);
    let mut bytes = [0; 8 * RECORD_BYTES];
    assert_eq!(reader.try_read(&mut bytes), Ok(3 * RECORD_BYTES));
    let (records, _) = bytes.as_chunks();
    let gap = Record::Gap { lost: 3, levels: 1 };
    assert_eq!(Record::decode(records[0]), Ok(gap));
    check(&records[1..3], 16);
    assert_eq!(books(&reader), (14, 0));
}

pub(super) fn a_poller_reports_what_is_in_the_pipe_until_it_was_read() {
    static SET: PollSet<1> = PollSet::new();
    let bench: Bench<8, 8> = bench!(8, 8);
    let (capture, reader) = bench.open(piped(3));
    let poller = SET.open().unwrap();
    poller.register(&reader, Token(7)).unwrap();
    let event = |wake| Event {
        token: Token(7),
        wake,
    };
    bench.play(&capture, Square::new(4));
    assert_eq!(
        poller.wait(periods(1_000)).unwrap(),
        [event(Wake::Threshold)]
    );
    bench.player.wait_end();
    assert_eq!(read::<2>(&reader, 1), Ok(2));
    assert_eq!(poller.wait(NoWait).unwrap(), [event(Wake::Threshold)]);
    assert_eq!(read::<4>(&reader, 3), Ok(2));
    assert_eq!(poller.wait(NoWait), Err(Error::TIMED_OUT));
    capture.close();
    assert_eq!(poller.wait(Forever).unwrap(), [event(Wake::Closed)]);
}

pub(super) fn a_blocked_read_takes_the_first_record_below_the_threshold() {
    let bench: Bench<8, 8> = bench!(8, 8);
    let (capture, mut reader) = bench.open(piped(4));
    bench.play(&capture, Square::new(6));
    let mut edges = [Edge::default(); 8];
    let mut read = 0;
    while read < 6 {
        let count = reader.read_edges(&mut edges).unwrap();
        let sequences = edges[..count].iter().map(|edge| edge.sequence);
        assert!(sequences.eq(read as u8 + 1..=(read + count) as u8));
        read += count;
    }
    assert_eq!(books(&reader), (6, 0));
}

pub(super) fn a_handle_that_does_not_keep_the_capture_reads_the_pipe() {
    let bench: Bench<8, 8> = bench!(8, 8);
    let (capture, reader) = bench.open(piped(2));
    let weak = reader.weak();
    bench.edges(1..4);
    assert_eq!(weak.wait_ready(Forever), Ok(Wake::Threshold));
    assert_eq!(weak.try_read(&mut [0; RECORD_BYTES]), Ok(RECORD_BYTES));
    assert_eq!(weak.ready(), Ok(Some(Wake::Threshold)));
    assert_eq!(weak.ledger().map(|ledger| ledger.delivered), Ok(2));
    assert_eq!(weak.pipe(), reader.pipe());
    let mut bytes = [0; 8 * RECORD_BYTES];
    assert_eq!(weak.read_timeout(&mut bytes, NoWait), Ok(2 * RECORD_BYTES));
    // Records are left in the pipe when the reader is dropped.
    bench.edges(4..6);
    drop(reader);
    assert_eq!(weak.try_read(&mut bytes), Err(Error::BAD_HANDLE));
    assert_eq!(weak.wait_ready(Forever), Err(Error::BAD_HANDLE));
    assert_eq!(weak.pipe(), None);
    drop(capture);
    // The next use finds none of them.
    let (_capture, reader) = bench.open(piped(2));
    assert_eq!(read::<8>(&reader, 1), Err(Error::WOULD_BLOCK));
    bench.edges(1..3);
    assert_eq!(weak.try_read(&mut bytes), Err(Error::BAD_HANDLE));
    assert_eq!(read::<8>(&reader, 1), Ok(2));
}

pub(super) fn strobed_bytes_come_through_the_pipe() {
    static DEVICE: StrobeDevice<u8, 8, 8> = StrobeDevice::new();
    let lines = low_lines();
    let [data, strobe] = [pins()[0], pins()[1]];
    let (mut capture, mut reader): (Capture, Reader<u8>) = DEVICE
        .open(
            lines[1].with_trigger(Trigger::Rising),
            &lines[..1],
            piped(3),
        )
        .unwrap();
    let latch = |bit| {
        assert!(data.set(bit));
        assert!(strobe.set(true) && strobe.set(false));
    };
    [true, false, true, true].into_iter().for_each(latch);
    assert_eq!(books(&reader), (3, 1));
    let mut bytes = [0xff; 8];
    assert_eq!(reader.try_read(&mut bytes[..2]), Ok(2));
    assert_eq!(reader.ready(), Some(Wake::Threshold));
    assert_eq!(reader.try_read(&mut bytes[2..]), Ok(2));
    assert_eq!(bytes, [1, 0, 1, 1, 0xff, 0xff, 0xff, 0xff]);
    // A hole has no place, because other code may read the pipe.
    latch(false);
    capture.pause();
    assert_eq!(capture.resume(), Ok(()));
    latch(true);
    capture.close();
    assert_eq!(reader.read(&mut bytes), Ok(2));
    assert_eq!((&bytes[..2], reader.gap()), (&[0, 1][..], None));
    assert_eq!(reader.read(&mut bytes), Ok(0));
}

pub(super) fn a_device_without_a_pipe_cannot_deliver_through_one() {
    let bench: Bench<8> = bench!(8, 0);
    let refused = bench.device.open(&low_lines(), piped(2)).err();
    assert_eq!(refused, Some(OpenError::Config(ConfigError::NoPipe)));
    let (_capture, reader) = bench.open(Config::DEFAULT);
    assert_eq!((reader.pipe(), reader.weak().pipe()), (None, None));
}
