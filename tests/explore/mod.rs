//! What the explored scenarios have in common.

#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

mod calls;
mod edges;
mod model;
mod order;
mod ports;
mod threads;
mod twin;
mod watch;

use std::rc::Rc;

use edgepipe::{Capture, Config, Delivery, EdgeDevice, Reader, Readiness};
use zephyr::sim::{self, Explore, Limits, Options, Walk};

pub(crate) use calls::Reading;
pub(crate) use edges::Edges;
use model::Terms;
pub(crate) use ports::Ports;
pub(crate) use threads::{close_after, read_to_the_end, wait_and_read};
pub(crate) use twin::twin;
pub(crate) use watch::Watch;

/// Most records a device of a scenario holds.
const ROOM: usize = 8;

/// Most records that its pipe holds: few, so that it is often full.
const PIPE: usize = 2;

/// A device, a line, and the source of its edges. Every run of a scenario uses the same one.
#[derive(Clone, Copy)]
pub(crate) struct Bench {
    device: &'static EdgeDevice<ROOM, 2, 0, PIPE>,
    pub(crate) edges: &'static Edges,
}

impl Bench {
    /// With a line of its own.
    pub(crate) fn on(pin: u8) -> Bench {
        Bench {
            device: Box::leak(Box::new(EdgeDevice::new())),
            edges: Edges::on(pin),
        }
    }

    /// Opens the device with a buffer of `capacity` records; it is ready at `threshold`.
    pub(crate) fn open(&self, capacity: u32, threshold: u32) -> (Capture, Reader, Rc<Watch>) {
        self.open_with(Config {
            capacity: Some(capacity),
            ready: Readiness::Records(threshold),
            ..Config::DEFAULT
        })
    }

    /// Opens the device.
    pub(crate) fn open_with(&self, config: Config) -> (Capture, Reader, Rc<Watch>) {
        let opened = self.device.open(&[self.edges.low_line()], config);
        let (capture, reader) = opened.expect("the run before has closed it");
        let watch = Watch::new(&reader, terms(&config));
        (capture, reader, Rc::new(watch))
    }
}

fn terms(config: &Config) -> Terms {
    let capacity = config.capacity.unwrap_or(ROOM as u32);
    let full = capacity - config.headroom.unwrap_or(capacity / 4);
    let (threshold, full) = match config.ready {
        Readiness::Any => (1, capacity),
        Readiness::Records(threshold) => (threshold, capacity),
        Readiness::Full => (full, full),
    };
    Terms {
        capacity: capacity.into(),
        full: full.into(),
        threshold: threshold.into(),
        is_piped: config.deliver == Delivery::Pipe,
        flush_after: config.flush_after.map(|duration| duration.ticks()),
        idle_after: config.idle_after.map(|duration| duration.ticks()),
        late: 0,
        is_handling: false,
    }
}

/// Lets `watches` check every step from now on.
pub(crate) fn watch<const N: usize>(watches: [&Rc<Watch>; N]) {
    let watches = watches.map(Rc::clone);
    sim::observe(move |moment| watches.iter().for_each(|watch| watch.look(moment)));
}

/// How much to walk: the value of `EDGEPIPE_EXPLORE`.
enum Depth {
    /// `short`: a sample of the usual walk, for faults that break much.
    Short,
    Ordinary,
    /// `long`: within higher limits.
    Long,
}

fn depth() -> Depth {
    match std::env::var("EDGEPIPE_EXPLORE").as_deref() {
        Ok("short") => Depth::Short,
        Ok("long") => Depth::Long,
        _ => Depth::Ordinary,
    }
}

/// Walks every choice within `limits`, or within `long`.
pub(crate) fn walk(limits: Limits, long: Limits, body: impl Fn() + 'static) {
    let explore = match depth() {
        Depth::Short => Explore::bounded(3, 200, limits),
        Depth::Ordinary => Explore::exhaustive(limits),
        Depth::Long => Explore::exhaustive(long),
    };
    report(sim::explore(&short_lived(explore), body));
}

/// Runs `body` at random with `seeds` seeds, and with as many seeds at up to four departures.
pub(crate) fn sample(seeds: u64, body: impl Fn() + Clone + 'static) {
    let seeds = match depth() {
        Depth::Short => seeds.div_ceil(20),
        Depth::Ordinary => seeds,
        Depth::Long => 100 * seeds,
    };
    let random = Explore::random(seeds, Limits::NONE);
    report(sim::explore(&short_lived(random), body.clone()));
    let bounded = Explore::bounded(4, seeds, Limits::NONE);
    report(sim::explore(&short_lived(bounded), body));
}

/// Ends a run that waits for something that never happens, before the cycle counter wraps.
fn short_lived(explore: Explore) -> Explore {
    let options = Options {
        ticks_max: 1_000_000,
        ..explore.options
    };
    Explore { options, ..explore }
}

fn report(walk: Walk) {
    let thread = std::thread::current();
    let Walk {
        runs,
        choices,
        longest,
    } = walk;
    println!(
        "{}: {runs} runs, {choices} choices, at most {longest} in a run",
        thread.name().unwrap_or_default()
    );
}
