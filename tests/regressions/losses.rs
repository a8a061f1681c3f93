//! The state after a loss.

use edgepipe::{Config, Edge, EdgeDevice, Level, Overflow, Reader, StrobeDevice, Trigger};
use edgepipe::{Error, record::Record};
use zephyr::sim::{self, Explore, Limits};
use zephyr::time::{Duration, now, sleep};

use super::{edges, low_pin};

fn read(reader: &Reader) -> Record {
    let mut record = [0; 8];
    assert_eq!(reader.try_read(&mut record), Ok(8));
    Record::decode(record).unwrap()
}

/// One record is read for each edge. The gap record of the one loss took the room that each read
/// made.
#[test]
fn a_reader_as_fast_as_the_edges_gets_edges_again() {
    fn run(device: &'static EdgeDevice<8>, capacity: u32) {
        let pin = low_pin(0);
        let config = Config {
            capacity: Some(capacity),
            ..Config::DEFAULT
        };
        let (_capture, reader) = device.open(&[pin.line()], config).unwrap();
        edges(pin, 1..=capacity + 1);
        let is_edge = |number| {
            let record = read(&reader);
            edges(pin, [number]);
            matches!(record, Record::Edge { .. })
        };
        let got = (capacity + 2..)
            .take(100)
            .filter(|number| is_edge(*number))
            .count();
        assert!(
            got >= 99 - capacity as usize,
            "{got} of a capacity of {capacity}"
        );
        assert!(reader.ledger().lost.full <= 2, "{:?}", reader.ledger());
    }
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    for capacity in 1..=8 {
        sim::run(move || run(&DEVICE, capacity));
    }
}

/// A line that is captured for one edge only settles to the other level without a record. If that happens
/// while the levels are read, the gap record must have the new level.
#[test]
fn a_gap_states_the_level_to_which_a_debounced_line_has_settled() {
    static DEVICE: EdgeDevice<2, 1, 2> = EdgeDevice::new();
    sim::explore(&Explore::exhaustive(Limits::interrupts(1)), || {
        let (plain, button) = (low_pin(0), low_pin(1));
        let rising = button.line().with_trigger(Trigger::Rising);
        let lines = [plain.line(), rising.with_debounce_us(20)];
        let config = Config {
            headroom: Some(0),
            ..Config::DEFAULT
        };
        let (capture, reader) = DEVICE.open(&lines, config).unwrap();
        edges(button, [1]);
        sleep(Duration::from_ticks(30));
        edges(plain, [1, 2]);
        assert_eq!(reader.ledger().lost.full, 1);
        edges(button, [0]);
        // It settles after 20 ticks or a little more: between any two kernel calls of the first read, or
        // after it.
        let begun = now().ticks();
        let settled = std::rc::Rc::new(std::cell::Cell::new(None));
        let (seen, weak) = (settled.clone(), reader.weak());
        sim::observe(move |_| {
            if seen.get().is_none() && now().ticks() > begun + 20 {
                seen.set(weak.ledger().ok().map(|ledger| ledger.delivered));
            }
        });
        read(&reader);
        sim::observe(|_| {});
        read(&reader);
        let gap = read(&reader);
        if settled.get() == Some(0) {
            assert_eq!(capture.level(1), Level::Low);
            assert_eq!(gap, Record::Gap { lost: 1, levels: 0 });
        }
    });
}

/// With `Overflow::Freeze` the mark of the pause waited until all was read, and stood behind later edges.
#[test]
fn a_pause_of_a_full_buffer_that_would_freeze_is_marked_before_later_edges() {
    static EDGES: EdgeDevice<4> = EdgeDevice::new();
    static SAMPLES: StrobeDevice<u8, 4> = StrobeDevice::new();
    let config = Config {
        headroom: Some(0),
        overflow: Overflow::Freeze,
        ..Config::DEFAULT
    };
    sim::run(move || {
        let pin = low_pin(0);
        let (mut capture, mut reader) = EDGES.open(&[pin.line()], config).unwrap();
        edges(pin, 1..=4);
        capture.pause();
        assert_eq!(capture.resume(), Ok(()));
        let mut read = [Edge::default(); 4];
        assert_eq!(reader.read_edges(&mut read[..2]), Ok(2));
        edges(pin, [5]);
        assert_eq!(reader.read_edges(&mut read), Ok(3));
        assert_eq!(
            read.map(|edge| edge.gap.is_some()),
            [false, false, true, false]
        );
        drop((capture, reader));

        let (strobe, data) = (low_pin(0), low_pin(1));
        let opened = SAMPLES.open(strobe.line(), &[data.line()], config);
        let (mut capture, mut reader) = opened.unwrap();
        edges(strobe, 1..=4);
        capture.pause();
        assert_eq!(capture.resume(), Ok(()));
        let mut read = [0; 4];
        assert_eq!(reader.read_samples(&mut read[..2]), Ok(2));
        edges(strobe, [5]);
        for (count, has_gap) in [(2, false), (1, true)] {
            assert_eq!(reader.read_samples(&mut read), Ok(count));
            assert_eq!(reader.gap().is_some(), has_gap);
        }
        assert_eq!(reader.try_read_samples(&mut read), Err(Error::WOULD_BLOCK));
    });
}
