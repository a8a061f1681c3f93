//! `zvfs` file descriptors: the bridge to `zephyr/fd.c`, which has their table and knows zvfs.

use core::ffi::{c_int, c_void};

use crate::Error;

/// What a source of records has to say, or to say news of. `zephyr/fd.c` has the same numbers.
const READY: u32 = 1 << 0;
const CLOSED: u32 = 1 << 1;
const DATA: u32 = 1 << 2;

/// Where the records of a file descriptor come from. None of this blocks.
pub(crate) trait Source: Sync + 'static {
    /// Whether polls report input.
    fn is_ready(&self) -> bool;

    /// Whether polls report a hang-up.
    fn is_closed(&self) -> bool;

    /// Bytes in a record, 1 or more.
    fn record_bytes(&self) -> usize;

    /// How many bytes are pending.
    fn pending(&self) -> usize;

    /// Whether a blocking read of `records` may go on; if not, [`News::data`] is raised when it may.
    ///
    /// # Context
    ///
    /// ISR or thread. A spinlock is held: no call from here may lead to [`raise`].
    fn is_readable(&self, records: usize) -> bool;

    /// Reads pending records, and says how many bytes; 0 at end of file.
    ///
    /// # Errors
    ///
    /// [`Error::WOULD_BLOCK`] when nothing is pending.
    fn read(&'static self, bytes: &mut [u8]) -> Result<usize, Error>;

    /// Takes back the hold that a file descriptor had.
    fn release(&self);
}

/// What has become true of a [`Source`].
#[derive(Clone, Copy)]
pub(crate) struct News {
    /// It is ready.
    pub(crate) ready: bool,
    /// Some blocking read may go on.
    pub(crate) data: bool,
    /// It is closed.
    pub(crate) closed: bool,
}

/// `struct edgepipe_fd_ops` of `zephyr/fd.c`.
#[repr(C)]
struct Ops {
    record_bytes: unsafe extern "C" fn(*const c_void) -> usize,
    status: unsafe extern "C" fn(*const c_void) -> u32,
    pending: unsafe extern "C" fn(*const c_void) -> usize,
    readable: unsafe extern "C" fn(*const c_void, usize) -> bool,
    read: unsafe extern "C" fn(*const c_void, *mut c_void, usize) -> isize,
    release: unsafe extern "C" fn(*const c_void),
}

impl Ops {
    const fn of<S: Source>() -> &'static Self {
        &Self {
            record_bytes: record_bytes::<S>,
            status: status::<S>,
            pending: pending::<S>,
            readable: readable::<S>,
            read: read::<S>,
            release: release::<S>,
        }
    }
}

unsafe extern "C" {
    fn edgepipe_fd_open(source: *const c_void, ops: *const Ops) -> c_int;
    fn edgepipe_fd_raise(source: *const c_void, what: u32);
}

/// Opens a file descriptor on `source`, which calls [`Source::release`] when it is closed.
///
/// # Context
///
/// Thread only.
///
/// # Errors
///
/// `ENFILE` when no more are free; nothing is released then.
pub(crate) fn open<S: Source>(source: &'static S) -> Result<c_int, Error> {
    // SAFETY: both are static, and the functions of `Ops::of::<S>` are for a source of this type.
    let code = unsafe { edgepipe_fd_open(core::ptr::from_ref(source).cast(), Ops::of::<S>()) };
    Error::check(code).map(|_| code)
}

/// Wakes those who use the file descriptors of `source`, if there are any.
///
/// # Context
///
/// ISR or thread. In a thread it may switch to those who wake: never with a lock held.
pub(crate) fn raise<S: Source>(source: &S, news: News) {
    let what = if news.ready { READY } else { 0 }
        | if news.data { DATA } else { 0 }
        | if news.closed { CLOSED } else { 0 };
    // SAFETY: the address is only compared with those that `open` was given.
    unsafe { edgepipe_fd_raise(core::ptr::from_ref(source).cast(), what) }
}

/// The source that `open::<S>` was given.
///
/// # Safety
///
/// `source` comes from there.
unsafe fn source<S: Source>(source: *const c_void) -> &'static S {
    // SAFETY: by the duty above it was a `&'static S`.
    unsafe { &*source.cast::<S>() }
}

unsafe extern "C" fn status<S: Source>(from: *const c_void) -> u32 {
    // SAFETY: `zephyr/fd.c` calls the functions of `Ops::of::<S>` with the source that came with it.
    let source = unsafe { source::<S>(from) };
    let ready = if source.is_ready() { READY } else { 0 };
    let closed = if source.is_closed() { CLOSED } else { 0 };
    ready | closed
}

unsafe extern "C" fn record_bytes<S: Source>(from: *const c_void) -> usize {
    // SAFETY: as in `status`.
    unsafe { source::<S>(from) }.record_bytes()
}

unsafe extern "C" fn pending<S: Source>(from: *const c_void) -> usize {
    // SAFETY: as in `status`.
    unsafe { source::<S>(from) }.pending()
}

unsafe extern "C" fn readable<S: Source>(from: *const c_void, records: usize) -> bool {
    // SAFETY: as in `status`.
    unsafe { source::<S>(from) }.is_readable(records)
}

unsafe extern "C" fn read<S: Source>(
    from: *const c_void,
    buffer: *mut c_void,
    size: usize,
) -> isize {
    // SAFETY: `zephyr/fd.c` passes on the buffer of a `read`, which is the caller's to lend and
    // writable for `size` bytes; it has checked that there is one. Bytes need no alignment.
    let bytes = unsafe { core::slice::from_raw_parts_mut(buffer.cast::<u8>(), size) };
    // SAFETY: as in `status`.
    match unsafe { source::<S>(from) }.read(bytes) {
        // A slice is never longer than `isize::MAX`.
        Ok(length) => length as isize,
        Err(_) => -1,
    }
}

unsafe extern "C" fn release<S: Source>(from: *const c_void) {
    // SAFETY: as in `status`.
    unsafe { source::<S>(from) }.release();
}
