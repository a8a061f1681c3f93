//! `k_pipe`.

use core::ffi::c_int;

use super::constants::EPIPE;
use super::object::Handle;
use super::time::k_timeout_t;
use crate::kernel::{FaultKind, call, err, pipe, raise};

/// A pipe; live from [`k_pipe_init`] on.
#[derive(Debug, Default)]
#[repr(C)]
pub struct k_pipe {
    handle: Handle,
    /// Calls that wait, including those that were woken but have not run since.
    pub waiting: usize,
}

pub(super) unsafe fn index(pipe: *const k_pipe) -> usize {
    // SAFETY: the caller passes a pointer to a pipe that is valid for the call.
    unsafe { &(*pipe).handle }.resolve("k_pipe", pipe::find)
}

/// Writes `count` to the field `waiting` of a live pipe; the field is at `place`.
pub(crate) fn show_waiting(place: usize, count: usize) {
    let waiting = core::ptr::with_exposed_provenance_mut::<usize>(place);
    // SAFETY: `k_pipe_init` was given the pipe, which stays where it is while it is live.
    unsafe { waiting.write_volatile(count) }
}

/// An index into a pipe's buffer, at most twice its size. It has 16 bits without
/// `CONFIG_RING_BUFFER_LARGE`.
#[expect(non_camel_case_types, reason = "the name is the C header's own")]
pub type ring_buf_idx_t = u16;

/// The most bytes that fit in a pipe: `RING_BUFFER_MAX_SIZE`.
const SIZE_MAX: usize = ring_buf_idx_t::MAX as usize / 2;

/// Initialises a pipe of `buffer_size` bytes, up to 32,767. The simulator keeps the bytes elsewhere.
pub unsafe extern "C-unwind" fn k_pipe_init(
    pipe: *mut k_pipe,
    _buffer: *mut u8,
    buffer_size: usize,
) {
    call("k_pipe_init", (), || {
        // SAFETY: the caller passes a pointer to a pipe that is valid for the call.
        let handle = unsafe { &(*pipe).handle };
        if buffer_size > SIZE_MAX {
            raise(
                FaultKind::Assertion,
                format_args!("a pipe of {buffer_size} bytes: Size too big, at most {SIZE_MAX} fit"),
            );
        }
        // SAFETY: as above; the pointer is used as long as the pipe is live.
        let waiting = unsafe { &raw mut (*pipe).waiting };
        handle.bind(pipe::init(
            handle.address(),
            buffer_size,
            waiting.expose_provenance(),
        ));
    });
}

/// Writes; returns the number of bytes written, `-EAGAIN`, `-ECANCELED` or `-EPIPE`. In an ISR only
/// without a wait.
pub unsafe extern "C-unwind" fn k_pipe_write(
    pipe: *mut k_pipe,
    data: *const u8,
    len: usize,
    timeout: k_timeout_t,
) -> c_int {
    call("k_pipe_write", err(EPIPE), || {
        let data = match len {
            // The pointer to no bytes may be null.
            0 => &[],
            // SAFETY: the caller passes a pointer to `len` readable bytes.
            _ => unsafe { core::slice::from_raw_parts(data, len) },
        };
        // SAFETY: as for this function.
        pipe::write(unsafe { index(pipe) }, data, timeout.into())
    })
}

/// Reads `len` bytes; returns the number of bytes read, `-EAGAIN`, `-ECANCELED` or `-EPIPE`. Thread
/// only.
pub unsafe extern "C-unwind" fn k_pipe_read(
    pipe: *mut k_pipe,
    data: *mut u8,
    len: usize,
    timeout: k_timeout_t,
) -> c_int {
    call("k_pipe_read", err(EPIPE), || {
        let mut used = 0;
        let mut sink = |bytes: &[u8]| {
            // The kernel never hands out more than was requested; the pointer relies on it.
            assert!(
                bytes.len() <= len - used,
                "a pipe gave more than was asked for"
            );
            // SAFETY: the caller passes a pointer to `len` writable bytes, of which `used` are
            // filled and, as just checked, `bytes.len()` more are free. The source is kernel memory.
            unsafe {
                data.add(used)
                    .copy_from_nonoverlapping(bytes.as_ptr(), bytes.len())
            };
            used += bytes.len();
        };
        // SAFETY: as for this function.
        pipe::read(unsafe { index(pipe) }, len, timeout.into(), &mut sink)
    })
}

/// Drops a pipe's bytes; calls that wait return `-ECANCELED`.
pub unsafe extern "C-unwind" fn k_pipe_reset(pipe: *mut k_pipe) {
    // SAFETY: as for this function.
    call("k_pipe_reset", (), || pipe::reset(unsafe { index(pipe) }));
}

/// Closes a pipe: writers get `-EPIPE`, and so do readers once it is empty.
pub unsafe extern "C-unwind" fn k_pipe_close(pipe: *mut k_pipe) {
    // SAFETY: as for this function.
    call("k_pipe_close", (), || pipe::close(unsafe { index(pipe) }));
}
