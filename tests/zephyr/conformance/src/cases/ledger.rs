//! Nothing is lost without being counted.

use edgepipe::{Config, Edge, Level, Overflow, RECORD_BYTES, Wake, record::Record};
use embedded_io::Read;
use zephyr::time::Forever;

use super::support::{Square, bench, capacity, drain, pins, sleep_periods};

pub(super) fn a_full_buffer_loses_the_newest_and_counts_them() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(capacity(5));
    bench.play_all(&capture, Square::new(12));

    let ledger = reader.ledger();
    assert_eq!(
        (ledger.captured, ledger.pending, ledger.lost.full),
        (12, 5, 7)
    );
    assert_eq!(ledger.high_water, 5);
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Overflow));

    let mut edges = [Edge::default(); 8];
    assert_eq!(reader.read_edges(&mut edges), Ok(5));
    assert!(
        edges[..5].iter().map(|edge| edge.sequence).eq(1..=5),
        "the oldest are kept"
    );
    assert!(reader.ledger().balances());
}

pub(super) fn the_edge_after_a_loss_says_how_many_were_lost() {
    let bench = bench!(4);
    let (capture, mut reader) = bench.open(capacity(4));
    bench.play_all(&capture, Square::new(7));
    assert_eq!(drain(&mut reader), 4);

    // The line is high after seven edges, so the next one to high repeats a level.
    bench.play_all(&capture, Square::new(2));
    let mut edges = [Edge::default(); 4];
    let count = reader.read_edges(&mut edges).unwrap();
    assert_eq!(
        count, 1,
        "to high was no change, so there is only the edge to low"
    );
    assert_eq!(
        (edges[0].lost_before(), edges[0].level, edges[0].sequence),
        (3, Level::Low, 8)
    );
    let ledger = reader.ledger();
    assert_eq!(
        (ledger.captured, ledger.delivered, ledger.lost.full),
        (8, 5, 3)
    );
}

pub(super) fn a_gap_record_marks_the_hole_in_the_byte_stream() {
    let bench = bench!(4);
    let (capture, mut reader) = bench.open(capacity(2));
    bench.play_all(&capture, Square::new(5));

    let mut bytes = [0; 4 * RECORD_BYTES];
    assert_eq!(
        reader.read(&mut bytes),
        Ok(3 * RECORD_BYTES),
        "two edges and the gap"
    );
    let gap = bytes[2 * RECORD_BYTES..].first_chunk().unwrap();
    assert_eq!(
        Record::decode(*gap),
        Ok(Record::Gap {
            lost: 3,
            levels: 0b01
        })
    );
    let ledger = reader.ledger();
    assert_eq!(
        (ledger.captured, ledger.delivered, ledger.pending),
        (5, 2, 0)
    );
}

pub(super) fn a_frozen_buffer_stores_nothing_until_all_of_it_was_read() {
    let bench = bench!(8);
    let config = Config {
        overflow: Overflow::Freeze,
        ..capacity(4)
    };
    let (capture, mut reader) = bench.open(config);
    bench.play_all(&capture, Square::new(6));
    let mut edges = [Edge::default(); 3];
    assert_eq!(reader.read_edges(&mut edges), Ok(3));
    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Overflow));

    // There is room, but one record is left to read.
    pins()[0].set(true);
    let ledger = reader.ledger();
    assert_eq!(
        (ledger.lost.full, ledger.lost.frozen, ledger.pending),
        (1, 2, 1)
    );
    assert_eq!(drain(&mut reader), 1);

    pins()[0].set(false);
    assert_eq!(reader.read_edges(&mut edges), Ok(1));
    assert_eq!((edges[0].lost_before(), edges[0].level), (3, Level::Low));
    // The last of the lost edges had raised line 0.
    assert_eq!(edges[0].gap.map(|gap| gap.levels), Some(0b1));
    assert!(reader.ledger().balances());
}

pub(super) fn a_level_that_repeats_tells_of_a_missed_edge() {
    let bench = bench!(8);
    let (_capture, mut reader) = bench.open(Config::DEFAULT);
    // `gpio_emul` fires the callbacks of a pin that is configured, at any level, and disables its
    // interrupt.
    let pin = pins()[0];
    assert!(pin.prepare(false));
    assert!(pin.set(true));
    assert!(pin.prepare(true));
    assert!(pin.prepare(true));
    let ledger = reader.ledger();
    assert_eq!((ledger.missed.rising, ledger.missed.falling), (1, 1));
    assert_eq!(
        (ledger.captured, drain(&mut reader)),
        (3, 3),
        "and nothing is invented"
    );
}

pub(super) fn the_most_that_was_pending_is_remembered() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::DEFAULT);
    for edges in [2, 5, 3] {
        bench.play_all(&capture, Square::new(edges));
        pins()[0].set(false);
        drain(&mut reader);
    }
    // Five edges, the last to high, and one back to low.
    assert_eq!(reader.ledger().high_water, 6);
}

pub(super) fn a_full_pipe_never_tears_a_record() {
    const EDGES: u32 = 240;
    let bench = bench!(64);
    // Neither the capacity nor the reads are multiples of the blocks in which records are copied.
    let (capture, reader) = bench.open(capacity(37));
    bench.play(&capture, Square::new(EDGES));
    let mut seen = 0;
    let mut last_sequence = 0_u8;
    for _ in 0..40 {
        sleep_periods(10);
        let mut bytes = [0; 5 * RECORD_BYTES + 3];
        let Ok(length) = reader.try_read(&mut bytes) else {
            continue;
        };
        assert_eq!(length % RECORD_BYTES, 0);
        for record in bytes[..length].as_chunks().0 {
            match Record::decode(*record).expect("a whole record") {
                Record::Edge { sequence, line, .. } => {
                    last_sequence = last_sequence.wrapping_add(1);
                    assert_eq!((sequence, line), (last_sequence, 0));
                    seen += 1;
                }
                Record::Gap { lost, .. } => {
                    last_sequence = last_sequence.wrapping_add(lost as u8);
                    seen += lost;
                }
            }
        }
    }
    let ledger = reader.ledger();
    assert!(ledger.lost.full > 0, "it was full");
    assert_eq!(u64::from(seen) + ledger.pending, u64::from(EDGES));
}

pub(super) fn the_books_balance_at_every_edge() {
    let bench = bench!(16);
    let (capture, mut reader) = bench.open(capacity(6));
    bench.play(&capture, Square::new(90));
    for step in 0..100 {
        sleep_periods(1);
        let ledger = reader.ledger();
        assert!(ledger.balances(), "at step {step}: {ledger:?}");
        if step % 10 == 9 {
            let mut edges = [Edge::default(); 4];
            let _ = reader.try_read_edges(&mut edges);
        }
    }
    bench.player.wait_end();
    assert_eq!(reader.ledger().captured, 90);
    assert!(reader.ledger().lost.full > 0);
}
