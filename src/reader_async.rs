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
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// # capture.close();
    /// async fn wait(reader: &edgepipe::Reader) {
    ///     println!("woken by {:?}", reader.wait_ready_async().await);
    /// }
    /// # use core::{future::Future, pin::pin, task::{Context, Waker}};
    /// # assert!(pin!(wait(&reader)).poll(&mut Context::from_waker(Waker::noop())).is_ready());
    /// # });
    /// ```
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
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, Edge, EdgeDevice, Error, Level, Line, Readiness, Wake};
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// # capture.close();
    /// async fn count(reader: &mut edgepipe::Reader) -> Result<usize, Error> {
    ///     reader.read_edges_async(&mut [Edge::default(); 16]).await
    /// }
    /// # use core::{future::Future, pin::pin, task::{Context, Waker}};
    /// # assert!(pin!(count(&mut reader)).poll(&mut Context::from_waker(Waker::noop())).is_ready());
    /// # });
    /// ```
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
    poll_fn(|context| reader.channel.poll_pending(context)).await;
}
