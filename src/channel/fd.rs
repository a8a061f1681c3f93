//! The channel as a source of records for file descriptors.

use core::ffi::c_int;

use super::{Channel, Raise, wait::Queue};
use crate::{
    Error,
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
        self.count_fd();
        fd::open(self).inspect_err(|_| self.release_fd())
    }

    fn count_fd(&self) {
        let mut state = self.lock();
        state.handles += 1;
        state.fds += 1;
        state.settle();
    }

    fn release_fd(&self) {
        let mut state = self.lock();
        state.handles -= 1;
        state.fds -= 1;
        state.settle();
    }

    /// Wakes those who wait on file descriptors.
    pub(super) fn raise_fds(&self, raise: Raise) {
        fd::raise(
            self,
            News {
                ready: raise.includes(Queue::Ready),
                data: raise.includes(Queue::Data),
                closed: false,
            },
        );
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
        self.lock().is_closed()
    }

    fn record_bytes(&self) -> usize {
        self.lock().records.size()
    }

    fn pending(&self) -> usize {
        self.lock().records.pending()
    }

    fn is_readable(&self, records: usize) -> bool {
        let mut state = self.lock();
        let length = records.saturating_mul(state.records.size());
        state.request_or_ready(length)
    }

    fn read(&'static self, bytes: &mut [u8]) -> Result<usize, Error> {
        self.take(bytes)
    }

    fn release(&self) {
        self.release_fd();
    }
}
