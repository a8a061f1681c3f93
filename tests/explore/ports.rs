//! A stimulus in the ports' own interrupts, each with a priority.

use std::rc::Rc;

use edgepipe::{Capture, Config, EdgeDevice, Line, Reader, sys::clock};
use edgepipe_app::EmulatedPin;
use zephyr::sim::{self, Source};
use zephyr::sync::SpinMutex;

use super::{PIPE, ROOM, Watch, terms};

/// Pin 0 of a port.
#[derive(Clone, Copy)]
struct Port {
    index: usize,
    pin: EmulatedPin,
}

impl Port {
    fn on(index: usize) -> Port {
        // SAFETY: the simulated kernel's ports are emulated controllers.
        let pin = unsafe { EmulatedPin::new(sim::gpio(index), 0) };
        Port { index, pin }
    }

    /// Makes an edge at each of these ticks of the uptime, the first to high.
    fn edges_at(&self, ticks: impl Iterator<Item = u64>) {
        let (source, pin) = (Source::Port(self.index), self.pin);
        for (number, tick) in ticks.enumerate() {
            sim::interrupt_at(source, tick, move || {
                assert!(pin.set(number % 2 == 0));
            });
        }
    }

    /// Sets the priority of its interrupts.
    fn set_priority(&self, priority: u8) {
        sim::set_priority(Source::Port(self.index), priority);
    }
}

/// A device with a line of each of two ports, the first of which may be debounced; every run of a
/// scenario uses the same one.
#[derive(Clone, Copy)]
pub(crate) struct Ports {
    device: &'static EdgeDevice<ROOM, 2, 1, PIPE>,
    ports: [Port; 2],
    priorities: [u8; 2],
    debounce_us: u32,
}

impl Ports {
    /// Ports of these priorities.
    pub(crate) fn new(priorities: [u8; 2]) -> Ports {
        Ports {
            device: Box::leak(Box::new(EdgeDevice::new())),
            ports: [0, 1].map(Port::on),
            priorities,
            debounce_us: 0,
        }
    }

    /// The same with line 0 debounced.
    pub(crate) fn debounced(self, debounce_us: u32) -> Ports {
        Ports {
            debounce_us,
            ..self
        }
    }

    /// Makes an edge at each of these ticks from now, the first of each port to high.
    pub(crate) fn edges_at<const N: usize, const M: usize>(
        &self,
        first: [u64; N],
        second: [u64; M],
    ) {
        // No edge arrives before all are scheduled.
        let quiet = SpinMutex::new(());
        let _guard = quiet.lock();
        let now = clock::uptime_ticks();
        self.ports[0].edges_at(first.into_iter().map(|tick| now + tick));
        self.ports[1].edges_at(second.into_iter().map(|tick| now + tick));
    }

    /// Opens the device.
    pub(crate) fn open(&self, config: Config) -> (Capture, Reader, Rc<Watch>) {
        for (port, priority) in self.ports.iter().zip(self.priorities) {
            port.set_priority(priority);
            assert!(port.pin.prepare(false));
        }
        let [first, second] = self.ports.map(|port| port.pin.line());
        let lines: [Line; 2] = [first.with_debounce_us(self.debounce_us), second];
        let (capture, reader) = self
            .device
            .open(&lines, config)
            .expect("the run before has closed it");
        let watch = Watch::new(&reader, terms(&config));
        watch.expect_more_lines(1, self.debounce_us > 0);
        (capture, reader, Rc::new(watch))
    }
}
