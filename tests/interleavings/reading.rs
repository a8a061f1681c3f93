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
