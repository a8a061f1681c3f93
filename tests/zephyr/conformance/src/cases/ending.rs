//! How a capture ends.

use edgepipe::{Capture, Config, Edge, Error, Wake};
use embedded_io::Read;
use zephyr::{sync::SpinMutex, time::Forever};

use super::super::platform;
use super::support::{Square, bench, drain, sleep_periods};

/// Lets another thread close `capture` after a while; `slot` is the case's own.
fn close_later(slot: &'static SpinMutex<Option<Capture>>, capture: Capture, body: fn()) {
    let Ok(mut guard) = slot.lock();
    *guard = Some(capture);
    drop(guard);
    platform::spawn(body);
}

/// The other thread's part of [`close_later`].
fn close_from(slot: &'static SpinMutex<Option<Capture>>) {
    sleep_periods(30);
    let Ok(mut guard) = slot.lock();
    let capture = guard.take();
    drop(guard);
    capture.expect("the case put it there").close();
}

pub(super) fn close_wakes_a_waiter_and_the_rest_drains() {
    static SLOT: SpinMutex<Option<Capture>> = SpinMutex::new(None);
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::default());
    bench.play_all(&capture, Square::new(3));
    close_later(&SLOT, capture, || close_from(&SLOT));

    assert_eq!(reader.wait_ready(Forever), Ok(Wake::Closed));
    assert_eq!(drain(&mut reader), 3);
    assert_eq!(reader.read(&mut [0; 8]), Ok(0));
    assert_eq!(reader.read(&mut [0; 8]), Ok(0), "and so it stays");
    assert_eq!(reader.ready(), Some(Wake::Closed));
    assert_eq!(
        reader.wait_ready(Forever),
        Err(Error::CLOSED),
        "a loop of waits and reads ends"
    );
}

/// A read that returns edges does not come to end of file, whether it asks for more than are pending or not.
pub(super) fn edges_are_returned_before_end_of_file() {
    let bench = bench!(64);
    let (capture, mut reader) = bench.open(Config::default());
    bench.play_all(&capture, Square::new(46));
    capture.close();
    let mut edges = [Edge::default(); 64];
    // 32 is what a read decodes at once.
    for (room, count) in [(7, 7), (7, 7), (64, 32)] {
        assert_eq!(reader.read_edges(&mut edges[..room]), Ok(count));
        assert!(reader.wait_ready(Forever).is_ok(), "the end was not read");
    }
    assert_eq!(reader.read_edges(&mut edges), Ok(0));
    assert_eq!(reader.wait_ready(Forever), Err(Error::CLOSED));
}

pub(super) fn close_wakes_a_blocked_read() {
    static SLOT: SpinMutex<Option<Capture>> = SpinMutex::new(None);
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::default());
    close_later(&SLOT, capture, || close_from(&SLOT));
    assert_eq!(reader.read_edges(&mut [Edge::default(); 4]), Ok(0));
}

pub(super) fn a_dropped_capture_is_closed() {
    let bench = bench!(8);
    let (capture, mut reader) = bench.open(Config::default());
    bench.edges(1..4);
    drop(capture);
    // Later edges are not captured, because the interrupts are off.
    bench.edges(4..10);
    assert_eq!(reader.ledger().captured, 3);
    assert_eq!(drain(&mut reader), 3);
    assert_eq!(reader.read(&mut [0; 8]), Ok(0));
}

pub(super) fn a_device_can_be_opened_again() {
    let bench = bench!(8);
    for edges in 1..=8 {
        let (capture, mut reader) = bench.open(Config::default());
        assert_eq!(reader.ledger(), Default::default(), "the books begin anew");
        bench.play_all(&capture, Square::new(edges));
        assert_eq!(drain(&mut reader), edges as usize);
    }
}
