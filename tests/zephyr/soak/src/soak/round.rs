//! A round: everything that is drawn for one capture.

use core::fmt;

use edgepipe::{Config, Delivery, Overflow, Readiness};
use fastrand::Rng;
use zephyr::time::Duration;

use super::{CHUNK, LINES, RECORDS, bursts::Bursts};

pub(super) struct Round {
    seed: u64,
    pub(super) config: Config,
    pub(super) capacity: u32,
    pub(super) bursts: Bursts,
    /// The most edges that are read at a time.
    pub(super) chunk: u32,
    /// The reader reads raw records, not edges.
    pub(super) raw: bool,
    /// The most ticks that the reader pauses after each step; 0 for no pauses.
    pub(super) pause: u32,
    /// Random numbers for the reader's steps.
    pub(super) random: Rng,
}

/// A number from 1 to `most`; small ones are as likely as large ones.
pub(super) fn skewed(random: &mut Rng, most: u32) -> u32 {
    let halvings = random.u32(0..=most.ilog2());
    random.u32(1..=most >> halvings)
}

pub(super) fn readiness(random: &mut Rng, capacity: u32) -> Readiness {
    match random.u8(0..4) {
        0 => Readiness::Any,
        1 => Readiness::Full,
        _ => Readiness::Records(random.u32(1..=capacity)),
    }
}

impl Round {
    pub(super) fn draw(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let capacity = skewed(&mut random, RECORDS as u32);
        let one_in_three = random.u8(0..3) == 0;
        let mut config = Config {
            capacity: Some(capacity),
            ready: readiness(&mut random, capacity),
            flush_after: one_in_three.then(|| ticks(skewed(&mut random, 128))),
            idle_after: (random.u8(0..3) == 0).then(|| ticks(skewed(&mut random, 128))),
            overflow: *random
                .choice(&[Overflow::DropNewest, Overflow::Freeze, Overflow::DropOldest])
                .expect("there are three"),
            headroom: Some(random.u32(0..capacity)),
            deliver: *random
                .choice(&[Delivery::Direct, Delivery::Pipe])
                .expect("there are two"),
            clock: None,
        };
        if config.overflow == Overflow::DropOldest
            && (config.deliver == Delivery::Pipe || capacity == 1)
        {
            config.overflow = Overflow::DropNewest;
        }
        let lines = random.u32(1..=LINES);
        let in_a_hurry = random.bool();
        Self {
            seed,
            config,
            capacity,
            bursts: Bursts::draw(&mut random, lines),
            chunk: skewed(&mut random, CHUNK as u32),
            raw: random.u8(0..4) == 0,
            pause: if in_a_hurry {
                0
            } else {
                skewed(&mut random, 64)
            },
            random,
        }
    }

    pub(super) fn lines(&self) -> usize {
        self.bursts.lines as usize
    }

    pub(super) fn is_piped(&self) -> bool {
        self.config.deliver == Delivery::Pipe
    }

    /// The number of records at which it is full.
    pub(super) fn full(&self) -> u32 {
        self.capacity - self.config.headroom.unwrap_or_default()
    }

    pub(super) fn edges(&self) -> u64 {
        self.bursts.edges.into()
    }
}

pub(super) fn ticks(count: u32) -> Duration {
    Duration::from_ticks(count.into())
}

/// For the message of a failed check.
impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Bursts {
            lines,
            edges,
            burst,
            gap,
            ..
        } = self.bursts;
        write!(
            f,
            "seed {}: {:?}; {edges} edges of {lines} lines, up to {burst} each {gap} ticks; \
             read by {} {}, with pauses of {} ticks",
            self.seed,
            self.config,
            self.chunk,
            if self.raw { "records" } else { "edges" },
            self.pause
        )
    }
}
