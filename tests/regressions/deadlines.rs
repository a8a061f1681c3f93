//! Deadlines together with debounced lines.

use edgepipe::{Config, Edge, EdgeDevice, Error, Wake};
use zephyr::sim;
use zephyr::time::{now, sleep};

use super::{low_pin, milliseconds};

/// The edge's time is that of its first interrupt, but its deadline counts from its arrival.
#[test]
fn a_debounced_edge_is_not_flushed_early_after_a_read() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    sim::run(|| {
        let (button, other) = (low_pin(0), low_pin(1));
        let lines = [button.line().with_debounce_us(50_000), other.line()];
        let config = Config {
            flush_after: Some(milliseconds(60)),
            ..Config::DEFAULT
        };
        let (_capture, mut reader) = DEVICE.open(&lines, config).unwrap();
        assert!(button.set(true));
        sleep(milliseconds(40));
        assert!(other.set(true));
        // The debounced edge arrives at 50 ms, as the second.
        sleep(milliseconds(20));
        let mut edges = [Edge::default(); 1];
        assert_eq!(reader.try_read_edges(&mut edges), Ok(1));
        assert_eq!(edges[0].line, 1);
        assert_eq!(reader.wait_ready(milliseconds(45)), Err(Error::TIMED_OUT));
        assert_eq!(reader.wait_ready(milliseconds(10)), Ok(Wake::Deadline));
        assert_eq!(reader.try_read_edges(&mut edges), Ok(1));
        assert_eq!(edges[0].line, 0);
    });
}

#[test]
fn the_lag_of_a_debounced_line_delays_no_other() {
    static DEVICE: EdgeDevice<64, 1, 1> = EdgeDevice::new();
    sim::run(|| {
        let (button, other) = (low_pin(0), low_pin(1));
        let lines = [button.line().with_debounce_us(50_000), other.line()];
        let config = Config {
            flush_after: Some(milliseconds(60)),
            ..Config::DEFAULT
        };
        let (_capture, mut reader) = DEVICE.open(&lines, config).unwrap();
        assert!(button.set(true));
        sleep(milliseconds(55));
        // The debounced edge arrived 50 ms after its time. These two are not late.
        assert!(other.set(true) && other.set(false));
        let came = now().ticks();
        sleep(milliseconds(50));
        let mut edges = [Edge::default(); 2];
        assert_eq!(reader.try_read_edges(&mut edges), Ok(2));
        assert_eq!(edges.map(|edge| edge.line), [0, 1]);
        assert_eq!(reader.wait_ready(milliseconds(1_000)), Ok(Wake::Deadline));
        let late = now().ticks() - came - milliseconds(60).ticks();
        assert!(late <= 2, "{late} ticks late");
    });
}
