//! More edges than a reader can read, and a reader that does not read.

use std::rc::Rc;

use edgepipe::{
    Config, Edge, EdgeDevice, Ledger, Overflow, PollSet, RECORD_BYTES, Readiness, StrobeDevice,
    Token, Wake,
};
use zephyr::sim::{self, Thread};
use zephyr::time::{Duration, Forever, NoWait};

use crate::explore::{Bench, Edges, sample, twin, watch};
use crate::support::{check_recovered, drain, interrupt_together, low_pin, sleep_ticks};

const STORM: u32 = 2_000;

/// An edge at each tick, read by a thread that sleeps for fifty between its reads.
fn storm_of_edges(overflow: Overflow) {
    let bench = Bench::on(0);
    sample(4, move || {
        let (_capture, mut reader, seen) = bench.open_with(Config {
            ready: Readiness::Records(6),
            overflow,
            flush_after: Some(Duration::from_ticks(60)),
            ..Config::DEFAULT
        });
        watch([&seen]);
        bench.edges.start(STORM, 1);
        let slow = sim::spawn("slow", 0, {
            let (seen, mut reader) = (Rc::clone(&seen), twin(&reader));
            move || {
                while seen.accounted() < STORM.into() {
                    // After the storm, the rest may be below the threshold. During the storm, an edge may
                    // be lost at every step of a read, so that only gap records are pending.
                    let woken = seen.wait_ready(&reader, Some(100));
                    let Ledger { pending, lost, .. } = seen.ledger();
                    assert!(woken.is_err() || pending > 0 || lost.total() > 0);
                    let read = seen.try_read::<3>(&mut reader);
                    assert!(pending == 0 || read > Some(0), "{pending} pending");
                    sleep_ticks(50);
                }
            }
        });
        slow.join();
        let ledger = seen.ledger();
        assert_eq!(ledger.captured, STORM.into(), "to the last edge");
        assert!(ledger.lost.total() > ledger.delivered, "it was a storm");
        while seen.try_read::<8>(&mut reader) > Some(0) {}
        seen.check_end();
        watch([]);
        check_recovered(&mut reader, bench.edges.pin());
    });
}

#[test]
fn a_storm_is_counted_to_the_last_edge() {
    storm_of_edges(Overflow::DropNewest);
}

#[test]
fn a_storm_freezes_a_buffer_and_is_counted_to_the_last_edge() {
    storm_of_edges(Overflow::Freeze);
}

#[test]
fn a_storm_that_nobody_looks_at_is_counted_to_the_last_edge() {
    static DEVICE: EdgeDevice<3_000> = EdgeDevice::new();
    sim::run(|| {
        let edges = Edges::on(0);
        // It is full only at the end, so that no earlier edge wakes a reader.
        let config = Config {
            headroom: Some(0),
            ..Config::DEFAULT
        };
        let (_capture, mut reader) = DEVICE.open(&[edges.low_line()], config).unwrap();
        edges.start(STORM, 1);
        sleep_ticks(u64::from(STORM) + 10);
        let ledger = reader.ledger();
        assert_eq!(
            (ledger.captured, ledger.pending),
            (STORM.into(), STORM.into())
        );
        assert_eq!(drain(&mut reader), STORM as usize * RECORD_BYTES);
        check_recovered(&mut reader, edges.pin());
    });
}

#[test]
fn a_storm_of_strobes_is_counted_to_the_last_byte() {
    static DEVICE: StrobeDevice<u8, 8> = StrobeDevice::new();
    sim::run(|| {
        let edges = Edges::on(0);
        let strobe = edges.low_line();
        let data = [low_pin(1).line()];
        let (_capture, mut reader) = DEVICE.open(strobe, &data, Config::DEFAULT).unwrap();
        edges.start(STORM, 1);
        let mut read = 0;
        while reader.ledger().captured < STORM.into() {
            assert!(reader.wait_ready(Forever).is_ok());
            read += reader.try_read(&mut [0; 3]).unwrap();
            sleep_ticks(50);
        }
        read += drain(&mut reader);
        let ledger = reader.ledger();
        assert_eq!(ledger.delivered, read as u64);
        assert_eq!(ledger.delivered + ledger.lost.full, STORM.into());
        check_recovered(&mut reader, edges.pin());
    });
}

#[test]
fn a_storm_on_a_debounced_line_is_one_edge_at_most() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    sim::run(|| {
        let (edges, other) = (Edges::on(0), low_pin(1));
        let lines = [edges.low_line().with_debounce_us(30), other.line()];
        let (_capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        // The number is odd, so the line ends high.
        edges.start(STORM + 1, 1);
        sleep_ticks(u64::from(STORM) - 10);
        assert_eq!(reader.ledger(), Default::default(), "it is not over yet");
        sleep_ticks(100);
        let ledger = reader.ledger();
        assert_eq!((ledger.captured, ledger.bounces), (1, STORM.into()));
        let mut found = [Edge::default(); 2];
        assert_eq!(reader.try_read_edges(&mut found), Ok(1));
        assert_eq!(found[0].timestamp_ns, 1_000, "when it began");
        check_recovered(&mut reader, other);
    });
}

#[test]
fn a_reader_that_stalls_is_told_what_it_lost_and_holds_up_nobody_else() {
    static SET: PollSet<2> = PollSet::new();
    let [stalled, other] = [Bench::on(0), Bench::on(1)];
    sample(4, move || {
        let (capture, mut reader, seen) = stalled.open(8, 8);
        let (other_capture, mut other_reader, other_seen) = other.open(8, 2);
        watch([&seen, &other_seen]);
        let poller = SET.open().unwrap();
        poller.register(&other_reader, Token(0)).unwrap();
        stalled.edges.start(STORM, 1);
        other.edges.start(20, 70);

        let polling = sim::spawn("poller", 0, move || {
            for _ in 0..10 {
                let events = poller.wait(Forever).unwrap();
                assert_eq!(events[0].token, Token(0));
                assert!(other_seen.try_read::<8>(&mut other_reader) > Some(0));
                if other_seen.accounted() == 20 {
                    break;
                }
            }
            assert_eq!(other_seen.accounted(), 20);
            other_seen.close(other_capture);
        });
        sleep_ticks(u64::from(STORM) + 10);
        [polling].iter().for_each(Thread::join);
        assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Overflow));
        let mut edges = [Edge::default(); 16];
        assert_eq!(reader.try_read_edges(&mut edges), Ok(8));
        assert!(edges[..8].iter().map(|edge| edge.sequence).eq(1..=8));
        stalled.edges.start(2, 10);
        assert!(reader.read_edges(&mut edges).is_ok_and(|count| count > 0));
        assert_eq!(edges[0].lost_before(), STORM - 8);
        watch([]);
        check_recovered(&mut reader, stalled.edges.pin());
        seen.close(capture);
    });
}

#[test]
fn what_a_stalled_reader_left_drains_after_the_end() {
    let bench = Bench::on(0);
    sample(4, move || {
        let (capture, mut reader, seen) = bench.open(8, 8);
        watch([&seen]);
        bench.edges.start(STORM, 1);
        sleep_ticks(500);
        seen.close(capture);
        while seen.try_read::<3>(&mut reader).is_some() {}
        seen.check_end();
        let ledger = seen.ledger();
        assert_eq!(ledger.delivered, 8);
        assert!(ledger.captured >= 490, "{ledger:?}");
    });
}

#[test]
fn bursts_of_several_lines_in_one_interrupt_are_counted_to_the_last_edge() {
    const LINES: usize = 4;
    const BURSTS: usize = 100;
    static DEVICE: EdgeDevice<{ LINES * BURSTS }> = EdgeDevice::new();
    sim::run(|| {
        let pins = [2, 3, 5, 7].map(low_pin);
        let lines = pins.map(|pin| pin.line());
        let (_capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        for burst in 0..BURSTS {
            interrupt_together(0b1010_1100, burst % 2 == 0);
            let ledger = reader.ledger();
            let count = (burst + 1) * LINES;
            assert_eq!(ledger.captured, count as u64);
            assert_eq!(ledger.missed, Default::default());
        }
        let mut edges = [Edge::default(); LINES * BURSTS];
        assert_eq!(reader.try_read_edges(&mut edges), Ok(LINES * BURSTS));
        for (index, edge) in edges.iter().enumerate() {
            assert_eq!(usize::from(edge.line), index % LINES);
            assert_eq!(bool::from(edge.level), (index / LINES).is_multiple_of(2));
            assert_eq!(edge.sequence, (index + 1) as u8);
        }
        check_recovered(&mut reader, pins[0]);
    });
}
