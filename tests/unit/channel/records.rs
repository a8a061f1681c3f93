//! Tests of `channel::records`, in src/channel/records.rs, and of what takes records, in src/channel/state.rs.

use crate::channel::state::State;
use crate::record::{Format, Record, encode_gap};
use crate::{Delivery, Overflow, Readiness, config::Setup, sys::out, sys::storage::Buffer};

const SETUP: Setup = Setup {
    format: Format::EDGES,
    capacity: 128,
    headroom: 0,
    ready: Readiness::Any,
    flush_after: 0,
    idle_after: 0,
    overflow: Overflow::DropNewest,
    deliver: Delivery::Direct,
    clock: crate::clock::Source::CYCLE_COUNTER,
};

/// The edges that a read of `bytes` bytes takes, and their bytes.
fn take(state: &mut State, bytes: usize) -> (u64, usize) {
    let before = state.counters.delivered;
    let length = state.take(out::of(&mut [0; 1_024][..bytes]), false, None);
    let length = length.expect("the records are edges");
    (state.counters.delivered - before, length)
}

/// The copy is done with interrupts masked.
#[test]
fn a_read_takes_a_block_at_the_most_and_less_where_holes_are_looked_for() {
    static BUFFER: Buffer<u64, 128> = Buffer::new();
    zephyr::sim::run(|| {
        let mut state = State::new();
        state.open(&SETUP, BUFFER.storage(), None);
        for time in 0..127_u64 {
            state.records.push(time);
        }
        assert_eq!(take(&mut state, 1_024), (48, 48 * 8));
        state.counters.unreported = 3;
        assert_eq!(take(&mut state, 1_024), (8, 8 * 8), "after a loss");
        assert_eq!(state.counters.unreported, 0, "it is marked");
        assert_eq!(take(&mut state, 1_024), (8, 8 * 8), "with a hole");
        assert_eq!(state.records.pending_edges(), 63);
        for _ in 0..63 {
            assert_eq!(take(&mut state, 8), (1, 8));
        }
        assert_eq!(take(&mut state, 1_024), (0, 8), "the hole");
        assert_eq!(
            (state.records.pending(), state.records.pending_edges()),
            (0, 0)
        );
    });
}

#[test]
fn a_read_takes_shorter_blocks_where_there_is_a_deadline() {
    static BUFFER: Buffer<u64, 128> = Buffer::new();
    zephyr::sim::run(|| {
        let mut state = State::new();
        state.open(
            &Setup {
                flush_after: 9,
                idle_after: 0,
                ..SETUP
            },
            BUFFER.storage(),
            None,
        );
        for time in 0..127_u64 {
            state.records.push(time);
        }
        assert_eq!(take(&mut state, 1_024), (12, 12 * 8));
        assert_eq!(take(&mut state, 80), (10, 80));
    });
}

/// If the newest record is a gap record, it counts all edges that were lost after it, at any place in the
/// ring.
#[test]
fn losses_behind_a_mark_need_no_second_one() {
    static BUFFER: Buffer<u64, 4> = Buffer::new();
    zephyr::sim::run(|| {
        for already in 0..6_u64 {
            let mut state = State::new();
            state.open(
                &Setup {
                    capacity: 4,
                    ..SETUP
                },
                BUFFER.storage(),
                None,
            );
            state.records.push(0_u64);
            for time in 0..already {
                state.records.push(time);
                take(&mut state, 8);
            }
            state.records.push(7_u64);
            state.records.push(8_u64);
            (state.counters.unreported, state.levels.found) = (2, 1);
            assert!(!state.records.extend_gap(2, 1), "the newest is an edge");
            state.report_gap();
            state.lose();
            state.levels.found = 5;
            assert_eq!(take(&mut state, 8), (1, 8));
            assert_eq!(
                (state.counters.unreported, state.records.pending()),
                (0, 3 * 8)
            );
            assert_eq!(take(&mut state, 8), (1, 8));
            assert_eq!(take(&mut state, 8), (1, 8));
            let mut last = [0; 8];
            assert_eq!(state.take(out::of(&mut last), false, None), Some(8));
            assert_eq!(Record::of(last), Record::Gap { lost: 3, levels: 5 });
            assert_eq!(u64::from_ne_bytes(last), encode_gap(3, 5));
            assert!(!state.records.extend_gap(1, 0), "nothing is there");
        }
    });
}
