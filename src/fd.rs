//! Captures as file descriptors.

use core::ffi::c_int;

use crate::{Error, Reader};

/// A file descriptor of Zephyr's `zvfs`.
pub type RawFd = c_int;

impl<T> Reader<T> {
    /// Opens a file descriptor on the capture, for C code or for polls that span other descriptors.
    ///
    /// It keeps Linux's contract:
    ///
    /// - `poll` and `select` report input (`POLLIN`) exactly while [`ready`](Self::ready) holds;
    ///   once the capture is closed, also a hang-up (`POLLHUP`).
    /// - A blocking `read` waits until as many records are pending as it asks for, or as many as
    ///   the threshold if that is less, or until the capture is ready for another reason. Then it
    ///   returns whole records, all that are pending up to its size. With `O_NONBLOCK` it returns
    ///   what is pending, or fails with `EAGAIN`.
    /// - A `read` shorter than one record fails with `EINVAL`. After the capture is closed, reads
    ///   return what is left, and then 0.
    /// - `FIONREAD` gives the bytes of all pending records, gap records included.
    /// - `close` gives up the file descriptor only: the capture and the reader go on. It ends
    ///   reads and polls of other threads on this descriptor (`EBADF`, `POLLNVAL`) and waits until
    ///   the reads have returned. As everywhere, no thread may *begin* to use a descriptor that
    ///   another is closing, and a thread that is blocked in a `read` must not be aborted.
    ///
    /// Several descriptors can be open beside each other and this reader; a record goes to
    /// whoever reads it first. The device can be opened again once capture, reader and all
    /// descriptors are gone. Waits through a descriptor do not count as
    /// [`wakes`](crate::Ledger::wakes).
    ///
    /// Needs `CONFIG_EDGEPIPE_FD`, which turns the feature `fd` on.
    ///
    /// # Context
    ///
    /// Thread only.
    ///
    /// # Errors
    ///
    /// `ENFILE` when all of `CONFIG_EDGEPIPE_FD_MAX` or `CONFIG_ZVFS_OPEN_MAX` are in use.
    pub fn open_fd(&self) -> Result<RawFd, Error> {
        self.channel.open_fd()
    }
}
