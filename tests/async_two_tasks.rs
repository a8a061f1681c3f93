//! The decoder of the sample with tasks, `samples/async_two_tasks`, which knows nothing of Zephyr.

#[path = "../samples/async_two_tasks/src/co2.rs"]
mod co2;

use co2::{Co2, Wrong};
use edgepipe::{Edge, Gap, Level};

const US: u64 = 1_000;

/// A sensor, and its time.
#[derive(Default)]
struct Sensor {
    co2: Co2,
    now_us: u64,
}

impl Sensor {
    fn edge(&mut self, level: Level, gap: Option<Gap>) -> Option<Result<u64, Wrong>> {
        let edge = Edge {
            timestamp_ns: self.now_us * US,
            level,
            gap,
            ..Edge::default()
        };
        self.co2.edge(&edge)
    }

    /// One cycle, from an edge to high up to the next.
    fn cycle(&mut self, high_us: u64, low_us: u64) -> Option<Result<u64, Wrong>> {
        self.edge(Level::High, None);
        self.now_us += high_us;
        assert_eq!(self.edge(Level::Low, None), None);
        self.now_us += low_us;
        // The edge of the next cycle.
        self.edge(Level::High, None)
    }
}

fn ppm(high_us: u64, low_us: u64) -> Result<u64, Wrong> {
    let says = Sensor::default().cycle(high_us, low_us);
    says.expect("a cycle has ended")
}

#[test]
fn the_part_of_the_cycle_is_the_concentration() {
    assert_eq!(ppm(402_000, 602_000), Ok(800));
    assert_eq!(ppm(627_000, 377_000), Ok(1_250));
    assert_eq!(ppm(2_000, 1_002_000), Ok(0));
    assert_eq!(ppm(1_002_000, 2_000), Ok(2_000));
    // Rounded to the nearest.
    assert_eq!(ppm(402_240, 601_760), Ok(800));
    assert_eq!(ppm(402_260, 601_740), Ok(801));
}

#[test]
fn a_clock_that_is_off_by_five_percent_does_no_harm() {
    assert_eq!(ppm(382_000, 572_000), Ok(800));
    assert_eq!(ppm(422_000, 632_000), Ok(800));
    for (high_us, low_us) in [(382_000, 571_999), (422_000, 632_001)] {
        let wrong = Wrong {
            cycle_ns: (high_us + low_us) * US,
            high_ns: high_us * US,
        };
        assert_eq!(ppm(high_us, low_us), Err(wrong));
    }
}

#[test]
fn ends_that_are_too_short_are_none() {
    let wrong = ppm(1_999, 1_002_001).unwrap_err();
    assert_eq!(wrong.to_string(), "1004 ms, 1 of them high, are no cycle");
    assert!(ppm(1_002_001, 1_999).is_err());
    assert!(ppm(0, 1_004_000).is_err());
    assert!(ppm(0, 0).is_err());
    assert!(ppm(u64::MAX / US / 2, u64::MAX / US / 2).is_err());
}

#[test]
fn cycles_follow_each_other() {
    let mut sensor = Sensor::default();
    sensor.edge(Level::High, None);
    for ppm in [0, 400, 1_999, 2_000] {
        sensor.now_us += 2_000 + 500 * ppm;
        assert_eq!(sensor.edge(Level::Low, None), None);
        sensor.now_us += 1_002_000 - 500 * ppm;
        assert_eq!(sensor.edge(Level::High, None), Some(Ok(ppm)));
    }
}

#[test]
fn a_capture_that_begins_within_a_cycle_waits_for_the_next() {
    let mut sensor = Sensor::default();
    assert_eq!(sensor.edge(Level::Low, None), None);
    sensor.now_us += 602_000;
    assert_eq!(sensor.edge(Level::High, None), None);
    sensor.now_us += 402_000;
    assert_eq!(sensor.edge(Level::Low, None), None);
    sensor.now_us += 602_000;
    assert_eq!(sensor.edge(Level::High, None), Some(Ok(800)));
}

#[test]
fn a_cycle_with_a_hole_says_nothing() {
    let gap = Some(Gap { lost: 2, levels: 0 });
    let mut sensor = Sensor::default();
    sensor.edge(Level::High, None);
    sensor.now_us += 402_000;
    sensor.edge(Level::Low, None);
    // What is known after the hole must not be put together with what was known before.
    sensor.now_us += 402_000;
    assert_eq!(sensor.edge(Level::Low, gap), None);
    sensor.now_us += 602_000;
    assert_eq!(sensor.edge(Level::High, None), None);
    sensor.now_us += 402_000;
    assert_eq!(sensor.edge(Level::Low, None), None);
    sensor.now_us += 602_000;
    assert_eq!(sensor.edge(Level::High, None), Some(Ok(800)));
}
