//! Clocks other than the cycle counter, on the simulated kernel. `tests/zephyr/clock` has Zephyr's own counters.

use core::mem::discriminant;

use edgepipe::{
    Capture, Clock, ClockError, Config, Counter, Edge, EdgeDevice, Error, OpenError, Rate, Reader,
    Readiness, StrobeDevice, Wake,
    sys::clock::{TICKS_PER_SECOND, uptime_ticks},
};
use edgepipe_app::EmulatedPin;
use zephyr::sim::{self, Busy, Explore, Limits, Source};
use zephyr::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use zephyr::time::{Duration, Forever, sleep};

/// A counter that follows the simulated time.
struct Simulated {
    rate: Rate,
    /// What it has counted before the kernel started.
    ahead: u32,
    /// Its true rate is this many hundredths of the one that it states.
    percent: AtomicU32,
}

impl Simulated {
    const fn new(hertz: u32, top: u32) -> Self {
        Self {
            rate: Rate { hertz, top },
            ahead: 12_345_678,
            percent: AtomicU32::new(100),
        }
    }

    const fn of_bits(hertz: u32, bits: u32) -> Self {
        Self::new(hertz, u32::MAX >> (32 - bits))
    }
}

impl Counter for Simulated {
    fn start(&self) -> Result<Rate, Error> {
        match self.rate.hertz {
            1 => Err(Error::NO_DEVICE),
            _ => Ok(self.rate),
        }
    }

    fn count(&self) -> u32 {
        let scale = |count: u128, by: u32, of: u32| count * u128::from(by) / u128::from(of);
        let count = scale(uptime_ticks().into(), self.rate.hertz, TICKS_PER_SECOND);
        let count = scale(count, self.percent.load(Relaxed), 100) + u128::from(self.ahead);
        (count % (u128::from(self.rate.top) + 1)) as u32
    }
}

fn ns_of_ticks(ticks: u64) -> u64 {
    ticks * (1_000_000_000 / u64::from(TICKS_PER_SECOND))
}

fn sleep_ticks(ticks: u64) {
    sleep(Duration::from_ticks(ticks));
}

fn pin(number: u8) -> EmulatedPin {
    // SAFETY: the simulated kernel's ports are emulated controllers.
    let pin = unsafe { EmulatedPin::new(sim::gpio(0), number) };
    assert!(pin.prepare(false));
    pin
}

fn pin_set(high: bool) -> bool {
    // SAFETY: the simulated kernel's ports are emulated controllers.
    unsafe { EmulatedPin::new(sim::gpio(0), 0) }.set(high)
}

/// A capture of both edges of pin 0 with a clock.
macro_rules! open {
    ($hertz:expr, $bits:expr, $config:expr) => {{
        static COUNTER: Simulated = Simulated::of_bits($hertz, $bits);
        static CLOCK: Clock = Clock::new(&COUNTER);
        static DEVICE: EdgeDevice<64> = EdgeDevice::new();
        let config = Config {
            clock: Some(&CLOCK),
            ..$config
        };
        DEVICE
            .open(&[pin(0).line()], config)
            .expect("it can be opened")
    }};
}

/// Plays edges at these ticks from now, and reads them: their times, and the tick of now.
fn play(capture: &Capture, reader: &mut Reader<Edge>, after: &[u64]) -> Vec<u64> {
    let begin = uptime_ticks();
    let begin_ns = capture.now_ns();
    for (tick, high) in after.iter().zip([true, false].into_iter().cycle()) {
        sim::interrupt_at(Source::Port(0), begin + tick, move || {
            assert!(pin_set(high));
        });
    }
    sleep_ticks(after.last().expect("some edges") + 1);
    let mut edges = [Edge::default(); 64];
    let count = reader.read_edges(&mut edges).expect("edges are pending");
    assert_eq!(count, after.len());
    edges[..count]
        .iter()
        .map(|edge| edge.timestamp_ns - begin_ns)
        .collect()
}

/// Edges close together, edges after several wraps of 8 and 16 bits, and one after two wraps of 32 bits at 16 MHz.
const AFTER: [u64; 6] = [2, 4, 7, 5_000, 300_123, 600_000_000];

/// The edges' times are those of the counter, whatever its width: each to one count.
macro_rules! times_are_right {
    ($($name:ident: $hertz:literal Hz, $bits:literal bits;)*) => {$(
        #[test]
        fn $name() {
            sim::run(|| {
                let (capture, mut reader) = open!($hertz, $bits, Config::DEFAULT);
                let count_ns = 1_000_000_000 / $hertz;
                // With 8 bits, a simulated timer expires every 64 ticks.
                let after = if $bits == 8 { &AFTER[..4] } else { &AFTER };
                for _ in 0..3 {
                    let times = play(&capture, &mut reader, after);
                    for (time, tick) in times.into_iter().zip(AFTER) {
                        let apart = time.abs_diff(ns_of_ticks(tick));
                        assert!(apart <= count_ns, "{apart} ns at tick {tick}");
                    }
                }
                assert_eq!(reader.hertz(), $hertz);
            });
        }
    )*};
}

times_are_right! {
    with_8_bits: 1_000_000 Hz, 8 bits;
    with_16_bits: 16_000_000 Hz, 16 bits;
    with_24_bits: 24_576_000 Hz, 24 bits;
    with_32_bits: 16_000_000 Hz, 32 bits;
    with_32_bits_at_the_most: 4_000_000_000 Hz, 32 bits;
}

#[test]
fn time_begins_with_the_uptime_and_goes_on_when_a_device_is_opened_again() {
    static COUNTER: Simulated = Simulated::of_bits(16_000_000, 24);
    static CLOCK: Clock = Clock::new(&COUNTER);
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        sleep_ticks(5_000_000_000);
        for _ in 0..3 {
            let config = Config {
                clock: Some(&CLOCK),
                ..Config::DEFAULT
            };
            let (capture, _reader) = DEVICE.open(&[pin(0).line()], config).unwrap();
            assert!(capture.now_ns().abs_diff(ns_of_ticks(uptime_ticks())) <= 1_000);
            drop(capture);
            // Several wraps of 32 bits without a capture.
            sleep_ticks(1_000_000_000);
        }
    });
}

#[test]
fn captures_with_one_clock_have_the_same_times() {
    static COUNTER: Simulated = Simulated::of_bits(16_000_000, 16);
    static CLOCK: Clock = Clock::new(&COUNTER);
    static DEVICES: [EdgeDevice<8>; 2] = [const { EdgeDevice::new() }; 2];
    const CONFIG: Config = Config {
        clock: Some(&CLOCK),
        ..Config::DEFAULT
    };
    sim::run(|| {
        let (first, _first) = DEVICES[0].open(&[pin(0).line()], CONFIG).unwrap();
        // The second is opened after many wraps.
        sleep_ticks(700_000_123);
        let (second, _second) = DEVICES[1].open(&[pin(1).line()], CONFIG).unwrap();
        for _ in 0..3 {
            assert_eq!(first.now_ns(), second.now_ns());
            sleep_ticks(300_000_000);
        }
    });
}

#[test]
fn a_deadline_passes_in_its_tick() {
    const AFTER_TICKS: u64 = 1_500;
    const CONFIG: Config = Config {
        flush_after: Some(Duration::from_ticks(AFTER_TICKS)),
        ..Config::DEFAULT
    };
    sim::run(|| {
        let (_capture, reader) = open!(16_000_000, 16, CONFIG);
        for high in [true, false, true] {
            let begin = uptime_ticks();
            assert!(sim::call_in_isr(|| pin_set(high)));
            assert_eq!(reader.wait_ready(Forever), Ok(Wake::Deadline));
            let waited = uptime_ticks() - begin;
            assert!(
                (AFTER_TICKS..=AFTER_TICKS + 2).contains(&waited),
                "{waited}"
            );
            reader.try_read(&mut [0; 64]).unwrap();
        }
    });
}

#[test]
fn a_debounced_edge_has_the_time_of_the_first_interrupt() {
    static COUNTER: Simulated = Simulated::of_bits(16_000_000, 16);
    static CLOCK: Clock = Clock::new(&COUNTER);
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    sim::run(|| {
        let config = Config {
            clock: Some(&CLOCK),
            ready: Readiness::Any,
            ..Config::DEFAULT
        };
        let line = pin(0).line().with_debounce_us(1_000);
        let (capture, mut reader) = DEVICE.open(&[line], config).unwrap();
        let begin_ns = capture.now_ns();
        let begin = uptime_ticks();
        for (tick, high) in [(10, true), (300, false), (400, true)] {
            sim::interrupt_at(Source::Port(0), begin + tick, move || {
                assert!(pin_set(high));
            });
        }
        assert_eq!(reader.wait_ready(Forever), Ok(Wake::Threshold));
        let waited = uptime_ticks() - begin;
        assert!((1_400..=1_402).contains(&waited), "{waited}");
        let mut edges = [Edge::default(); 2];
        assert_eq!(reader.read_edges(&mut edges), Ok(1));
        assert_eq!(edges[0].timestamp_ns - begin_ns, ns_of_ticks(10));
    });
}

/// The error of a counter that can be no clock.
fn refused(counter: &'static Simulated) -> ClockError {
    // Tests that run at the same time share no device.
    let device: &'static EdgeDevice<8> = Box::leak(Box::new(EdgeDevice::new()));
    let strobe: &'static StrobeDevice<u8, 8> = Box::leak(Box::new(StrobeDevice::new()));
    let clock: &'static Clock = Box::leak(Box::new(Clock::new(counter)));
    let config = Config {
        clock: Some(clock),
        ..Config::DEFAULT
    };
    let lines = [pin(0).line()];
    let Err(OpenError::Clock(error)) = device.open(&lines, config) else {
        panic!("the clock is refused");
    };
    let strobed = strobe.open(pin(1).line(), &[pin(2).line()], config);
    let Err(OpenError::Clock(strobed)) = strobed else {
        panic!("the clock is refused here, too");
    };
    // A rate may be measured as a little different.
    assert_eq!(discriminant(&strobed), discriminant(&error));
    // Nothing stays claimed.
    drop(
        device
            .open(&lines, Config::DEFAULT)
            .expect("it opens without a clock"),
    );
    error
}

fn leak(hertz: u32, top: u32) -> &'static Simulated {
    Box::leak(Box::new(Simulated::new(hertz, top)))
}

#[test]
fn a_counter_that_can_be_no_clock_is_refused() {
    sim::run(|| {
        assert_eq!(refused(leak(1, 0)), ClockError::Counter(Error::NO_DEVICE));
        for hertz in [0, TICKS_PER_SECOND - 1] {
            assert_eq!(
                refused(leak(hertz, u32::MAX)),
                ClockError::TooSlow { hertz }
            );
        }
        for top in [0, 127, 0xfffe, 0x1_0000, 999_999, u32::MAX - 1] {
            assert_eq!(refused(leak(1_000_000, top)), ClockError::Top { top });
        }
        // 64 counts at 64 times the tick rate are one tick.
        let hertz = 64 * TICKS_PER_SECOND;
        let too_soon = ClockError::WrapsTooSoon {
            hertz: hertz + 1,
            top: 0xff,
        };
        assert_eq!(refused(leak(hertz + 1, 0xff)), too_soon);
        let message = OpenError::Clock(too_soon).to_string();
        assert!(
            message.contains("wraps after 255 at 64000001 Hz"),
            "{message}"
        );
    });
}

#[test]
fn a_counter_that_does_not_run_as_it_says_is_refused() {
    sim::run(|| {
        for percent in [0, 45, 210, 10_000] {
            let counter = leak(16_000_000, u32::MAX);
            counter.percent.store(percent, Relaxed);
            let ClockError::Irregular { expected, counted } = refused(counter) else {
                panic!("its rate is wrong");
            };
            let share = u64::from(counted) * 100 / u64::from(expected);
            assert!(
                share.abs_diff(percent.into()) <= 1,
                "{counted} of {expected}"
            );
        }
    });
}

#[test]
fn a_clock_is_equal_only_to_itself() {
    static COUNTER: Simulated = Simulated::of_bits(1_000_000, 32);
    static CLOCKS: [Clock; 2] = [const { Clock::new(&COUNTER) }; 2];
    for (one, other) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        assert_eq!(CLOCKS[one] == CLOCKS[other], one == other);
    }
}

const EIO: u32 = 5;

/// C gets a number.
#[test]
fn each_refusal_has_an_errno_and_a_text() {
    let irregular = ClockError::Irregular {
        expected: 100,
        counted: 3,
    };
    for (refused, errno, text) in [
        (
            ClockError::Counter(Error::NO_DEVICE),
            Error::NO_DEVICE.errno(),
            "the clock's counter: ",
        ),
        (irregular, EIO, "counted 3 while a thread slept"),
        (
            ClockError::Top { top: 7 },
            Error::INVALID_INPUT.errno(),
            "wraps after 7;",
        ),
        (
            ClockError::TooSlow { hertz: 5 },
            Error::INVALID_INPUT.errno(),
            "has 5 Hz",
        ),
    ] {
        assert_eq!(Error::from(refused).errno(), errno);
        assert!(refused.to_string().contains(text), "{refused}");
    }
}

#[test]
fn a_clock_that_was_refused_is_tried_again() {
    static COUNTER: Simulated = Simulated::of_bits(16_000_000, 32);
    static CLOCK: Clock = Clock::new(&COUNTER);
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    const CONFIG: Config = Config {
        clock: Some(&CLOCK),
        ..Config::DEFAULT
    };
    sim::run(|| {
        let lines = [pin(0).line()];
        COUNTER.percent.store(0, Relaxed);
        assert!(DEVICE.open(&lines, CONFIG).is_err());
        COUNTER.percent.store(100, Relaxed);
        let (_capture, reader) = DEVICE.open(&lines, CONFIG).expect("it runs now");
        assert_eq!(reader.hertz(), 16_000_000);
        // Without a clock it is the cycle counter's.
        drop((_capture, reader));
        let (_capture, reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        assert_eq!(reader.hertz(), edgepipe::sys::clock::CYCLES_PER_SECOND);
    });
}

/// A driver's crate has its clock in a `static`, and its tests run one after the other.
#[test]
fn a_clock_starts_anew_in_each_simulated_kernel() {
    static COUNTER: Simulated = Simulated::of_bits(16_000_000, 16);
    static CLOCK: Clock = Clock::new(&COUNTER);
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    for _ in 0..2 {
        sim::run(|| {
            pin(0);
            let config = Config {
                clock: Some(&CLOCK),
                ..Config::DEFAULT
            };
            let (capture, mut reader) = DEVICE.open(&[pin(0).line()], config).unwrap();
            sleep_ticks(1_000_000);
            assert!(pin_set(true));
            let now_ns = capture.now_ns();
            let true_ns = ns_of_ticks(uptime_ticks());
            assert!(
                now_ns.abs_diff(true_ns) <= 2_000,
                "{now_ns} ns, not {true_ns}"
            );
            let mut edges = [Edge::default(); 1];
            assert_eq!(reader.read_edges(&mut edges), Ok(1));
            assert!(edges[0].timestamp_ns.abs_diff(true_ns) <= 2_000);
        });
    }
}

#[test]
fn a_clock_of_two_simulated_kernels_at_once_is_refused() {
    static COUNTER: Simulated = Simulated::of_bits(16_000_000, 32);
    static CLOCK: Clock = Clock::new(&COUNTER);
    static DEVICES: [EdgeDevice<8>; 2] = [const { EdgeDevice::new() }; 2];
    let open = |device: &'static EdgeDevice<8>| {
        let config = Config {
            clock: Some(&CLOCK),
            ..Config::DEFAULT
        };
        let opened = device.open(&[pin(0).line()], config);
        opened.unwrap()
    };
    sim::run(move || {
        let _first = open(&DEVICES[0]);
        let other = std::thread::spawn(move || {
            sim::run(move || {
                open(&DEVICES[1]);
            });
        });
        let panicked = other.join().unwrap_err();
        let text = panicked.downcast_ref::<&str>().unwrap();
        assert!(text.contains("give each a clock of its own"), "{text}");
    });
}

/// The thread that came second found that it had measured too late, and failed though the clock ran.
#[test]
fn threads_that_open_one_clock_at_once_all_succeed() {
    static COUNTER: Simulated = Simulated::of_bits(1_000_000, 16);
    static CLOCK: Clock = Clock::new(&COUNTER);
    static DEVICES: [EdgeDevice<8>; 2] = [const { EdgeDevice::new() }; 2];
    let config = Config {
        clock: Some(&CLOCK),
        ..Config::DEFAULT
    };
    sim::explore(&Explore::random(400, Limits::NONE), move || {
        let other = sim::spawn("other", 0, move || {
            drop(DEVICES[1].open(&[pin(1).line()], config).unwrap());
        });
        drop(DEVICES[0].open(&[pin(0).line()], config).unwrap());
        other.join();
    });
}

/// A counter that begins anew when it is started again, as those of some drivers do.
struct Restarted {
    begun: AtomicU64,
}

impl Counter for Restarted {
    fn start(&self) -> Result<Rate, Error> {
        self.begun.store(uptime_ticks(), Relaxed);
        Ok(Rate {
            hertz: TICKS_PER_SECOND,
            top: u32::MAX,
        })
    }

    fn count(&self) -> u32 {
        (uptime_ticks() - self.begun.load(Relaxed)) as u32
    }
}

/// The second thread started the counter again while the first measured it, and the first failed.
#[test]
fn threads_that_open_a_clock_that_begins_anew_all_succeed() {
    static COUNTER: Restarted = Restarted {
        begun: AtomicU64::new(0),
    };
    static CLOCK: Clock = Clock::new(&COUNTER);
    static DEVICES: [EdgeDevice<8>; 2] = [const { EdgeDevice::new() }; 2];
    let config = Config {
        clock: Some(&CLOCK),
        ..Config::DEFAULT
    };
    sim::run(move || {
        sleep_ticks(1_000_000);
        let other = sim::spawn("other", 0, move || {
            sleep_ticks(700);
            drop(DEVICES[1].open(&[pin(1).line()], config).unwrap());
        });
        let (capture, _reader) = DEVICES[0].open(&[pin(0).line()], config).unwrap();
        other.join();
        assert!(capture.now_ns().abs_diff(ns_of_ticks(uptime_ticks())) <= 1_000);
    });
}

/// The cycle counter had wrapped before the thread could look again, and a clock that was right was refused.
#[test]
fn a_clock_is_measured_again_when_that_took_too_long() {
    static COUNTER: Simulated = Simulated::of_bits(24_576_000, 32);
    static CLOCK: Clock = Clock::new(&COUNTER);
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    let run = sim::try_run_with(Busy::threads(0), sim::Options::default(), || {
        let opener = sim::spawn("opener", 5, || {
            let config = Config {
                clock: Some(&CLOCK),
                ..Config::DEFAULT
            };
            drop(DEVICE.open(&[pin(0).line()], config).unwrap());
        });
        sleep_ticks(500);
        let late = uptime_ticks() + (1 << 32);
        sim::interrupt_at(Source::Port(1), late, || {});
        while uptime_ticks() < late {}
        opener.join();
    });
    run.unwrap();
}

#[test]
fn a_clock_that_just_wraps_in_four_ticks_can_be_used() {
    sim::run(|| {
        let (_capture, _reader) = open!(64_000_000, 8, Config::DEFAULT);
    });
}

#[test]
fn a_clock_twice_as_fast_as_it_says_is_refused() {
    static COUNTER: Simulated = Simulated::of_bits(16_000_000, 32);
    static CLOCK: Clock = Clock::new(&COUNTER);
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    COUNTER.percent.store(200, Relaxed);
    sim::run(|| {
        let config = Config {
            clock: Some(&CLOCK),
            ..Config::DEFAULT
        };
        let refused = DEVICE.open(&[pin(0).line()], config).err();
        assert!(
            matches!(
                refused,
                Some(OpenError::Clock(ClockError::Irregular { .. }))
            ),
            "{refused:?}"
        );
    });
}

/// The age of a record is known up to 2^46 counts only; a longer idle time began anew at each look.
#[test]
fn an_idle_time_beyond_the_age_of_records_passes() {
    const HOURS: u64 = 5;
    static COUNTER: Simulated = Simulated::of_bits(4_000_000_000, 32);
    static CLOCK: Clock = Clock::new(&COUNTER);
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    let options = sim::Options {
        ticks_max: 1 << 50,
        ..sim::Options::default()
    };
    let run = sim::try_run(options, || {
        pin(0);
        let ticks = HOURS * 3_600 * u64::from(TICKS_PER_SECOND);
        let config = Config {
            clock: Some(&CLOCK),
            idle_after: Some(Duration::from_ticks(ticks)),
            ..Config::DEFAULT
        };
        let (_capture, reader) = DEVICE.open(&[pin(0).line()], config).unwrap();
        assert!(sim::call_in_isr(|| pin_set(true)));
        let begun = uptime_ticks();
        assert_eq!(reader.wait_ready(Forever), Ok(Wake::Idle));
        let waited = uptime_ticks() - begun;
        assert!((ticks..=2 * ticks + 10).contains(&waited), "{waited} ticks");
    });
    run.unwrap();
}
