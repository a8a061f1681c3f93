//! The library's part of file descriptors. This stands in for `zephyr/fd.c`, and makes the same
//! calls to a channel.

use core::ffi::{c_int, c_void};
use std::cell::RefCell;

use edgepipe::Reader;

/// `struct edgepipe_fd_ops` of `zephyr/fd.c`.
#[derive(Clone, Copy)]
#[repr(C)]
struct Ops {
    record_bytes: unsafe extern "C" fn(*const c_void) -> usize,
    status: unsafe extern "C" fn(*const c_void) -> u32,
    pending: unsafe extern "C" fn(*const c_void) -> usize,
    readable: unsafe extern "C" fn(*const c_void, usize) -> bool,
    read: unsafe extern "C" fn(*const c_void, *mut c_void, usize) -> isize,
    release: unsafe extern "C" fn(*const c_void),
}

pub(super) const READY: u32 = 1 << 0;
pub(super) const CLOSED: u32 = 1 << 1;
const DATA: u32 = 1 << 2;

/// The most descriptors: one less than there are devices.
pub(super) const OPEN_MAX: usize = 2;

pub(super) const ENFILE: u32 = 23;

/// An open descriptor.
#[derive(Clone, Copy)]
struct Slot {
    source: *const c_void,
    ops: Ops,
    /// A sleeping poll was woken.
    ready: bool,
    /// A sleeping read was woken.
    data: bool,
    wanted: Option<usize>,
}

thread_local! {
    /// The descriptors of the kernel that this OS thread runs.
    static SLOTS: RefCell<[Option<Slot>; OPEN_MAX]> = const { RefCell::new([None; OPEN_MAX]) };
}

/// # Safety
///
/// `ops` are for `source`, and both live until `release` is called.
#[unsafe(no_mangle)]
unsafe extern "C" fn edgepipe_fd_open(source: *const c_void, ops: *const Ops) -> c_int {
    let slot = Slot {
        source,
        // SAFETY: the caller's promise.
        ops: unsafe { *ops },
        ready: false,
        data: false,
        wanted: None,
    };
    SLOTS.with_borrow_mut(|slots| {
        let free = slots.iter().position(Option::is_none);
        free.map_or(-(ENFILE as c_int), |free| {
            slots[free] = Some(slot);
            free as c_int
        })
    })
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_fd_raise(source: *const c_void, what: u32) {
    SLOTS.with_borrow_mut(|slots| {
        for slot in slots
            .iter_mut()
            .flatten()
            .filter(|slot| slot.source == source)
        {
            slot.ready |= what & (READY | CLOSED) != 0;
            if what & DATA != 0
                && let Some(records) = slot.wanted
                && slot.readable(records)
            {
                slot.wanted = None;
                slot.data = true;
            }
        }
    });
}

impl Slot {
    fn readable(&self, records: usize) -> bool {
        // SAFETY: the operations are for this source, which lives while the descriptor is open.
        unsafe { (self.ops.readable)(self.source, records) }
    }
}

/// A descriptor of a program.
pub(super) struct Fd(usize);

impl Fd {
    /// Another descriptor, or an errno.
    pub(super) fn open<T>(reader: &Reader<T>) -> Result<Self, u32> {
        let fd = reader.open_fd().map_err(|error| error.errno())?;
        Ok(Self(fd.try_into().expect("descriptors count from 0")))
    }

    fn slot<T>(&self, f: impl FnOnce(&mut Slot) -> T) -> T {
        SLOTS.with_borrow_mut(|slots| f(slots[self.0].as_mut().expect("it is open")))
    }

    /// The channel's operations. They are called without the table borrowed, because they may raise
    /// flags in it.
    fn copy(&self) -> Slot {
        self.slot(|slot| *slot)
    }

    /// The result of a poll; it sleeps if there is none.
    pub(super) fn status(&self) -> u32 {
        self.slot(|slot| slot.ready = false);
        let Slot { source, ops, .. } = self.copy();
        // SAFETY: as in `Slot::readable`.
        unsafe { (ops.status)(source) }
    }

    pub(super) fn record_bytes(&self) -> usize {
        let Slot { source, ops, .. } = self.copy();
        // SAFETY: as in `Slot::readable`.
        unsafe { (ops.record_bytes)(source) }
    }

    /// Bytes that are pending.
    pub(super) fn pending(&self) -> usize {
        let Slot { source, ops, .. } = self.copy();
        // SAFETY: as in `Slot::readable`.
        unsafe { (ops.pending)(source) }
    }

    /// Whether a blocking read of `records` records goes on; if not, it sleeps.
    pub(super) fn want(&self, records: usize) -> bool {
        let readable = self.copy().readable(records);
        self.slot(|slot| {
            slot.data = false;
            slot.wanted = (!readable).then_some(records);
        });
        readable
    }

    /// Reads without waiting; returns the number of bytes, or `None` if nothing is pending.
    pub(super) fn read(&self, bytes: &mut [u8]) -> Option<usize> {
        let Slot { source, ops, .. } = self.copy();
        // SAFETY: as in `Slot::readable`; the slice can be written to.
        let length = unsafe { (ops.read)(source, bytes.as_mut_ptr().cast(), bytes.len()) };
        length.try_into().ok()
    }

    pub(super) fn close(self) {
        let Slot { source, ops, .. } = self.copy();
        SLOTS.with_borrow_mut(|slots| slots[self.0] = None);
        // SAFETY: as in `Slot::readable`; the descriptor is not used any more.
        unsafe { (ops.release)(source) }
    }

    /// Whether the sleeping poll was woken.
    pub(super) fn polled(&self) -> bool {
        self.slot(|slot| slot.ready)
    }

    /// Whether the sleeping read was woken.
    pub(super) fn woken(&self) -> bool {
        self.slot(|slot| slot.data)
    }
}

#[cfg(test)]
mod tests {
    use edgepipe::{Config, Delivery, EdgeDevice, RECORD_BYTES, Readiness};
    use edgepipe_app::EmulatedPin;
    use zephyr::sim;

    use super::*;

    /// A device that becomes ready at three records, and its line.
    macro_rules! open {
        () => {{
            static DEVICE: EdgeDevice<8> = EdgeDevice::new();
            // SAFETY: the simulated kernel's ports are emulated controllers.
            let pin = unsafe { EmulatedPin::new(sim::gpio(0), 0) };
            assert!(pin.prepare(false));
            let config = Config {
                ready: Readiness::Records(3),
                ..Config::DEFAULT
            };
            let (capture, reader) = DEVICE.open(&[pin.line()], config).unwrap();
            (pin, capture, reader)
        }};
    }

    /// The random operations hardly ever leave a capture unused for so long.
    #[test]
    fn a_descriptor_is_told_of_the_threshold_whenever_it_was_opened() {
        sim::run(|| {
            let (pin, _capture, reader) = open!();
            assert!(sim::call_in_isr(|| pin.set(true)));
            let fd = Fd::open(&reader).unwrap();
            assert_eq!(fd.status(), 0);
            for high in [false, true] {
                assert!(!fd.polled());
                assert!(sim::call_in_isr(|| pin.set(high)));
            }
            assert!(fd.polled());
            assert_eq!(fd.status(), READY);
            fd.close();
        });
    }

    /// A poll may wait only for the end.
    #[test]
    fn a_descriptor_that_is_ready_is_told_of_the_end() {
        sim::run(|| {
            let (pin, capture, reader) = open!();
            let fd = Fd::open(&reader).unwrap();
            for high in [true, false, true] {
                assert!(sim::call_in_isr(|| pin.set(high)));
            }
            assert_eq!(fd.status(), READY);
            capture.close();
            assert!(fd.polled());
            assert_eq!(fd.status(), READY | CLOSED);
            fd.close();
        });
    }

    #[test]
    fn a_blocked_read_is_told_of_the_end() {
        sim::run(|| {
            let (_pin, capture, reader) = open!();
            let fd = Fd::open(&reader).unwrap();
            assert!(!fd.want(1));
            capture.close();
            assert!(fd.woken());
            assert_eq!(fd.read(&mut [0; RECORD_BYTES]), Some(0));
            fd.close();
        });
    }

    /// The pipe holds two records; those that had no room follow.
    #[test]
    fn a_descriptor_reads_what_was_handed_over_and_what_had_no_room() {
        static DEVICE: EdgeDevice<8, 2, 0, 2> = EdgeDevice::new();
        sim::run(|| {
            // SAFETY: the simulated kernel's ports are emulated controllers.
            let pin = unsafe { EmulatedPin::new(sim::gpio(0), 0) };
            assert!(pin.prepare(false));
            let config = Config {
                ready: Readiness::Records(3),
                deliver: Delivery::Pipe,
                ..Config::DEFAULT
            };
            let (capture, reader) = DEVICE.open(&[pin.line()], config).unwrap();
            let fd = Fd::open(&reader).unwrap();
            drop(reader);
            let edges = |levels: &[bool]| {
                for high in levels {
                    assert!(sim::call_in_isr(|| pin.set(*high)));
                }
            };
            edges(&[true, false]);
            assert_eq!((fd.status(), fd.pending()), (0, 2 * RECORD_BYTES));
            assert!(!fd.want(4), "the threshold is not reached");
            edges(&[true]);
            assert!(fd.polled() && fd.woken());
            assert_eq!((fd.status(), fd.pending()), (READY, 3 * RECORD_BYTES));
            let mut bytes = [0; 8 * RECORD_BYTES];
            assert_eq!(fd.read(&mut bytes[..RECORD_BYTES + 3]), Some(RECORD_BYTES));
            assert_eq!(fd.status(), READY, "there is more in the pipe");
            edges(&[false]);
            assert_eq!(fd.read(&mut bytes), Some(3 * RECORD_BYTES));
            assert_eq!((fd.status(), fd.pending()), (0, 0));
            assert_eq!(fd.read(&mut bytes), None, "it would block");
            assert!(!fd.want(1));
            edges(&[true]);
            assert!(fd.woken(), "a blocked read is told of the first record");
            capture.close();
            assert!(fd.polled());
            assert_eq!(fd.status(), READY | CLOSED);
            assert_eq!(fd.read(&mut bytes), Some(RECORD_BYTES));
            assert_eq!(fd.read(&mut bytes), Some(0));
            fd.close();
        });
    }
}
