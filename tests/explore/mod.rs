//! What the explored scenarios have in common.

#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

mod calls;
mod edges;
mod model;
mod order;
mod threads;
mod twin;
mod watch;

use std::rc::Rc;

use edgepipe::{Capture, Config, EdgeDevice, Reader, Readiness};
use zephyr::sim::{self, Explore, Limits, Options, Walk};

pub(crate) use edges::Edges;
use model::Terms;
pub(crate) use threads::{close_after, read_to_the_end, wait_and_read};
pub(crate) use twin::twin;
pub(crate) use watch::Watch;

/// Most records a device of a scenario holds.
const ROOM: usize = 8;

/// A device, a line, and who makes its edges; every run of a scenario uses the same one.
#[derive(Clone, Copy)]
pub(crate) struct Bench {
    device: &'static EdgeDevice<ROOM>,
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

    /// Opens the device, for a buffer of `capacity` records that is ready at `threshold`. Its blocks
    /// are of two records, so that all but the latest go through the pipe.
    pub(crate) fn open(&self, capacity: u32, threshold: u32) -> (Capture, Reader, Rc<Watch>) {
        self.open_with(Config {
            capacity: Some(capacity),
            ready: Readiness::Records(threshold),
            block: Some(2),
            ..Config::DEFAULT
        })
    }

    /// Opens the device.
    pub(crate) fn open_with(&self, config: Config) -> (Capture, Reader, Rc<Watch>) {
        let opened = self.device.open(&[self.edges.low_line()], config);
        let (capture, reader) = opened.expect("the run before has closed it");
        let place = (&raw const *self.device).addr();
        let place = place..place + size_of_val(self.device);
        let watch = Watch::new(&reader, place, terms(&config));
        (capture, reader, Rc::new(watch))
    }
}

fn terms(config: &Config) -> Terms {
    let capacity = config.capacity.map_or(ROOM as u64, u64::from);
    Terms {
        capacity,
        threshold: match config.ready {
            Readiness::Any => 1,
            Readiness::Records(threshold) => threshold.into(),
            Readiness::Full => capacity,
        },
        flush_after: config.flush_after.map(|duration| duration.ticks()),
        late: 0,
    }
}

/// Has `watches` look at every step from now on.
pub(crate) fn watch<const N: usize>(watches: [&Rc<Watch>; N]) {
    let watches = watches.map(Rc::clone);
    sim::observe(move |moment| watches.iter().for_each(|watch| watch.look(moment)));
}

/// Walks every choice within `limits`, or within `long` with `EDGEPIPE_EXPLORE=long`.
pub(crate) fn walk(limits: Limits, long: Limits, body: impl Fn() + 'static) {
    let limits = if is_long() { long } else { limits };
    report(sim::explore(
        &short_lived(Explore::exhaustive(limits)),
        body,
    ));
}

/// Runs `body` with `seeds` seeds at random, and with as many at up to four departures.
pub(crate) fn sample(seeds: u64, body: impl Fn() + Clone + 'static) {
    let seeds = if is_long() { 100 * seeds } else { seeds };
    let random = Explore::random(seeds, Limits::NONE);
    report(sim::explore(&short_lived(random), body.clone()));
    let bounded = Explore::bounded(4, seeds, Limits::NONE);
    report(sim::explore(&short_lived(bounded), body));
}

fn is_long() -> bool {
    std::env::var("EDGEPIPE_EXPLORE").is_ok_and(|value| value == "long")
}

/// Ends a run that waits for what never comes, and not only after a wrap of the cycle counter.
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
