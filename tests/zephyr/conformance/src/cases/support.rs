//! What the cases have in common: devices with their lines, and a stimulus.

use edgepipe::{Capture, Config, Edge, EdgeDevice, Line, Reader, Readiness, sys::clock};
use edgepipe_app::{EmulatedPin, Event, Origin, Pins, Player, Stimulus};
use zephyr::time::{Duration, Tick, sleep};

use super::super::platform;

/// Time between two edges of [`Square`], and the unit of the cases' times: a millisecond, or a tick where that is longer.
pub(super) const PERIOD_US: u64 = if TICK_US > 1_000 { TICK_US } else { 1_000 };

const TICK_US: u64 = 1_000_000_u64.div_ceil(clock::TICKS_PER_SECOND as u64);

/// Zephyr's drivers make a tick a whole number of cycles. If the rates are no multiple of each other, the uptime drifts.
pub(super) const CYCLES_PER_TICK: u64 = (clock::CYCLES_PER_SECOND / clock::TICKS_PER_SECOND) as u64;

/// A line that changes its level once in a period, `edges` times, for the first time after one
/// period.
pub(super) struct Square {
    pub(super) line: u8,
    pub(super) edges: u32,
    pub(super) done: u32,
}

impl Square {
    pub(super) fn new(edges: u32) -> Self {
        Self {
            line: 0,
            edges,
            done: 0,
        }
    }

    pub(super) fn on_line(line: u8, edges: u32) -> Self {
        Self {
            line,
            edges,
            done: 0,
        }
    }

    /// Only the edge with this number; the first has number 1.
    pub(super) fn only(number: u32) -> Self {
        Self {
            line: 0,
            edges: number,
            done: number - 1,
        }
    }
}

impl Stimulus for Square {
    fn next(&mut self) -> Option<Event> {
        if self.done == self.edges {
            return None;
        }
        self.done += 1;
        let at_us = u64::from(self.done) * PERIOD_US;
        Some(Event {
            at_us,
            line: self.line,
            high: self.done % 2 == 1,
        })
    }
}

/// Each case has its own device and player, because cases run in parallel.
macro_rules! bench {
    ($records:expr) => {
        bench!($records, $records * platform::PIPES)
    };
    ($records:expr, $pipe:expr) => {{
        #[allow(unused_imports, reason = "a pipe of a given size needs nothing of it")]
        use $crate::platform;
        static DEVICE: edgepipe::EdgeDevice<{ $records }, 2, 0, { $pipe }> =
            edgepipe::EdgeDevice::new();
        static PLAYER: edgepipe_app::Player<$crate::cases::support::Square> =
            edgepipe_app::Player::new();
        $crate::cases::support::Bench {
            device: &DEVICE,
            player: &PLAYER,
        }
    }};
}
pub(super) use bench;

pub(super) struct Bench<const RECORDS: usize, const PIPE: usize = 0> {
    pub(super) device: &'static EdgeDevice<RECORDS, 2, 0, PIPE>,
    pub(super) player: &'static Player<Square>,
}

impl<const RECORDS: usize, const PIPE: usize> Bench<RECORDS, PIPE> {
    /// Opens the device on the platform's pins, all low.
    pub(super) fn open(&self, config: Config) -> (Capture, Reader) {
        self.device
            .open(&low_lines(), delivering(config))
            .expect("the configuration is right")
    }

    /// Starts to play, in interrupts.
    pub(super) fn play(&self, capture: &Capture, stimulus: Square) -> Origin {
        self.player.start(capture, platform::pins(), stimulus)
    }

    /// Makes these edges of line 0 at once, numbered from 1, which goes to high.
    pub(super) fn edges(&self, numbers: impl IntoIterator<Item = u32>) {
        let pin = platform::pins()[0];
        for number in numbers {
            assert!(pin.set(number % 2 == 1));
        }
    }

    /// Plays to the end.
    pub(super) fn play_all(&self, capture: &Capture, stimulus: Square) {
        self.play(capture, stimulus);
        self.player.wait_end();
    }
}

/// The same configuration, with the platform's delivery if it has one.
fn delivering(config: Config) -> Config {
    match platform::delivery() {
        Some(deliver) => Config { deliver, ..config },
        None => config,
    }
}

/// The platform's pins as lines, all low.
pub(super) fn low_lines() -> heapless::Vec<Line, 2> {
    let pins = platform::pins();
    pins.iter().for_each(|pin| assert!(pin.prepare(false)));
    pins.iter().map(EmulatedPin::line).collect()
}

pub(super) fn pins() -> Pins {
    platform::pins()
}

pub(super) fn ready_at(records: u32) -> Config {
    Config {
        ready: Readiness::Records(records),
        ..Config::default()
    }
}

/// Without headroom: full when the next edge would be lost.
pub(super) fn strict() -> Config {
    Config {
        headroom: Some(0),
        ..Config::DEFAULT
    }
}

pub(super) fn capacity(records: u32) -> Config {
    Config {
        capacity: Some(records),
        ..Config::default()
    }
}

pub(super) fn periods(count: Tick) -> Duration {
    let cycles = count * PERIOD_US * u64::from(clock::CYCLES_PER_SECOND);
    Duration::from_ticks(cycles.div_ceil(1_000_000 * CYCLES_PER_TICK))
}

pub(super) fn sleep_periods(count: Tick) {
    sleep(periods(count));
}

/// Reads all pending edges; returns their number.
pub(super) fn drain(reader: &mut Reader) -> usize {
    let mut edges = [Edge::default(); 64];
    reader.try_read_edges(&mut edges).unwrap_or(0)
}
