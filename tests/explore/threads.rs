//! Threads of the scenarios.

use std::rc::Rc;

use edgepipe::{Capture, Error, Reader};
use zephyr::sim::{self, Thread};
use zephyr::time::{Duration, sleep};

use super::Watch;

/// A thread of this priority that sleeps for `ticks` and then closes the capture.
pub(crate) fn close_after(ticks: u64, priority: i32, seen: &Rc<Watch>, capture: Capture) -> Thread {
    let seen = Rc::clone(seen);
    sim::spawn("closer", priority, move || {
        sleep(Duration::from_ticks(ticks));
        seen.close(capture);
    })
}

/// Waits for readiness, for at most `ticks`, and reads, until the end of the capture.
pub(crate) fn wait_and_read(seen: &Watch, mut reader: Reader, ticks: Option<u64>) {
    loop {
        let woken = seen.wait_ready(&reader, ticks);
        if seen.try_read::<3>(&mut reader).is_none() {
            break;
        }
        assert_ne!((woken, ticks), (Err(Error::TIMED_OUT), None));
    }
    seen.check_end();
}

/// Reads up to two edges at a time, blocking, until the end of the capture.
pub(crate) fn read_to_the_end(seen: &Watch, reader: &mut Reader) {
    while seen.read::<2>(reader) > 0 {}
    seen.check_end();
}
