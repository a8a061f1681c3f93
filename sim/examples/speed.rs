//! What does an edge cost, from the timer interrupt that drives the line to the thread that reads
//! its record? And what does a run cost?

#[path = "../tests/common/mod.rs"]
mod common;

use std::cell::Cell;
use std::time::Instant;

use common::*;

const EDGES: u32 = 2_000_000;
const RUNS: u32 = 100_000;

/// Bytes of a record, one for each edge.
const RECORD: usize = 8;

fn read_edges() {
    let (sem, pipe) = (Sem::new(0, 1), Pipe::new(64 * RECORD));
    Pin(0).configure(0);
    Pin(0).interrupt(BOTH);
    let record = move |_| {
        assert_eq!(
            pipe.write(&[cycles() as u8; RECORD], NO_WAIT),
            RECORD as i32
        );
        sem.give();
    };
    Callback::new(1, record).add();
    let level = Cell::new(false);
    let feed = move || {
        level.set(!level.get());
        Pin(0).drive(level.get());
    };
    Timer::new(feed).start(ticks(1), ticks(1));
    let mut event = [event(Some(sem))];
    for _ in 0..EDGES {
        event[0].set_state(0);
        poll(&mut event, FOREVER);
        sem.take(NO_WAIT);
        assert_eq!(pipe.read_into(&mut [0; RECORD], NO_WAIT), RECORD as i32);
    }
}

fn main() {
    let start = Instant::now();
    sim::run(read_edges);
    println!(
        "{} ns an edge, each waking a thread",
        (start.elapsed() / EDGES).as_nanos()
    );

    let start = Instant::now();
    for _ in 0..RUNS {
        sim::run(|| {
            sim::spawn("blocked", -1, || {
                sleep(FOREVER);
            });
        });
    }
    println!(
        "{} ns a run of two threads",
        (start.elapsed() / RUNS).as_nanos()
    );
}
