//! `k_pipe`, never blocking.

use core::{cell::UnsafeCell, ptr::NonNull};

use zephyr::{raw, sys::K_NO_WAIT, time::NoWait};

use super::{out::Out, poll::poll, storage::Storage};

/// The most bytes that a pipe's buffer can have: its `ring_buf` has 16-bit indices unless `CONFIG_RING_BUFFER_LARGE` is
/// set (`RING_BUFFER_MAX_SIZE`).
pub(crate) const BYTES_MAX: usize = if cfg!(edgepipe_large_ring_buffers) {
    u32::MAX as usize / 2
} else {
    u16::MAX as usize / 2
};

/// `K_POLL_TYPE_PIPE_DATA_AVAILABLE`: zephyr-lang-rust has only the types of signals, semaphores and queues. In
/// `kernel.h` each type is a bit, and this one is the second after that of queues.
const POLL_TYPE_PIPE: u32 = raw::ZR_POLL_TYPE_DATA_AVAILABLE << 2;

/// A pipe of whole records.
pub(crate) struct Pipe(UnsafeCell<raw::k_pipe>);

// SAFETY: every access goes through a `k_pipe_*` call, and these lock the pipe themselves.
unsafe impl Sync for Pipe {}

impl Pipe {
    pub(crate) const fn new() -> Self {
        // SAFETY: `k_pipe` is a C structure for which all-zero bytes are a valid value.
        Self(UnsafeCell::new(unsafe { core::mem::zeroed() }))
    }

    /// Empties and opens the pipe, with all of `storage` as its buffer: at most [`BYTES_MAX`] bytes.
    ///
    /// To be called before anything else, and again only when the pipe is closed and not [read](Self::is_read).
    pub(crate) fn init(&'static self, storage: Storage) {
        debug_assert!(storage.bytes() <= BYTES_MAX);
        // SAFETY: the pipe is static. So is the storage, because only `Buffer::storage` makes one.
        unsafe { raw::k_pipe_init(self.0.get(), storage.start(), storage.bytes()) }
    }

    /// Whether a thread waits in `k_pipe_read`, or was woken there and has not run since.
    pub(crate) fn is_read(&self) -> bool {
        // SAFETY: the pipe is initialised or all zero. The kernel counts in one word, and no call returns that count.
        unsafe { (&raw const (*self.0.get()).waiting).read_volatile() > 0 }
    }

    /// Writes `bytes` and returns how many fitted; they go straight to a thread that waits in `k_pipe_read`. ISR or
    /// thread, never blocks. It copies with the pipe's lock held. In a thread it switches to a reader that it woke,
    /// unless interrupts are masked.
    pub(crate) fn write(&self, bytes: &[u8]) -> usize {
        // SAFETY: `init` ran before the channel handed out the handles that lead here, and the
        // slice is readable for its whole length.
        let code =
            unsafe { raw::k_pipe_write(self.0.get(), bytes.as_ptr(), bytes.len(), K_NO_WAIT) };
        // A negative code means that not one byte fitted.
        usize::try_from(code).unwrap_or(0)
    }

    /// Reads up to `out.len()` bytes and returns how many there were. Thread only, never blocks.
    /// It copies with the pipe's lock held.
    pub(crate) fn read(&self, out: Out) -> usize {
        let start = out.as_ptr().cast_mut().cast();
        // SAFETY: as in `write`; the cells are writable for their whole length.
        let code = unsafe { raw::k_pipe_read(self.0.get(), start, out.len(), K_NO_WAIT) };
        // A negative code means that there was nothing.
        usize::try_from(code).unwrap_or(0)
    }

    /// Whether the pipe is empty. Never blocks. An ISR cannot check that, and gets `false`.
    pub(crate) fn is_seen_empty(&'static self) -> bool {
        // SAFETY: `k_is_in_isr` has no preconditions. The pipe is static, and initialised as in `write`.
        unsafe { !raw::k_is_in_isr() && !poll(POLL_TYPE_PIPE, self.0.get().cast(), NoWait.into()) }
    }

    /// Closes the pipe to writes. Threads that wait in `k_pipe_read` wake; they and others read what is left, and then
    /// get `-EPIPE`. ISR or thread, never blocks.
    pub(crate) fn close(&self) {
        // SAFETY: as in `write`.
        unsafe { raw::k_pipe_close(self.0.get()) }
    }

    pub(crate) fn as_ptr(&'static self) -> NonNull<raw::k_pipe> {
        NonNull::from(&self.0).cast()
    }
}

/// Lets threads run that were woken while interrupts were masked. In an ISR it does nothing, because the end of the ISR
/// does that. Never with a lock held.
pub(crate) fn reschedule() {
    // SAFETY: these have no preconditions; the unlock is paired with the lock.
    unsafe {
        if !raw::k_is_in_isr() {
            raw::k_sched_lock();
            raw::k_sched_unlock();
        }
    }
}
