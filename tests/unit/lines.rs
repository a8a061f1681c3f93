//! Lines of every kind on one port: their edges and levels.

use std::vec::Vec;

use zephyr::raw::{self, device};
use zephyr::sim;

use crate::{Config, Edge, EdgeDevice, Level, Line, Trigger};

unsafe extern "C" {
    fn gpio_emul_input_set_masked(port: *const device, pins: u32, levels: u32) -> core::ffi::c_int;
}

/// Sets the physical level of a pin, in an interrupt.
fn set(pin: u8, high: bool) {
    let (pins, levels) = (1 << pin, u32::from(high) << pin);
    // SAFETY: the simulated kernel's ports are emulated controllers.
    let set = || unsafe { gpio_emul_input_set_masked(sim::gpio(0), pins, levels) };
    assert_eq!(sim::call_in_isr(set), 0);
}

/// Makes a pin an input of this physical level.
fn prepare(pin: u8, high: bool) {
    // SAFETY: the port is static.
    let code = unsafe { raw::gpio_pin_configure(sim::gpio(0), pin, raw::ZR_GPIO_INPUT) };
    assert_eq!(code, 0);
    set(pin, high);
}

/// The expected state of one line.
struct Twin {
    pin: u8,
    active_low: bool,
    trigger: Trigger,
    physical: bool,
    /// The level after the last edge, or when the capture began.
    known: Level,
}

impl Twin {
    /// The kinds alternate, so that neighbours differ.
    fn new(index: u8) -> Self {
        let active_low = index % 2 == 1;
        let physical = index / 6 % 2 == 1;
        Self {
            pin: 31 - index,
            active_low,
            trigger: [Trigger::Both, Trigger::Rising, Trigger::Falling][usize::from(index % 3)],
            physical,
            known: Level::from(physical != active_low),
        }
    }

    fn line(&self) -> Line {
        let flags = if self.active_low {
            raw::GPIO_ACTIVE_LOW
        } else {
            0
        };
        Line::new(sim::gpio(0), self.pin, flags as u16).with_trigger(self.trigger)
    }

    /// Toggles the line; returns the level after the edge, if that is captured.
    fn toggle(&mut self) -> Option<Level> {
        self.physical = !self.physical;
        set(self.pin, self.physical);
        let level = Level::from(self.physical != self.active_low);
        let is_edge = match self.trigger {
            Trigger::Both => true,
            Trigger::Rising => level == Level::High,
            Trigger::Falling => level == Level::Low,
        };
        if is_edge {
            self.known = level;
        }
        is_edge.then_some(level)
    }
}

#[test]
fn each_of_32_lines_tells_its_edges_and_its_level() {
    static DEVICE: EdgeDevice<256> = EdgeDevice::new();
    sim::run(|| {
        let mut twins: Vec<_> = (0..32).map(Twin::new).collect();
        twins
            .iter()
            .for_each(|twin| prepare(twin.pin, twin.physical));
        let lines: Vec<_> = twins.iter().map(Twin::line).collect();
        let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        let check_levels = |twins: &[Twin]| {
            for (index, twin) in (0..).zip(twins) {
                assert_eq!(capture.level(index), twin.known, "line {index}");
            }
        };
        check_levels(&twins);
        let mut number = 0_u8;
        for round in 0..4 {
            let mut expected = Vec::new();
            for (line, twin) in (0..).zip(&mut twins) {
                if let Some(level) = twin.toggle() {
                    number += 1;
                    expected.push((line, level, number));
                }
            }
            let mut edges = [Edge::default(); 64];
            let count = reader.try_read_edges(&mut edges).unwrap();
            let read: Vec<_> = edges[..count]
                .iter()
                .map(|edge| (edge.line, edge.level, edge.sequence))
                .collect();
            assert_eq!(read, expected, "round {round}");
            check_levels(&twins);
        }
        assert_eq!(reader.ledger().missed, Default::default());
    });
}

#[test]
fn a_pin_that_is_not_captured_has_no_part_in_the_levels() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        for other in [false, true] {
            prepare(5, !other);
            prepare(9, other);
            let line = Line::new(sim::gpio(0), 5, 0);
            let (capture, _reader) = DEVICE.open(&[line], Config::DEFAULT).unwrap();
            assert_eq!(capture.level(0), Level::from(!other));
        }
    });
}

/// A port and a debounced line are captured in one use, but not in the next.
#[test]
fn the_next_use_knows_nothing_of_the_lines_before() {
    static DEVICE: EdgeDevice<8, 2, 1> = EdgeDevice::new();
    sim::run(|| {
        prepare(3, false);
        prepare(4, true);
        let line = |pin| Line::new(sim::gpio(0), pin, 0);
        let elsewhere = Line::new(sim::gpio(1), 4, raw::GPIO_ACTIVE_LOW as u16);
        for other in [elsewhere, line(4).with_debounce_us(10)] {
            let (capture, reader) = DEVICE.open(&[line(3), other], Config::DEFAULT).unwrap();
            assert_eq!(
                [0, 1].map(|line| capture.level(line)),
                [Level::Low, Level::High]
            );
            drop((capture, reader));
            let (capture, _reader) = DEVICE.open(&[line(4), line(3)], Config::DEFAULT).unwrap();
            assert_eq!(
                [0, 1].map(|line| capture.level(line)),
                [Level::High, Level::Low]
            );
        }
    });
}
