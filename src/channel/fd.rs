//! The channel as a source of records for file descriptors.

use core::ffi::c_int;

use super::{Channel, Wakeups, WeakReader};
use crate::Error;
use crate::sys::fd::{self, Source};
use crate::sys::out;

impl WeakReader {
    /// As [`Reader::open_fd`](crate::Reader::open_fd).
    pub fn open_fd(self) -> Result<c_int, Error> {
        // Counted before the descriptor exists, because another thread could close it at once.
        let mut state = self.lock()?;
        state.handles += 1;
        state.waiters.add_fd();
        drop(state);
        fd::open(self.channel()).inspect_err(|_| Source::release(self.channel()))
    }
}

impl Channel {
    /// Wakes the threads that wait on file descriptors.
    pub(super) fn raise_fds(&self, wakeups: Wakeups) {
        let news = |what, bit| if wakeups.includes(what) { bit } else { 0 };
        let ready = news(Wakeups::READY, fd::READY);
        fd::raise(self, ready | news(Wakeups::DATA, fd::DATA));
    }

    /// Tells pollers that the channel is closed, also those that knew that it is ready.
    pub(super) fn hang_up_fds(&self) {
        fd::raise(self, fd::CLOSED);
    }
}

impl Source for Channel {
    fn status(&self) -> u32 {
        let mut state = self.lock();
        state.check_pipe();
        let ready = state.ready().map_or(0, |_| fd::READY);
        let closed = if state.is_closed() { fd::CLOSED } else { 0 };
        ready | closed
    }

    fn record_bytes(&self) -> usize {
        self.lock().records.size()
    }

    fn pending(&self) -> usize {
        let mut state = self.lock();
        state.check_pipe();
        state.unread()
    }

    fn is_readable(&self, records: usize) -> bool {
        let mut state = self.lock();
        state.check_pipe();
        let size = state.records.size();
        // What polls report as input can be read without blocking.
        let is_ready = state.ready().is_some();
        let enough = if is_ready { size } else { state.threshold };
        state.request(records.saturating_mul(size).min(enough))
    }

    fn read(&'static self, bytes: &mut [u8]) -> Result<usize, Error> {
        self.take(None, out::of(bytes))
    }

    fn release(&'static self) {
        let mut state = self.lock();
        state.waiters.remove_fd();
        self.drop_handle(state);
    }
}
