//! The channel as a source of records for file descriptors.

use core::ffi::c_int;

use super::{Channel, Raise};
use crate::{
    Error, RECORD_BYTES,
    sys::fd::{self, News, Source},
};

impl Channel {
    /// Opens a file descriptor, which is one more handle.
    ///
    /// # Errors
    ///
    /// `ENFILE` when no more are free.
    pub(crate) fn open_fd(&'static self) -> Result<c_int, Error> {
        // Before it exists: another thread could close it at once.
        self.lock().handles += 1;
        fd::open(self).inspect_err(|_| self.release())
    }

    /// Wakes those who wait on file descriptors.
    #[inline]
    pub(super) fn raise_fds(&self, Raise { ready, data }: Raise) {
        if ready || data {
            fd::raise(
                self,
                News {
                    ready,
                    data,
                    closed: false,
                },
            );
        }
    }

    /// Tells pollers that the channel is closed.
    pub(super) fn hang_up_fds(&self) {
        fd::raise(
            self,
            News {
                ready: true,
                data: true,
                closed: true,
            },
        );
    }
}

impl Source for Channel {
    fn is_ready(&self) -> bool {
        self.ready().is_some()
    }

    fn is_closed(&self) -> bool {
        self.lock().closed
    }

    fn pending(&self) -> u32 {
        self.lock().pending
    }

    fn is_readable(&self, records: u32) -> bool {
        self.lock().has_or_ready(records)
    }

    fn read(&self, records: &mut [[u8; RECORD_BYTES]]) -> Result<usize, Error> {
        self.take(records).map(|(count, _)| count)
    }

    fn release(&self) {
        Channel::release(self);
    }
}
