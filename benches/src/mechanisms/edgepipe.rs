//! edgepipe, read as bytes, and as edges with times in nanoseconds, which costs more.

use core::{cell::UnsafeCell, slice};

use edgepipe::{
    Capture, Config, Edge, EdgeDevice, Level, Line, PollSet, Poller, RawFd, Reader, Readiness,
    Token,
};
use embedded_io::Read;
use zephyr::{raw::device, time::Forever};

use crate::mechanism::{CAPACITY, Mechanism, Record, Setup};

#[no_mangle]
static mechanism_edgepipe: Mechanism = MECHANISM;

/// Waits until the capture is ready, then takes all records.
pub const MECHANISM: Mechanism = Mechanism {
    name: c"edgepipe".as_ptr(),
    counts: true,
    has_thread: false,
    open: edgepipe_open,
    close: edgepipe_close,
    wait: wait_and_take,
    take: edgepipe_take,
};

#[no_mangle]
static mechanism_edgepipe_edges: Mechanism = Mechanism {
    name: c"edgepipe:read_edges".as_ptr(),
    wait: wait_edges,
    ..MECHANISM
};

/// Its pipe has room for as many records as the other mechanisms.
static DEVICE: EdgeDevice<1024, 2, 0, CAPACITY> = EdgeDevice::new();
static SET: PollSet<1> = PollSet::new();

struct Open {
    reader: Reader,
    _capture: Capture,
    poller: Poller<1>,
}

struct Shared<T>(UnsafeCell<T>);

// SAFETY: opened and closed while no other thread uses it, and read by one thread at a time.
unsafe impl<T> Sync for Shared<T> {}

static SHARED: Shared<Option<Open>> = Shared(UnsafeCell::new(None));

/// It is separate, because an open capture is first on the main thread's stack.
static EDGES: Shared<[Edge; CAPACITY]> = Shared(UnsafeCell::new([NO_EDGE; CAPACITY]));

const NO_EDGE: Edge = Edge {
    timestamp_ns: 0,
    gap: None,
    line: 0,
    level: Level::Low,
    sequence: 0,
};

fn open() -> &'static mut Open {
    // SAFETY: see `Shared`. One thread at a time reads.
    unsafe { (*SHARED.0.get()).as_mut() }.expect("it is open")
}

extern "C" {
    static bench_port: &'static device;
}

#[no_mangle]
extern "C" fn edgepipe_open(setup: &Setup) {
    open_as(setup, Config::DEFAULT);
}

/// Opens the device with `setup`, and with `rest` for everything else.
pub fn open_as(setup: &Setup, rest: Config) {
    // SAFETY: a constant of `port.c`.
    let line = |pin| Line::new(unsafe { bench_port }, pin as u8, 0);
    let lines = core::array::from_fn::<_, 32, _>(line);
    let config = Config {
        capacity: Some(setup.capacity),
        // "Full" means that no more fits, as with the other mechanisms.
        headroom: Some(0),
        ready: match setup.threshold {
            0 => Readiness::Full,
            threshold => Readiness::Records(threshold),
        },
        ..rest
    };
    let (capture, reader) = DEVICE
        .open(&lines[..setup.lines as usize], config)
        .expect("the setup is right");
    let poller = SET.open().expect("nobody else has it");
    poller.register(&reader, Token(0)).expect("there is room");
    let open = Open {
        reader,
        _capture: capture,
        poller,
    };
    // SAFETY: see `Shared`.
    unsafe { *SHARED.0.get() = Some(open) };
}

#[no_mangle]
extern "C" fn edgepipe_close() {
    // SAFETY: see `Shared`.
    unsafe { *SHARED.0.get() = None };
}

#[no_mangle]
extern "C" fn edgepipe_fd() -> RawFd {
    open().reader.open_fd().expect("there is one descriptor")
}

#[no_mangle]
extern "C" fn edgepipe_wait_ready() {
    let _ = open().reader.wait_ready(Forever);
}

#[no_mangle]
extern "C" fn edgepipe_poller_wait() {
    let _ = open().poller.wait(Forever);
}

fn bytes(records: *mut Record, most: usize) -> &'static mut [u8] {
    // SAFETY: the caller has room for `most` records, for the time of the call.
    unsafe { slice::from_raw_parts_mut(records.cast(), most * size_of::<Record>()) }
}

#[no_mangle]
extern "C" fn edgepipe_read(records: *mut Record, most: usize) -> usize {
    let length = open().reader.read(bytes(records, most));
    length.unwrap_or(0) / size_of::<Record>()
}

#[no_mangle]
extern "C" fn edgepipe_take(records: *mut Record, most: usize) -> usize {
    take(&open().reader, records, most)
}

extern "C" fn wait_and_take(records: *mut Record, most: usize) -> usize {
    let reader = &open().reader;
    let _ = reader.wait_ready(Forever);
    take(reader, records, most)
}

fn take(reader: &Reader, records: *mut Record, most: usize) -> usize {
    let length = reader.try_read(bytes(records, most));
    length.unwrap_or(0) / size_of::<Record>()
}

extern "C" fn wait_edges(_: *mut Record, most: usize) -> usize {
    edgepipe_wait_ready();
    // SAFETY: see `Shared`.
    let edges = unsafe { &mut *EDGES.0.get() };
    open()
        .reader
        .try_read_edges(&mut edges[..most])
        .unwrap_or(0)
}
