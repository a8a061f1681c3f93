//! Blocked reads.

use edgepipe::RECORD_BYTES;
use zephyr::sim::Limits;
use zephyr::time::{Duration, sleep};

use super::ALL;
use crate::explore::{Bench, walk, watch};

#[test]
fn a_blocked_read_gets_every_edge() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(3), ALL, move || {
        let (capture, mut reader, seen) = bench.open(4, 4);
        watch([&seen]);
        bench.edges.start(4, 10);
        let mut left = 4;
        while left > 0 {
            left -= seen.read::<2>(&mut reader);
        }
        seen.check_wakes_of_reads();
        seen.check_end();
        seen.close(capture);
    });
}

#[test]
fn bytes_leave_in_whole_records_with_every_hole_marked() {
    const BYTES: usize = 2 * RECORD_BYTES + 5;
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), Limits::interrupts(5), move || {
        let (capture, mut reader, seen) = bench.open(2, 2);
        watch([&seen]);
        bench.edges.start(6, 10);
        while seen.accounted() < 6 {
            // Long enough to lose some, if none arrives earlier.
            sleep(Duration::from_ticks(24));
            seen.read_bytes::<BYTES>(&mut reader);
        }
        seen.close(capture);
        while seen.read_bytes::<BYTES>(&mut reader) > 0 {}
        seen.check_end();
    });
}
