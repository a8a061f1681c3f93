//! The ways to wait and to read, as bodies of the reader thread or of the main one.

use core::ffi::c_int;

use edgepipe::{Edge, Level, RECORD_BYTES};
use embedded_io::Read;
use zephyr::{sys::sync::Semaphore, time::Forever};

use crate::{block_on::block_on, kind::opened, shared::Shared};

/// Records that are read at once.
pub const CHUNK: usize = 256;
const EDGES: usize = 64;

static BYTES: Shared<[u8; CHUNK * RECORD_BYTES]> = Shared::new([0; CHUNK * RECORD_BYTES]);
static EDGES_READ: Shared<[Edge; EDGES]> = Shared::new([NO_EDGE; EDGES]);

const NO_EDGE: Edge = Edge {
    timestamp_ns: 0,
    gap: None,
    line: 0,
    level: Level::Low,
    sequence: 0,
};

fn bytes(records: usize) -> &'static mut [u8] {
    &mut BYTES.get()[..records * RECORD_BYTES]
}

/// Reads without waiting; returns the number of records.
pub fn try_read(records: usize) -> usize {
    opened().reader().try_read(bytes(records)).unwrap_or(0) / RECORD_BYTES
}

pub extern "C" fn read() {
    let _ = opened().reader().read(bytes(CHUNK));
}

pub fn try_read_edges() {
    let _ = opened().reader().try_read_edges(EDGES_READ.get());
}

pub extern "C" fn wait_ready() {
    let _ = opened().reader().wait_ready(Forever);
}

pub extern "C" fn poll() {
    let _ = opened().poller().wait(Forever);
}

pub extern "C" fn wait_task() {
    let _ = block_on(opened().reader().wait_ready_async());
}

static SEMAPHORE: Semaphore = Semaphore::new(0, 1);

pub extern "C" fn take_semaphore() {
    let _ = SEMAPHORE.take(Forever);
}

pub fn give_semaphore() {
    SEMAPHORE.give();
}

extern "C" {
    fn descriptor_open(fd: c_int);
    fn descriptor_close();
    fn descriptor_poll();
    fn descriptor_read(records: *mut u8, most: usize) -> usize;
}

pub fn open_fd() {
    let fd = opened()
        .reader()
        .open_fd()
        .expect("there is one descriptor");
    // SAFETY: it is closed before the next one is opened.
    unsafe { descriptor_open(fd) };
}

pub fn close_fd() {
    // SAFETY: it is open.
    unsafe { descriptor_close() };
}

pub extern "C" fn fd_poll() {
    // SAFETY: it is open.
    unsafe { descriptor_poll() };
}

pub extern "C" fn fd_read() {
    // SAFETY: it is open, and there is room for `CHUNK` records.
    unsafe { descriptor_read(bytes(CHUNK).as_mut_ptr(), CHUNK) };
}
