//! `zvfs` file descriptors: the bridge to `zephyr/fd.c`, which has their table and knows zvfs.

use core::ffi::{c_int, c_void};

use crate::Error;

// States of a source of records, or changes to them. `zephyr/fd.c` has the same numbers.
/// It is ready: polls report input.
pub(crate) const READY: u32 = 1 << 0;
/// It is closed: polls report a hang-up.
pub(crate) const CLOSED: u32 = 1 << 1;
/// A blocking read may go on.
pub(crate) const DATA: u32 = 1 << 2;

/// The source of a file descriptor's records. No method blocks.
pub(crate) trait Source: Sync + 'static {
    /// [`READY`] and [`CLOSED`], each if it holds.
    fn status(&self) -> u32;

    /// Bytes in a record, 1 or more.
    fn record_bytes(&self) -> usize;

    /// How many bytes are pending.
    fn pending(&self) -> usize;

    /// Whether a blocking read of `records` may go on; if not, [`DATA`] is raised when it may. ISR
    /// or thread, with a spinlock held: no call from here may lead to [`raise`].
    fn is_readable(&self, records: usize) -> bool;

    /// Reads pending records, and returns how many bytes; 0 at end of file, [`Error::WOULD_BLOCK`] if none is pending.
    fn read(&'static self, bytes: &mut [u8]) -> Result<usize, Error>;

    /// Gives up the handle that a file descriptor had.
    fn release(&'static self);
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

/// Opens a file descriptor on `source`; closing it calls [`Source::release`]. Fails with `ENFILE` when none is free,
/// and releases nothing then. Thread only.
pub(crate) fn open<S: Source>(source: &'static S) -> Result<c_int, Error> {
    // SAFETY: both are static, and the functions of `Ops::of::<S>` are for a source of this type.
    let code = unsafe { edgepipe_fd_open(core::ptr::from_ref(source).cast(), Ops::of::<S>()) };
    Error::check(code).map(|_| code)
}

/// Wakes the users of the file descriptors of `source`, if there are any, for the states in `news`. ISR or thread,
/// never with a lock held: in a thread it may switch to those that wake.
pub(crate) fn raise<S: Source>(source: &S, news: u32) {
    // SAFETY: the address is only compared with those that `open` was given.
    unsafe { edgepipe_fd_raise(core::ptr::from_ref(source).cast(), news) }
}

/// # Safety
///
/// `source` is one that `open::<S>` was given.
unsafe fn source<S: Source>(source: *const c_void) -> &'static S {
    // SAFETY: by the duty above it was a `&'static S`.
    unsafe { &*source.cast::<S>() }
}

/// Functions of [`Ops`] that only call a method of the source.
macro_rules! pass_on {
    ($($name:ident($($argument:ident: $type:ty)?) $(-> $result:ty)? = $method:ident;)*) => {$(
        unsafe extern "C" fn $name<S: Source>(
            from: *const c_void $(, $argument: $type)?
        ) $(-> $result)? {
            // SAFETY: `zephyr/fd.c` calls the functions of `Ops::of::<S>` with the source that it was given with them.
            unsafe { source::<S>(from) }.$method($($argument)?)
        }
    )*};
}

pass_on! {
    status() -> u32 = status;
    record_bytes() -> usize = record_bytes;
    pending() -> usize = pending;
    readable(records: usize) -> bool = is_readable;
    release() = release;
}

unsafe extern "C" fn read<S: Source>(
    from: *const c_void,
    buffer: *mut c_void,
    size: usize,
) -> isize {
    // SAFETY: `zephyr/fd.c` passes on the buffer of a `read`, which the caller lends and which is writable for `size`
    // bytes; it has checked that there is one. Bytes need no alignment.
    let bytes = unsafe { core::slice::from_raw_parts_mut(buffer.cast::<u8>(), size) };
    // SAFETY: as in the functions above.
    match unsafe { source::<S>(from) }.read(bytes) {
        // A slice is never longer than `isize::MAX`.
        Ok(length) => length as isize,
        Err(_) => -1,
    }
}
