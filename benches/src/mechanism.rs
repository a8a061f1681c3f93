//! `mechanism.h` for mechanisms in Rust.

use core::ffi::{CStr, c_char};

use zephyr::raw::{self, device, gpio_callback, gpio_port_pins_t};

/// `struct record`.
#[derive(Clone, Copy, Default)]
#[repr(C, align(4))]
pub struct Record {
    pub cycles: u32,
    pub reserved: u16,
    pub line_and_level: u8,
    pub sequence: u8,
}

impl Record {
    pub fn to_bytes(self) -> [u8; 8] {
        let [a, b, c, d] = self.cycles.to_le_bytes();
        [a, b, c, d, 0, 0, self.line_and_level, self.sequence]
    }

    pub fn of_bytes([a, b, c, d, _, _, line_and_level, sequence]: [u8; 8]) -> Self {
        Self {
            cycles: u32::from_le_bytes([a, b, c, d]),
            reserved: 0,
            line_and_level,
            sequence,
        }
    }
}

/// `struct setup`.
#[repr(C)]
pub struct Setup {
    pub lines: u32,
    pub capacity: u32,
    pub threshold: u32,
}

/// `struct mechanism`.
#[repr(C)]
pub struct Mechanism {
    pub name: *const c_char,
    pub counts: bool,
    pub has_thread: bool,
    pub open: extern "C" fn(&Setup),
    pub close: unsafe extern "C" fn(),
    pub wait: extern "C" fn(*mut Record, usize) -> usize,
    pub take: extern "C" fn(*mut Record, usize) -> usize,
}

// SAFETY: constants.
unsafe impl Sync for Mechanism {}

/// `CAPACITY`.
pub const CAPACITY: usize = 128;

type Handler = unsafe extern "C" fn(*const device, *mut gpio_callback, gpio_port_pins_t);

extern "C" {
    fn listen(handler: Handler, lines: u32);
    fn unlisten();
    fn batch_begin(threshold: u32);
    fn batch_wait(
        first: extern "C" fn(*mut Record) -> usize,
        take: extern "C" fn(*mut Record, usize) -> usize,
        records: *mut Record,
        most: usize,
    ) -> usize;
    static mut batch: Batch;
}

/// `struct batch`.
#[repr(C)]
struct Batch {
    threshold: u32,
    stored: u32,
    ready: raw::k_sem,
}

/// The functions that `MECHANISM_DEFINE` needs.
pub trait Queue {
    const NAME: &'static CStr;
    /// It has its own wait. Otherwise each record gives a semaphore, if a thread waits.
    const WAITS: bool;

    fn reset();
    /// Stores a record, in the interrupt handler.
    fn put(record: Record);
    /// Sleeps until there is a record, and takes it.
    fn first() -> Record;
    fn next() -> Option<Record>;
}

impl Mechanism {
    pub const fn of<Q: Queue>() -> Self {
        Self {
            name: Q::NAME.as_ptr(),
            counts: false,
            has_thread: false,
            open: open::<Q>,
            close: unlisten,
            wait: wait::<Q>,
            take: take::<Q>,
        }
    }
}

extern "C" fn open<Q: Queue>(setup: &Setup) {
    Q::reset();
    // SAFETY: no handler is registered now, and the handlers may be called in an interrupt.
    unsafe {
        batch_begin(setup.threshold);
        let handler = if setup.threshold > u32::from(Q::WAITS) {
            counting::<Q>
        } else {
            handler::<Q>
        };
        listen(handler, setup.lines);
    }
}

extern "C" fn wait<Q: Queue>(records: *mut Record, most: usize) -> usize {
    // SAFETY: the caller's records, and a semaphore that `open` has initialised.
    unsafe {
        if Q::WAITS {
            return batch_wait(first::<Q>, take::<Q>, records, most);
        }
        raw::k_sem_take(&raw mut batch.ready, zephyr::sys::K_FOREVER);
    }
    take::<Q>(records, most)
}

extern "C" fn first<Q: Queue>(record: *mut Record) -> usize {
    // SAFETY: the caller's record.
    unsafe { record.write(Q::first()) };
    1
}

extern "C" fn take<Q: Queue>(records: *mut Record, most: usize) -> usize {
    let mut count = 0;
    while count < most {
        let Some(record) = Q::next() else { break };
        // SAFETY: the caller has room for `most`.
        unsafe { records.add(count).write(record) };
        count += 1;
    }
    count
}

unsafe extern "C" fn handler<Q: Queue>(
    port: *const device,
    _: *mut gpio_callback,
    pins: gpio_port_pins_t,
) {
    each_record(port, pins, Q::put);
}

unsafe extern "C" fn counting<Q: Queue>(
    port: *const device,
    _: *mut gpio_callback,
    pins: gpio_port_pins_t,
) {
    each_record(port, pins, |record| {
        Q::put(record);
        // SAFETY: the interrupt does not nest, and `batch_begin` was called before.
        unsafe {
            batch.stored += 1;
            if batch.stored == batch.threshold {
                batch.stored = 0;
                raw::k_sem_give(&raw mut batch.ready);
            }
        }
    });
}

#[inline]
fn each_record(port: *const device, mut pins: u32, mut put: impl FnMut(Record)) {
    static mut SEQUENCE: u8 = 0;
    let mut levels = 0;
    // SAFETY: the port is the interrupting controller.
    let cycles = unsafe {
        raw::gpio_port_get_raw(port, &mut levels);
        raw::k_cycle_get_32()
    };
    while pins != 0 {
        let pin = pins.trailing_zeros();
        // SAFETY: the interrupt does not nest, and nothing else uses it.
        let sequence = unsafe {
            SEQUENCE = SEQUENCE.wrapping_add(1);
            SEQUENCE
        };
        put(Record {
            cycles,
            reserved: 0,
            line_and_level: (pin | (levels >> pin & 1) << 5) as u8,
            sequence,
        });
        pins &= pins - 1;
    }
}
