//! The task's side: wait and read without blocking a thread, on any executor.
//!
//! Tasks are woken from interrupts, so the executor's [`Waker`](core::task::Waker) must be callable
//! there, as zephyr-lang-rust's is. Any number may wait at once.

use crate::{Edge, Error, Reader, Sample, Wake};

impl<T> Reader<T> {
    /// Waits until the capture is ready; [`wait_ready`](Self::wait_ready) for tasks.
    ///
    /// Several tasks may wait for one reader, and all of them wake. Each record goes to the task that reads first. So a task
    /// that has woken reads with [`try_read`](Self::try_read), and takes [`Error::WOULD_BLOCK`] for "another one was
    /// faster". One that waits again, while the capture is still ready, goes on at once. Reading edges needs the reader
    /// alone: leave it to one task, or lock it.
    ///
    /// Cancelling it is safe: nothing has happened until it completes.
    ///
    /// # Errors
    ///
    /// [`Error::CLOSED`] after a read has returned end of file.
    pub async fn wait_ready_async(&self) -> Result<Wake, Error> {
        self.capture.until_ready().await
    }
}

impl Reader<Edge> {
    /// Reads pending edges; [`read_edges`](Self::read_edges) for tasks.
    ///
    /// Cancelling it is safe: no edge is taken until it completes.
    ///
    /// # Errors
    ///
    /// None at present.
    pub async fn read_edges_async(&mut self, edges: &mut [Edge]) -> Result<usize, Error> {
        loop {
            match self.try_read_edges(edges) {
                Err(Error::WOULD_BLOCK) => self.capture.until_pending().await?,
                result => return result,
            }
        }
    }
}

impl<T: Sample> Reader<T> {
    /// Reads pending samples; [`read_samples`](Self::read_samples) for tasks.
    ///
    /// Cancelling it is safe: no sample is taken until it completes.
    ///
    /// # Errors
    ///
    /// None at present.
    pub async fn read_samples_async(&mut self, samples: &mut [T]) -> Result<usize, Error> {
        loop {
            match self.try_read_samples(samples) {
                Err(Error::WOULD_BLOCK) => self.capture.until_pending().await?,
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
                Err(Error::WOULD_BLOCK) => self.capture.until_pending().await?,
                result => return result,
            }
        }
    }
}
