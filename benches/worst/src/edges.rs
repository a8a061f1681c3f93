//! The handler, at every capacity: the average, and the most expensive edge.

use edgepipe::Readiness;
use zephyr::printkln;

use crate::{
    harness::{Tally, join_reader, make, make_measured, start_reader},
    kind::{self, Kind, Setup, opened},
    waits,
};

/// Reads of a reader that is behind.
const BEHIND: u32 = 64;

struct Measure {
    kind: &'static Kind,
    capacity: u32,
    /// The cost of the part that every handler has.
    rest: u32,
}

pub fn measure(kind: &'static Kind, capacity: u32, rest: u32) {
    let it = Measure {
        kind,
        capacity,
        rest,
    };
    it.nobody_reads();
    it.reader_is_behind();
    it.laps();
    it.deadline("none,deadline", Some(100), None);
    it.deadline("none,deadline,idle", None, Some(100));
    it.somebody_waits("wait_ready", || {}, || {}, waits::wait_ready);
    it.somebody_waits("Poller", || opened().register(), || {}, waits::poll);
    it.somebody_waits("task", || {}, || {}, waits::wait_task);
    it.somebody_waits("fd_poll", waits::open_fd, waits::close_fd, waits::fd_poll);
}

impl Measure {
    fn setup(&self) -> Setup {
        Setup::new(self.kind, self.capacity)
    }

    fn report(&self, reader: &str, tally: &Tally) {
        let Tally {
            times, sum, most, ..
        } = tally;
        let tenths = (10 * (sum - times * self.rest) + times / 2) / times;
        let what = format_args!(
            "bench: edge {} reader={reader},capacity={}",
            self.kind.name, self.capacity
        );
        printkln!("{what} average {}.{}", tenths / 10, tenths % 10);
        printkln!("{what} worst {}", most - self.rest);
    }

    /// Edges fill an empty buffer; as many more are lost.
    fn nobody_reads(&self) {
        self.setup().open();
        self.report("none", &make_measured(self.capacity));
        self.report("none,lost", &make_measured(self.capacity));
        kind::close();
    }

    /// The buffer is full, and one record is read between two edges; or more edges are lost all the
    /// time.
    fn reader_is_behind(&self) {
        for (reader, edges) in [("behind", 1), ("behind,lost", 2)] {
            self.setup().open();
            make(self.capacity);
            let mut tally = Tally::NONE;
            for _ in 0..BEHIND {
                waits::try_read(1);
                tally.add(&make_measured(edges));
            }
            self.report(reader, &tally);
            kind::close();
        }
    }

    /// Seven eighths are read at a time, so the end of the buffer is at another place each time.
    fn laps(&self) {
        self.setup().open();
        let mut tally = Tally::NONE;
        for _ in 0..8 {
            let pending = opened().reader().ledger().pending as u32;
            tally.add(&make_measured(self.capacity - pending));
            let mut left = self.capacity - self.capacity / 8;
            while left > 0 {
                left -= waits::try_read(waits::CHUNK.min(left as usize)) as u32;
            }
        }
        self.report("laps", &tally);
        kind::close();
    }

    /// The first edge starts a deadline, or the idle time.
    fn deadline(&self, reader: &str, flush_after: Option<u32>, idle_after: Option<u32>) {
        let setup = Setup {
            flush_after,
            idle_after,
            ..self.setup()
        };
        setup.open();
        self.report(reader, &make_measured(self.capacity));
        kind::close();
    }

    /// A thread or a task sleeps until the buffer is full, and the last edge wakes it.
    fn somebody_waits(&self, reader: &str, before: fn(), after: fn(), wait: extern "C" fn()) {
        let setup = Setup {
            ready: Readiness::Records(self.capacity),
            ..self.setup()
        };
        setup.open();
        before();
        start_reader(wait);
        self.report(reader, &make_measured(self.capacity));
        join_reader();
        after();
        kind::close();
    }
}
