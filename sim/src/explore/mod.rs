//! Runs a program under many schedules, and reports the one under which it fails.

#![forbid(unsafe_code)]

mod failure;

use std::cell::RefCell;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use crate::schedule::{
    Bounded, Choose, Chooser, Limits, Odometer, Random, Record, Replay, Schedule,
};
use crate::sim::{self, Options};

/// How [`explore`] chooses what happens in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Every choice within the limits.
    Exhaustive {
        /// More runs than this are a failure: the case is larger than its author thought.
        runs_max: u64,
    },
    /// Anything, anywhere, drawn at random. The rates are drawn too.
    Random {
        /// One run for each. `EDGEPIPE_SEEDS`, if set, replaces it.
        seeds: Range<u64>,
    },
    /// A few departures from Zephyr's order, at places drawn at random.
    Bounded {
        /// One run for each. `EDGEPIPE_SEEDS`, if set, replaces it.
        seeds: Range<u64>,
        /// The most departures in one run.
        departures: u32,
    },
}

/// An exploration's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explore {
    /// How to choose.
    pub strategy: Strategy,
    /// What may happen at all.
    pub limits: Limits,
    /// What each run starts from. An interrupt that would pass `ticks_max` does not arrive.
    pub options: Options,
}

impl Explore {
    /// Every choice within `limits`.
    pub fn exhaustive(limits: Limits) -> Explore {
        Explore::new(
            Strategy::Exhaustive {
                runs_max: 10_000_000,
            },
            limits,
        )
    }

    /// Random choices within `limits`, with `seeds` seeds.
    pub fn random(seeds: u64, limits: Limits) -> Explore {
        Explore::new(Strategy::Random { seeds: 0..seeds }, limits)
    }

    /// Up to `departures` departures within `limits`, with `seeds` seeds.
    pub fn bounded(departures: u32, seeds: u64, limits: Limits) -> Explore {
        let seeds = 0..seeds;
        Explore::new(Strategy::Bounded { seeds, departures }, limits)
    }

    fn new(strategy: Strategy, limits: Limits) -> Explore {
        let options = Options {
            // A minute: less than the time-outs whose only purpose is to keep a clock running.
            ticks_max: 60_000_000,
            calls_max: 1_000_000,
            ..Options::default()
        };
        Explore {
            strategy,
            limits,
            options,
        }
    }
}

/// The size of an exploration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// Runs made.
    pub runs: u64,
    /// Places in all runs where there was a choice, whether or not the limits allowed it.
    pub choices: u64,
    /// The most such places in one run.
    pub longest: u64,
}

/// Runs `body` as the main thread of one kernel after another, under every schedule that `explore`
/// asks for. `body` must restore what outlives a run, such as statics.
///
/// With `EDGEPIPE_REPLAY` set to a schedule, makes only that run.
///
/// # Panics
///
/// If a run ends with a fault or a panic: the text has that, the seed, and the schedule that
/// replays the run. If an exhaustive walk has more runs than `runs_max`. If a kernel runs on this
/// OS thread already.
pub fn explore<F: Fn() + 'static>(explore: &Explore, body: F) -> Walk {
    let mut explorer = Explorer {
        options: explore.options.clone(),
        body: Rc::new(body),
        walk: Walk::default(),
    };
    if let Ok(schedule) = std::env::var("EDGEPIPE_REPLAY") {
        explorer.replay(&schedule);
        return explorer.walk;
    }
    match &explore.strategy {
        Strategy::Exhaustive { runs_max } => explorer.exhaust(explore.limits, *runs_max),
        Strategy::Random { seeds } => {
            for seed in seeds_wanted(seeds) {
                explorer.run(Random::new(seed), explore.limits, Some(seed));
            }
        }
        Strategy::Bounded { seeds, departures } => {
            let length = explorer.run(Replay::new(Schedule::default()), Limits::NONE, None);
            for seed in seeds_wanted(seeds) {
                let strategy = Bounded::new(seed, *departures, length);
                explorer.run(strategy, explore.limits, Some(seed));
            }
        }
    }
    explorer.walk
}

/// Runs `body` once, with the choices of a run that [`explore`] reported.
///
/// # Panics
///
/// Like [`explore`], and if `schedule` is not a schedule, or not one of this program.
pub fn replay<F: Fn() + 'static>(explore: &Explore, schedule: &str, body: F) {
    let mut explorer = Explorer {
        options: explore.options.clone(),
        body: Rc::new(body),
        walk: Walk::default(),
    };
    explorer.replay(schedule);
}

/// The seeds of `EDGEPIPE_SEEDS`, which is a count or `from..to`; without it, `given`.
fn seeds_wanted(given: &Range<u64>) -> Range<u64> {
    let Ok(text) = std::env::var("EDGEPIPE_SEEDS") else {
        return given.clone();
    };
    let number = |text: &str| {
        text.parse()
            .unwrap_or_else(|_| panic!("EDGEPIPE_SEEDS is a number or from..to, not {text:?}"))
    };
    match text.split_once("..") {
        Some((from, to)) => number(from)..number(to),
        None => 0..number(&text),
    }
}

struct Explorer {
    options: Options,
    body: Rc<dyn Fn()>,
    walk: Walk,
}

impl Explorer {
    fn exhaust(&mut self, limits: Limits, runs_max: u64) {
        let odometer = Odometer::default();
        loop {
            assert!(
                self.walk.runs < runs_max,
                "the walk has more than {runs_max} runs"
            );
            self.run(odometer.run(), limits, None);
            if !odometer.advance() {
                return;
            }
        }
    }

    fn replay(&mut self, schedule: &str) {
        let schedule: Schedule = schedule.parse().unwrap_or_else(|error| panic!("{error}"));
        self.run(Replay::new(schedule), Limits::NONE, None);
    }

    /// Makes one run; returns how many choices there were.
    fn run<C: Choose + 'static>(&mut self, strategy: C, limits: Limits, seed: Option<u64>) -> u64 {
        let record = Rc::new(RefCell::new(Record::default()));
        let chooser = Chooser::new(strategy, limits, Rc::clone(&record));
        let (body, options) = (Rc::clone(&self.body), self.options.clone());
        let outcome = failure::watched(&record, || {
            catch_unwind(AssertUnwindSafe(|| {
                sim::try_run_with(chooser, options, move || body())
            }))
        });
        let record = record.borrow();
        if let Some(what) = failure::of(outcome) {
            failure::report(&what, self.walk.runs, seed, &record);
        }
        self.walk.runs += 1;
        self.walk.choices += record.questions;
        self.walk.longest = self.walk.longest.max(record.questions);
        record.questions
    }
}
