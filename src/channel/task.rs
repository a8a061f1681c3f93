//! Waiting by a task. Its place in the queue is in its future, and is enlisted while the future is pending.

use core::{future::poll_fn, pin::Pin, pin::pin, task::Poll};

use super::{Queue, State, WeakReader};
use crate::sys::list::{self, Node};
use crate::{Error, Wake};

/// A task's place in a queue; dropped, it leaves the queue, whether the wait was over or not.
struct Place<'a>(WeakReader, Queue, Pin<&'a Node>);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Self(capture, queue, node) = *self;
        capture.delist(queue, node);
    }
}

impl WeakReader {
    /// [`wait_ready`](Self::wait_ready), for a task.
    pub(crate) async fn until_ready(self) -> Result<Wake, Error> {
        if self.lock()?.ended {
            return Err(Error::CLOSED);
        }
        self.until(Queue::Ready, State::found_ready).await
    }

    /// [`wait_pending`](Self::wait_pending), for a task.
    pub(crate) async fn until_pending(self) -> Result<(), Error> {
        self.until(Queue::Data, State::found_pending).await
    }

    /// Waits in a queue until `find` finds the condition true.
    async fn until<R>(self, queue: Queue, find: fn(&mut State) -> Option<R>) -> Result<R, Error> {
        let node = pin!(Node::new());
        let place = Place(self, queue, node.as_ref());
        poll_fn(|context| {
            let wake = list::Wake::Task(context.waker().clone());
            let found = self.find_or_enlist(queue, place.2, find, Some(wake));
            found.transpose().map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}
