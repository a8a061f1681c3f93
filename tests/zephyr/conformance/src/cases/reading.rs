//! What a read returns, and when.

use edgepipe::{Config, Edge, Error, Gap, RECORD_BYTES, Wake, record::Record};
use embedded_io::{Read, ReadReady};
use zephyr::time::{Forever, NoWait, Timeout};

use super::support::{Square, bench, low_lines, periods, pins, ready_at, sleep_periods, strict};

pub(super) fn a_read_returns_what_is_pending_without_waiting_for_more() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::default());
    bench.play_all(&capture, Square::new(3));

    let mut bytes = [0; 8 * RECORD_BYTES];
    assert_eq!(reader.read(&mut bytes), Ok(3 * RECORD_BYTES));
}

pub(super) fn a_read_blocks_only_while_nothing_is_pending() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::default());
    let mut edges = [Edge::default(); 8];
    for edge in 1..=5 {
        bench.play(&capture, Square::only(edge));
        assert_eq!(reader.read_edges(&mut edges), Ok(1));
    }
    assert_eq!(reader.ledger().wakes, 5);
}

pub(super) fn a_read_that_may_not_block_is_refused_when_nothing_is_pending() {
    let bench = bench!(8);
    let (_capture, mut reader) = bench.open(Config::default());
    assert_eq!(reader.try_read(&mut [0; 64]), Err(Error::WOULD_BLOCK));
    assert_eq!(
        reader.try_read_edges(&mut [Edge::default(); 2]),
        Err(Error::WOULD_BLOCK)
    );
}

pub(super) fn a_slice_shorter_than_a_record_is_invalid() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::default());
    bench.play_all(&capture, Square::new(1));

    for length in 1..RECORD_BYTES {
        let bytes = &mut [0; RECORD_BYTES][..length];
        assert_eq!(reader.read(bytes), Err(Error::INVALID_INPUT));
        // It does not wait for that either.
        let read = reader.read_timeout(bytes, Forever);
        assert_eq!(read, Err(Error::INVALID_INPUT));
    }
    assert_eq!(reader.read(&mut []), Ok(0));
    assert_eq!(reader.read_timeout(&mut [], Forever), Ok(0));
    assert_eq!(
        reader.ledger().pending,
        1,
        "nothing was lost by the attempts"
    );
}

pub(super) fn only_whole_records_are_read() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    // The second time, the records wrap to the beginning of the buffer.
    for edges in [4, 6] {
        bench.play_all(&capture, Square::new(edges));
        for _ in 0..edges / 2 {
            let mut bytes = [0xff; 2 * RECORD_BYTES + 5];
            assert_eq!(reader.read(&mut bytes), Ok(2 * RECORD_BYTES));
            assert_eq!(
                bytes[2 * RECORD_BYTES..],
                [0xff; 5],
                "the rest of the slice is left alone"
            );
        }
    }
}

pub(super) fn read_ready_says_when_a_read_would_not_block() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::default());
    assert_eq!(reader.read_ready(), Ok(false));
    bench.play_all(&capture, Square::new(1));
    assert_eq!(reader.read_ready(), Ok(true));
    assert_eq!(reader.try_read(&mut [0; 8]), Ok(8));
    assert_eq!(reader.read_ready(), Ok(false));
    capture.close();
    assert_eq!(reader.read_ready(), Ok(true), "end of file does not block");
    assert_eq!(reader.read(&mut [0; 8]), Ok(0));
}

pub(super) fn records_leave_in_order_whatever_the_size_of_the_reads() {
    const EDGES: u32 = 200;
    let bench = bench!(256);
    let (capture, reader) = bench.open(Config::default());
    bench.play(&capture, Square::new(EDGES));

    let mut next = 1;
    // Sizes smaller and larger than the blocks in which records are copied.
    for records in [1, 31, 2, 33, 40, 7].into_iter().cycle() {
        sleep_periods(20);
        let mut bytes = [0; 40 * RECORD_BYTES];
        let Ok(length) = reader.try_read(&mut bytes[..records * RECORD_BYTES]) else {
            break;
        };
        next = check_records(&bytes[..length], next);
    }
    assert_eq!(next, EDGES + 1);
}

/// Checks that these are the edges of a [`Square`] from number `next` on; returns the number after
/// them.
fn check_records(bytes: &[u8], mut next: u32) -> u32 {
    for record in bytes.as_chunks().0 {
        let Ok(Record::Edge {
            sequence, level, ..
        }) = Record::decode(*record)
        else {
            panic!("not an edge: {record:?}");
        };
        assert_eq!(sequence, next as u8);
        assert_eq!(bool::from(level), next % 2 == 1);
        next += 1;
    }
    next
}

pub(super) fn a_read_with_a_time_out_waits_for_the_first_record_only() {
    let bench = bench!(8);
    let (capture, reader) = bench.open(ready_at(4));
    let mut bytes = [0; 8 * RECORD_BYTES];
    for patience in [NoWait.into(), Timeout::from(periods(2))] {
        let waited = reader.read_timeout(&mut bytes, patience);
        assert_eq!(waited, Err(Error::TIMED_OUT));
    }
    bench.play_all(&capture, Square::new(3));
    let read = reader.read_timeout(&mut bytes, NoWait);
    assert_eq!(read, Ok(3 * RECORD_BYTES), "no wait is needed");
    assert_eq!(check_records(&bytes[..3 * RECORD_BYTES], 1), 4);

    // The line is high, so the first of the two changes is no edge.
    bench.play(&capture, Square::new(2));
    let read = reader.read_timeout(&mut bytes, periods(1_000));
    assert_eq!(read, Ok(RECORD_BYTES));
    assert_eq!(check_records(&bytes[..RECORD_BYTES], 4), 5);
}

pub(super) fn a_read_with_a_time_out_ends_with_the_capture() {
    let bench = bench!(8);
    let (capture, reader) = bench.open(ready_at(4));
    bench.play_all(&capture, Square::new(3));
    capture.close();
    let mut bytes = [0; 2 * RECORD_BYTES];
    for records in [2, 1, 0, 0] {
        let read = reader.read_timeout(&mut bytes, Forever);
        assert_eq!(read, Ok(records * RECORD_BYTES));
    }
}

pub(super) fn a_read_of_edges_with_a_time_out_waits_for_the_first_edge_only() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::default());
    let mut edges = [Edge::default(); 8];
    for timeout in [Timeout::from(NoWait), periods(2).into()] {
        let read = reader.read_edges_timeout(&mut edges, timeout);
        assert_eq!(read, Err(Error::TIMED_OUT));
    }
    bench.play(&capture, Square::new(1));
    let read = reader.read_edges_timeout(&mut edges, periods(1_000));
    assert_eq!(read, Ok(1));
    capture.close();
    assert_eq!(reader.read_edges_timeout(&mut edges, Forever), Ok(0));
}

pub(super) fn the_levels_before_the_next_edge_are_known() {
    let bench = bench!(2);
    let pins = pins();
    let lines = low_lines();
    assert!(pins[1].set(true));
    let (_capture, mut reader) = bench.device.open(&lines, strict()).unwrap();
    let mut edges = [Edge::default(); 1];
    // Line 1 is high from the beginning, and line 0 rises.
    assert_eq!(reader.levels(), 0b10);
    bench.edges([1]);
    assert_eq!(reader.levels(), 0b10, "the edge is not read yet");
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert_eq!(reader.levels(), 0b11);
    // After a loss, the levels are those after the hole: of three edges the last is lost.
    bench.edges([2, 3]);
    assert!(pins[1].set(false));
    assert_eq!(reader.ready(), Some(Wake::Overflow));
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert_eq!((edges[0].gap, reader.levels()), (None, 0b10));
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert_eq!(reader.levels(), 0b11);
    bench.edges([4]);
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    let gap = Gap {
        lost: 1,
        levels: 0b01,
    };
    assert_eq!((edges[0].gap, reader.levels()), (Some(gap), 0));
}

pub(super) fn a_decoder_makes_the_same_edges_of_bytes() {
    let bench = bench!(4);
    let (_capture, mut reader) = bench.open(strict());
    let mut decoder = reader.decoder();
    let mut last = 0;
    let mut check = |edge: Edge| {
        last += 1 + edge.lost_before();
        assert_eq!(u32::from(edge.sequence), last);
    };
    let mut bytes = [[0; RECORD_BYTES]; 16];
    // More than the buffer and a pipe hold, and then the edge after the loss.
    for edges in [1..=20, 21..=21] {
        bench.edges(edges);
        let length = reader.read(bytes.as_flattened_mut()).unwrap();
        let records = bytes.iter().take(length / RECORD_BYTES);
        records.for_each(|record| {
            decoder
                .decode(*record)
                .unwrap()
                .into_iter()
                .for_each(&mut check)
        });
    }
    assert_eq!((last, decoder.levels()), (21, 0b1));
    drop(reader);
    assert_eq!(decoder.decode(bytes[0]), Err(Error::BAD_HANDLE));
}

pub(super) fn a_discard_throws_away_what_is_pending() {
    let bench = bench!(64);
    let (capture, mut reader) = bench.open(ready_at(4));
    let mut edges = [Edge::default(); 4];
    assert_eq!(reader.discard(), 0);
    // More than are taken at once.
    bench.edges(1..=41);
    assert!(reader.ready().is_some());
    assert_eq!(reader.discard(), 41);
    assert_eq!(reader.ready(), None);
    assert_eq!(reader.levels(), 0b1);
    let ledger = reader.ledger();
    assert_eq!((ledger.delivered, ledger.pending), (41, 0));
    assert!(ledger.balances());

    bench.edges([42]);
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert_eq!((edges[0].gap, edges[0].sequence), (None, 42));
    bench.edges([43]);
    capture.close();
    assert_eq!(reader.discard(), 1);
    assert_eq!(reader.discard(), 0);
    assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Closed));
    assert_eq!(
        reader.read_edges(&mut edges),
        Ok(0),
        "the end is not discarded"
    );
}

pub(super) fn the_edge_after_a_discard_tells_of_the_hole_before_it() {
    let bench = bench!(4);
    let (mut capture, mut reader) = bench.open(strict());
    let mut edges = [Edge::default(); 4];
    // More than the buffer and a pipe hold.
    bench.edges(1..=20);
    let discarded = reader.discard();
    assert!(discarded < 20);
    bench.edges([21]);
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    let told = discarded as u32 + edges[0].lost_before() + 1;
    assert_eq!((told, edges[0].sequence), (21, 21));

    // The hole is the newest of what is discarded.
    bench.edges([22]);
    capture.pause();
    assert_eq!(capture.resume(), Ok(()));
    assert_eq!(reader.discard(), 1);
    bench.edges([23]);
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert!(edges[0].gap.is_some());
    // An edge after the hole is discarded, too.
    bench.edges([24]);
    capture.pause();
    assert_eq!(capture.resume(), Ok(()));
    bench.edges([25]);
    assert_eq!(reader.discard(), 2);
    bench.edges([26]);
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert_eq!((edges[0].gap, edges[0].sequence), (None, 26));
}
