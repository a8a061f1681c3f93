//! Random captures of samples: every read is compared with a log of what happened.

use std::collections::VecDeque;

use edgepipe::{Config, Error, Line, Overflow, Sample, StrobeDevice, Timed, Trigger};
use edgepipe_app::EmulatedPin;
use fastrand::Rng;
use zephyr::sim::{self, GpioCall};
use zephyr::time::{Duration, NoWait, Tick, sleep};

use super::low_pin;

const EIO: u32 = 5;
const PROGRAMS: u64 = 500;
const STEPS: u64 = 150;
/// In bytes.
const DISCARDED_AT_ONCE: usize = 256;
const IDLE_TICKS: Tick = 50;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Event {
    /// A value, and its time in nanoseconds.
    Stored(u32, u64),
    Lost,
    Pause,
}

impl Event {
    fn is_stored(&self) -> bool {
        matches!(self, Self::Stored(..))
    }
}

/// What happened since the last sample that was read.
#[derive(Default, Debug)]
struct Log {
    events: VecDeque<Event>,
    frozen: bool,
    passed: Option<u32>,
}

impl Log {
    fn stored(&self) -> usize {
        self.events.iter().filter(|event| event.is_stored()).count()
    }

    /// A second hole, before the first has been passed, is where nothing is stored.
    fn is_held(&self) -> bool {
        let mut holes = self.events.iter().map(|event| !event.is_stored());
        let mut begin = self.events.iter().skip_while(|event| event.is_stored());
        holes.next_back() == Some(true) && begin.any(Event::is_stored)
    }

    /// Takes the hole at the front.
    fn pass(&mut self) {
        let mut lost = 0;
        self.passed = None;
        while let Some(event) = self.events.front()
            && !event.is_stored()
        {
            lost += u32::from(*event == Event::Lost);
            self.events.pop_front();
            self.passed = Some(lost);
        }
    }

    /// The next read of at most `most` samples.
    fn read(&mut self, most: usize, closed: bool) -> Result<Vec<(u32, u64)>, Error> {
        if self.stored() == 0 && !closed {
            return Err(Error::WOULD_BLOCK);
        }
        self.pass();
        let mut samples = vec![];
        while let Some(&Event::Stored(value, ns)) = self.events.front()
            && samples.len() < most
        {
            self.events.pop_front();
            samples.push((value, ns));
        }
        self.frozen &= self.stored() > 0;
        Ok(samples)
    }
}

trait Kind: Sample + PartialEq + std::fmt::Debug {
    const ZERO: Self;
    /// Bytes of a record.
    const BYTES: usize;
    fn made(value: u32, ns: u64) -> Self;
}

macro_rules! kinds {
    ($($value:ty: $timed:literal,)*) => {
        $(
            impl Kind for $value {
                const ZERO: Self = 0;
                const BYTES: usize = size_of::<Self>();
                fn made(value: u32, _ns: u64) -> Self {
                    value as Self
                }
            }

            impl Kind for Timed<$value> {
                const ZERO: Self = Self { timestamp_ns: 0, value: 0 };
                const BYTES: usize = $timed;
                fn made(value: u32, ns: u64) -> Self {
                    Self { timestamp_ns: ns, value: value as $value }
                }
            }
        )*
    };
}

kinds!(u8: 8, u16: 8, u32: 16,);

fn data() -> Vec<(EmulatedPin, bool)> {
    let places = [
        (0, 9),
        (1, 3),
        (0, 2),
        (0, 3),
        (1, 30),
        (1, 4),
        (0, 6),
        (1, 0),
    ];
    let pin = |(index, (port, pin)): (usize, (usize, u8))| {
        // SAFETY: the simulated kernel's ports are emulated controllers.
        let pin = unsafe { EmulatedPin::new(sim::gpio(port), pin) };
        let low = index % 3 == 1;
        assert!(pin.prepare(low));
        (pin, low)
    };
    places.into_iter().enumerate().map(pin).collect()
}

fn program<T: Kind, const N: usize>(device: &'static StrobeDevice<T, N>, seed: u64) {
    let mut random = Rng::with_seed(seed);
    let strobe = low_pin(31);
    let data = data();
    let lines: Vec<Line> = data
        .iter()
        .map(|(pin, low)| pin.line_with_flags(u16::from(*low)))
        .collect();
    let idle = random.bool();
    let config = Config {
        headroom: Some(0),
        overflow: [Overflow::DropNewest, Overflow::Freeze][random.usize(..2)],
        capacity: Some(random.u32(1..=N as u32)),
        idle_after: idle.then(|| Duration::from_ticks(IDLE_TICKS)),
        flush_after: random.bool().then(|| Duration::from_ticks(80)),
        ..Config::DEFAULT
    };
    let capacity = config.capacity.unwrap() as usize;
    let opened = device.open(strobe.line().with_trigger(Trigger::Rising), &lines, config);
    let (capture, mut reader) = opened.unwrap();
    let mut capture = Some(capture);
    let mut log = Log::default();
    let (mut value, mut lost, mut steps) = (0, 0, 0);
    let mut paused = false;
    let mut told = 0;
    loop {
        steps += 1;
        let context = || format!("seed {seed}, step {steps}, {config:?}");
        match random.u32(..100) {
            0..44 if capture.is_some() => {
                value = (value + 1) & 0xff;
                let unreadable = !paused && random.u32(..20) == 0;
                let before = reader.ledger();
                let ns = capture.as_ref().unwrap().now_ns();
                for (bit, (pin, low)) in data.iter().enumerate() {
                    assert!(pin.set((value >> bit & 1 == 1) != *low));
                }
                if unreadable {
                    sim::gpio_fail_next(GpioCall::PortGet, EIO);
                }
                assert!(sim::call_in_isr(|| strobe.set(true) && strobe.set(false)));
                let after = reader.ledger();
                if paused {
                    assert_eq!(after.captured, before.captured);
                    continue;
                }
                assert_eq!(after.captured, before.captured + 1);
                let room = log.stored() < capacity && !log.frozen && !log.is_held();
                let stored = room && !unreadable;
                assert_eq!(
                    after.pending - before.pending,
                    stored.into(),
                    "{log:?} {}",
                    context()
                );
                lost += u64::from(!stored);
                log.events.push_back(if stored {
                    Event::Stored(value, ns)
                } else {
                    Event::Lost
                });
                log.frozen |= !room && config.overflow == Overflow::Freeze;
            }
            44..52 if capture.is_some() => {
                capture.as_mut().unwrap().pause();
                paused = true;
            }
            52..62 if capture.is_some() => {
                assert_eq!(capture.as_mut().unwrap().resume(), Ok(()));
                if std::mem::take(&mut paused) {
                    log.events.push_back(Event::Pause);
                }
            }
            62..65 => {
                let ticks = random.u64(1..300);
                sleep(Duration::from_ticks(ticks));
                if idle && ticks > 2 * IDLE_TICKS + 2 && log.stored() > 0 {
                    assert!(reader.ready().is_some(), "{}", context());
                }
            }
            65..68 => {
                let count = log.stored();
                let passed = log.passed;
                assert_eq!(reader.discard(), count, "{}", context());
                while log.stored() > 0 {
                    log.read(DISCARDED_AT_ONCE / T::BYTES, false).unwrap();
                    told += u64::from(log.passed.unwrap_or(0));
                }
                if count == 0 {
                    log.passed = passed;
                }
            }
            _ => {
                let most = random.usize(1..=N + 1);
                let expected = log.read(most, capture.is_none());
                let expected = expected.map(|samples| {
                    told += u64::from(log.passed.unwrap_or(0));
                    let made = |(value, ns)| T::made(value, ns);
                    samples.into_iter().map(made).collect::<Vec<_>>()
                });
                let mut samples = vec![T::ZERO; most];
                let read = match random.u32(..2) {
                    0 => reader.try_read_samples(&mut samples),
                    _ => match reader.read_samples_timeout(&mut samples, NoWait) {
                        Err(Error::TIMED_OUT) => Err(Error::WOULD_BLOCK),
                        read => read,
                    },
                };
                let read = read.map(|count| samples[..count].to_vec());
                assert_eq!(read, expected, "{log:?} {}", context());
                if capture.is_none() && read.is_ok_and(|samples| samples.is_empty()) {
                    assert_eq!(
                        reader.gap().map(|gap| gap.lost),
                        log.passed,
                        "{}",
                        context()
                    );
                    break;
                }
            }
        }
        assert_eq!(
            reader.gap().map(|gap| gap.lost),
            log.passed,
            "{log:?} {}",
            context()
        );
        let ledger = reader.ledger();
        assert!(ledger.balances());
        assert_eq!(ledger.pending, log.stored() as u64);
        assert_eq!(ledger.lost.total(), lost);
        assert_eq!(reader.wait_ready(NoWait).ok(), reader.ready());
        if steps > STEPS {
            capture = None;
        }
    }
    assert_eq!(told, lost);
}

fn programs<T: Kind, const N: usize>(device: &'static StrobeDevice<T, N>) {
    for seed in 0..PROGRAMS {
        sim::run(move || program(device, seed));
    }
}

#[test]
fn reads_tell_exactly_where_samples_were_lost() {
    static BYTES: StrobeDevice<u8, 20> = StrobeDevice::new();
    static WORDS: StrobeDevice<u32, 3> = StrobeDevice::new();
    static TIMED: StrobeDevice<Timed<u16>, 8> = StrobeDevice::new();
    static LONG: StrobeDevice<Timed<u32>, 40> = StrobeDevice::new();
    programs(&BYTES);
    programs(&WORDS);
    programs(&TIMED);
    programs(&LONG);
}
