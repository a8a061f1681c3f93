//! The sources of interrupts, their priorities, and the interrupts that are scheduled.

use super::Kernel;
use super::irq::{self, Level};
use crate::raw::PORTS_MAX;

/// A source of interrupts. It has one priority, so its handlers never interrupt each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The system timer. Its handler wakes threads whose time is up, and runs the functions of
    /// `k_timer`s that expire.
    Timer,
    /// The GPIO port of this index.
    Port(usize),
    /// Anything else, [`call_in_isr`](crate::sim::call_in_isr) included.
    Other,
}

impl Source {
    const COUNT: usize = PORTS_MAX + 2;

    /// # Panics
    ///
    /// If there is no such port.
    fn index(self) -> usize {
        match self {
            Source::Timer => 0,
            Source::Other => 1,
            Source::Port(port) => {
                assert!(port < PORTS_MAX, "a kernel has at most {PORTS_MAX} ports");
                2 + port
            }
        }
    }
}

/// What an interrupt runs.
type Handler = Box<dyn FnOnce()>;

/// The priorities, and the scheduled interrupts that are not the timer's.
pub(super) struct Sources {
    priorities: [u8; Source::COUNT],
    /// Whether a test has set a priority or scheduled an interrupt. Until then the timer is the only
    /// source, and yields to none.
    in_use: bool,
    /// Latest first; at one tick, the one added last first. The next is at the end.
    scheduled: Vec<(u64, Source, Handler)>,
}

impl Default for Sources {
    fn default() -> Sources {
        Sources {
            priorities: [irq::PRIORITY; Source::COUNT],
            in_use: false,
            scheduled: Vec::new(),
        }
    }
}

impl Sources {
    pub(super) fn are_in_use(&self) -> bool {
        self.in_use
    }

    pub(super) fn level(&self, source: Source) -> Level {
        self.priorities[source.index()].into()
    }

    /// The next interrupt at or after `now`: its tick, its source, and its index in `scheduled`.
    ///
    /// Of those that are due together it is the most urgent; of equally urgent ones, the first.
    fn next(&self, now: u64) -> Option<(u64, Source, usize)> {
        let tick = self.scheduled.last()?.0.max(now);
        let together = self.scheduled.iter().enumerate().rev();
        together
            .take_while(|(_, (other, ..))| *other <= tick)
            .min_by_key(|(_, (_, source, _))| self.level(*source))
            .map(|(place, (_, source, _))| (tick, *source, place))
    }
}

impl Kernel {
    /// Gives `source` a priority.
    pub(crate) fn set_priority(&mut self, source: Source, priority: u8) {
        let Sources {
            priorities, in_use, ..
        } = &mut self.sources;
        *in_use = true;
        priorities[source.index()] = priority;
        let least = priorities.iter().copied().fold(u8::MAX, u8::min);
        self.cpu.set_most_urgent(least.into());
    }

    /// Schedules an interrupt of `source` at `tick`, or at the next tick if that has passed.
    pub(crate) fn add_interrupt(&mut self, source: Source, tick: u64, handler: Handler) {
        let tick = tick.max(self.clock.now() + 1);
        self.sources.in_use = true;
        let scheduled = &mut self.sources.scheduled;
        let at = scheduled.partition_point(|(other, ..)| *other > tick);
        scheduled.insert(at, (tick, source, handler));
    }

    /// The next interrupt: its tick and its source.
    ///
    /// Of those that are due together it is the most urgent; of equally urgent ones, the timer's.
    pub(super) fn next_interrupt(&self) -> Option<(u64, Source)> {
        let timer = self.clock.next();
        if self.sources.scheduled.is_empty() {
            return timer.map(|tick| (tick, Source::Timer));
        }
        self.next_of_all(timer)
    }

    #[cold]
    fn next_of_all(&self, timer: Option<u64>) -> Option<(u64, Source)> {
        let now = self.clock.now();
        let (tick, source, _) = self.sources.next(now)?;
        let key = |tick: u64, source| (tick.max(now), self.sources.level(source));
        match timer {
            Some(timer) if key(timer, Source::Timer) <= key(tick, source) => {
                Some((timer, Source::Timer))
            }
            _ => Some((tick, source)),
        }
    }

    /// Whether the next interrupt could arrive here, without passing the limit of the run.
    pub(super) fn could_interrupt(&self) -> bool {
        if !self.sources.in_use {
            return self
                .clock
                .next()
                .is_some_and(|tick| self.clock.may_reach(tick));
        }
        self.next_interrupt().is_some_and(|(tick, source)| {
            self.clock.may_reach(tick) && self.cpu.yields_to(self.sources.level(source))
        })
    }

    /// The interrupt that is due already and not held back by a running handler.
    pub(super) fn due_interrupt(&self) -> Option<(Source, Level)> {
        let (tick, source) = self.next_interrupt()?;
        let level = self.sources.level(source);
        let due = tick <= self.clock.now() && self.cpu.yields_to(level);
        due.then_some((source, level))
    }

    /// Takes the handler of the next interrupt, which is not the timer's.
    pub(super) fn take_handler(&mut self) -> Option<Handler> {
        let (.., place) = self.sources.next(self.clock.now())?;
        Some(self.sources.scheduled.remove(place).2)
    }
}
