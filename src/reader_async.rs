//! The task's side: wait and read without blocking a thread, on any executor.
//!
//! Tasks are woken from interrupts, so the executor's [`Waker`](core::task::Waker) must be callable
//! there, as zephyr-lang-rust's is. A capture keeps one task for those that wait until it is ready,
//! and one for those that wait for records; when more wait for the same thing, they take turns.

use core::future::poll_fn;

use crate::{Edge, Error, Reader, Wake};

impl<T> Reader<T> {
    /// Waits until the capture is ready, and says why it is; [`wait_ready`](Self::wait_ready) for
    /// tasks.
    ///
    /// # Context
    ///
    /// Task; never blocks its thread.
    ///
    /// # Cancellation
    ///
    /// Safe: nothing has happened until it completes.
    pub async fn wait_ready_async(&self) -> Wake {
        poll_fn(|context| self.channel.poll_ready(context)).await
    }
}

impl Reader<Edge> {
    /// Reads pending edges; [`read_edges`](Self::read_edges) for tasks.
    ///
    /// # Context
    ///
    /// Task; never blocks its thread.
    ///
    /// # Errors
    ///
    /// None at present.
    ///
    /// # Cancellation
    ///
    /// Safe: no edge is taken until it completes.
    pub async fn read_edges_async(&mut self, edges: &mut [Edge]) -> Result<usize, Error> {
        loop {
            match self.try_read_edges(edges) {
                Err(Error::WOULD_BLOCK) => wait_pending(self).await,
                result => return result,
            }
        }
    }
}

impl<T> embedded_io_async::Read for Reader<T> {
    /// Waits only while nothing is pending, then returns what is there, whole records only.
    ///
    /// Cancelling it is safe: no record is taken until it completes.
    async fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Error> {
        loop {
            match self.try_read(bytes) {
                Err(Error::WOULD_BLOCK) => wait_pending(self).await,
                result => return result,
            }
        }
    }
}

async fn wait_pending<T>(reader: &Reader<T>) {
    poll_fn(|context| reader.channel.poll_pending(1, context)).await;
}
