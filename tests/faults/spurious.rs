//! Spurious interrupts: of lines that are not captured, and of a line whose level stays.

use core::mem::zeroed;
use std::{cell::Cell, thread::LocalKey};

use edgepipe::{
    Config, Edge, EdgeDevice, Level, Line, Missed, Readiness, StrobeDevice, Trigger, Wake,
    sys::timer::{Expiry, Timer},
};
use zephyr::raw::{device, gpio_add_callback, gpio_callback, gpio_init_callback};
use zephyr::sim::{self, Limits};
use zephyr::time::NoWait;

use crate::explore::{Bench, walk};
use crate::support::{check_recovered, drain, interrupt, low_pin, sleep_ticks};

/// All pins but pin 0.
const OTHERS: u32 = !1;

/// Fires the callbacks of these pins of port 0, in an interrupt.
fn spurious(pins: u32) {
    sim::call_in_isr(|| sim::gpio_spurious(0, pins));
}

thread_local!(static FIRED: Cell<u32> = const { Cell::new(0) });

/// Registers a callback that counts the interrupts of port 0.
fn count_interrupts() -> &'static LocalKey<Cell<u32>> {
    unsafe extern "C" fn count(_: *const device, _: *mut gpio_callback, _: u32) {
        FIRED.set(FIRED.get() + 1);
    }
    // SAFETY: all-zero bytes are a valid `gpio_callback`.
    let callback: &mut gpio_callback = Box::leak(Box::new(unsafe { zeroed() }));
    // SAFETY: the callback stays where it is, and the ports are static.
    unsafe {
        gpio_init_callback(callback, Some(count), u32::MAX);
        assert_eq!(gpio_add_callback(sim::gpio(0), callback), 0);
    }
    &FIRED
}

#[test]
fn the_pins_of_a_closed_capture_interrupt_no_more() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pins = [low_pin(0), low_pin(5)];
        let fired = count_interrupts();
        let lines = pins.map(|pin| pin.line());
        let (capture, reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        // The emulator fires while a pin is configured, too.
        fired.set(0);
        pins.iter().for_each(|pin| interrupt(*pin, true));
        assert_eq!((fired.get(), reader.ledger().captured), (2, 2));
        capture.close();
        pins.iter().for_each(|pin| assert!(pin.set(false)));
        assert_eq!(fired.get(), 2);
    });
}

/// Edges that do not count need no interrupt.
#[test]
fn the_pins_of_a_paused_capture_interrupt_no_more() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    sim::run(|| {
        let pins = [low_pin(0), low_pin(5)];
        let fired = count_interrupts();
        let lines = [pins[0].line(), pins[1].line().with_debounce_us(5)];
        let (mut capture, _reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        for (paused, expected) in [(false, 2), (true, 0), (false, 2)] {
            match paused {
                true => capture.pause(),
                false => assert_eq!(capture.resume(), Ok(())),
            }
            // The emulator fires while a pin is configured, too.
            fired.set(0);
            pins.iter().for_each(|pin| interrupt(*pin, true));
            assert_eq!(fired.get(), expected);
            sleep_ticks(20);
            pins.iter().for_each(|pin| interrupt(*pin, false));
            sleep_ticks(20);
        }
    });
}

/// A line that gets another trigger during a pause, or is released, interrupts only from the end of the pause on, at the
/// edges of its trigger.
#[test]
fn a_line_that_changes_during_a_pause_interrupts_only_after_it() {
    static DEVICE: EdgeDevice<16, 1, 1> = EdgeDevice::new();
    sim::run(|| {
        let pins = [low_pin(0), low_pin(5)];
        let fired = count_interrupts();
        let lines = [pins[0].line(), pins[1].line().with_debounce_us(5)];
        let (mut capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        let pulses = |fired: &'static LocalKey<Cell<u32>>| {
            // The emulator fires while a pin is configured, too.
            fired.set(0);
            for high in [true, false] {
                pins.iter().for_each(|pin| interrupt(*pin, high));
                sleep_ticks(20);
            }
            fired.get()
        };
        capture.pause();
        let rising = lines.map(|line| line.with_trigger(Trigger::Rising));
        for line in &rising {
            assert_eq!(capture.set_trigger(line, Trigger::Rising), Ok(()));
        }
        assert_eq!(pulses(fired), 0);
        for line in &rising {
            assert_eq!(capture.drive(line, Level::Low), Ok(()));
            assert_eq!(capture.release(line), Ok(()));
        }
        assert_eq!(pulses(fired), 0);
        assert_eq!(reader.ledger().captured, 0);

        assert_eq!(capture.resume(), Ok(()));
        // A debounced line interrupts at both edges, the other one at the rising edge only.
        assert_eq!(pulses(fired), 3);
        let mut edges = [Edge::default(); 4];
        assert_eq!(reader.read_edges(&mut edges), Ok(2));
        assert!(edges[..2].iter().all(|edge| edge.level == Level::High));
    });
}

#[test]
fn the_strobe_of_a_paused_capture_interrupts_no_more() {
    static DEVICE: StrobeDevice<u8, 8> = StrobeDevice::new();
    sim::run(|| {
        let (strobe, data) = (low_pin(0), low_pin(1));
        let fired = count_interrupts();
        let opened = DEVICE.open(strobe.line(), &[data.line()], Config::DEFAULT);
        let (mut capture, _reader) = opened.unwrap();
        capture.pause();
        for expected in [0, 1] {
            fired.set(0);
            interrupt(strobe, expected == 0);
            assert_eq!(fired.get(), expected);
            assert_eq!(capture.resume(), Ok(()));
        }
    });
}

/// The handler of pin 5 sees that the level is not the expected one.
#[test]
fn a_level_that_comes_twice_is_a_missed_edge_whatever_the_pin() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(5);
        let (_capture, mut reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        interrupt(pin, true);
        spurious(1 << 5);
        let mut edges = [Edge::default(); 4];
        assert_eq!(reader.read_edges(&mut edges), Ok(2));
        assert_eq!((edges[0].level, edges[1].level), (Level::High, Level::High));
        assert_eq!(reader.ledger().missed.falling, 1);
    });
}

#[test]
fn interrupts_of_lines_that_are_not_ours_are_no_edges() {
    static DEVICE: EdgeDevice<8, 2, 1> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        // Pin 0 of the other port is captured too, and must not be confused with this port's.
        let lines = [
            pin.line(),
            Line::new(sim::gpio(1), 3, 0).with_debounce_us(5),
        ];
        let (_capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        spurious(OTHERS);
        sim::call_in_isr(|| sim::gpio_spurious(1, 0b0111));
        sleep_ticks(20);
        assert_eq!(reader.ledger(), Default::default());
        check_recovered(&mut reader, pin);
    });
}

#[test]
fn interrupts_of_lines_that_are_no_strobe_latch_nothing() {
    static DEVICE: StrobeDevice<u8, 8> = StrobeDevice::new();
    sim::run(|| {
        let strobe = low_pin(0);
        let data = [low_pin(1).line(), low_pin(2).line()];
        let (_capture, mut reader) = DEVICE.open(strobe.line(), &data, Config::DEFAULT).unwrap();
        spurious(OTHERS);
        assert_eq!(reader.ledger(), Default::default());
        check_recovered(&mut reader, strobe);
    });
}

/// Raises the interrupt of pin 0, whose level stays.
struct Spurious;

impl Expiry for Spurious {
    type Target = ();

    fn expired(_: &'static ()) {
        sim::gpio_spurious(0, 1);
    }
}

#[test]
fn interrupts_while_a_capture_opens_are_no_edges() {
    static TIMER: Timer = Timer::new();
    let bench = Bench::on(0);
    walk(Limits::NONE, Limits::NONE, move || {
        TIMER.init::<Spurious>(&());
        TIMER.start_at(5);
        let (capture, reader, _) = bench.open(4, 4);
        let ledger = reader.ledger();
        // When the capture is armed, a spurious interrupt is an edge that repeats a level.
        let missed = ledger.missed.rising;
        assert_eq!((ledger.captured, ledger.balances()), (missed, true));
        capture.close();
    });
}

#[test]
fn interrupts_after_the_end_are_no_edges() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let (capture, mut reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        interrupt(pin, true);
        capture.close();
        spurious(u32::MAX);
        assert_eq!(reader.ledger().captured, 1);
        assert_eq!(drain(&mut reader), 8);
        drop(reader);
        spurious(u32::MAX);
        let (_capture, mut reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        assert_eq!(reader.ledger(), Default::default());
        check_recovered(&mut reader, pin);
    });
}

#[test]
fn a_line_that_is_stuck_fills_the_buffer_and_each_repetition_tells_of_a_missed_edge() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let (_capture, mut reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        interrupt(pin, true);
        for _ in 0..1_000 {
            spurious(1);
        }
        let ledger = reader.ledger();
        assert_eq!((ledger.captured, ledger.pending), (1_001, 8));
        let repeated = Missed {
            rising: 0,
            falling: 1_000,
        };
        assert_eq!(ledger.missed, repeated, "and nothing is invented");
        assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Overflow));
        check_recovered(&mut reader, pin);
    });
}

#[test]
fn a_line_of_one_trigger_misses_nothing_when_its_level_repeats() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let (pin, other) = (low_pin(0), low_pin(1));
        let lines = [pin.line().with_trigger(Trigger::Rising), other.line()];
        let (_capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        for _ in 0..5 {
            spurious(1);
        }
        let ledger = reader.ledger();
        assert_eq!((ledger.captured, ledger.missed), (5, Missed::default()));
        check_recovered(&mut reader, other);
    });
}

#[test]
fn a_strobe_that_is_stuck_latches_a_byte_each_time() {
    static DEVICE: StrobeDevice<u8, 8> = StrobeDevice::new();
    sim::run(|| {
        let (strobe, data) = (low_pin(0), low_pin(1));
        let config = Config {
            ready: Readiness::Records(3),
            ..Config::DEFAULT
        };
        let (_capture, mut reader) = DEVICE.open(strobe.line(), &[data.line()], config).unwrap();
        data.set(true);
        for _ in 0..3 {
            spurious(1);
        }
        assert_eq!(reader.wait_ready(NoWait), Ok(Wake::Threshold));
        let mut bytes = [0; 4];
        assert_eq!(reader.try_read(&mut bytes), Ok(3));
        assert_eq!(bytes, [1, 1, 1, 0]);
        check_recovered(&mut reader, strobe);
    });
}

#[test]
fn a_debounced_line_that_is_stuck_only_bounces() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    sim::run(|| {
        let (pin, other) = (low_pin(0), low_pin(1));
        let lines = [pin.line().with_debounce_us(5), other.line()];
        let (_capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        for _ in 0..100 {
            spurious(1);
            sleep_ticks(20);
        }
        let ledger = reader.ledger();
        assert_eq!((ledger.captured, ledger.bounces), (0, 100));
        check_recovered(&mut reader, other);
    });
}
