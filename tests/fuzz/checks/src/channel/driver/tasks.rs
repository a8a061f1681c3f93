//! Tasks: any number, each with a future that stays where it is until it is dropped.

use std::{
    future::Future,
    mem::ManuallyDrop,
    pin::Pin,
    ptr,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use edgepipe::{Error, Reader, Wake};

use super::{Driver, on};
use crate::channel::{op::Which, queue::Item, rig::Flag, world::Waiter};

/// The most tasks of one device.
const TASKS_MAX: usize = 4;

/// A task that waits for a device.
pub(super) struct Task {
    number: u32,
    what: What,
    /// It was polled, so its wait has begun.
    began: bool,
    future: Pin<Box<dyn Future<Output = Found>>>,
    /// Raised when the task must be polled again.
    flag: Arc<Flag>,
}

/// What a task waits for.
#[derive(Clone, Copy)]
enum What {
    Ready,
    /// A record, for a slice of this many bytes.
    Data(usize),
}

#[derive(Debug, PartialEq)]
enum Found {
    Ready(Result<Wake, Error>),
    Read(Result<Vec<u8>, Error>),
}

impl Task {
    fn new<T: 'static>(number: u32, what: What, reader: &Reader<T>) -> Self {
        // SAFETY: any copy of a reader's fields is valid, and this one is never dropped. The driver drops
        // the task before the reader.
        let mut reader = ManuallyDrop::new(unsafe { ptr::read(reader) });
        let future = async move {
            match what {
                What::Ready => Found::Ready(reader.wait_ready_async().await),
                What::Data(length) => {
                    let mut bytes = vec![0xaa; length];
                    let read = embedded_io_async::Read::read(&mut *reader, &mut bytes).await;
                    Found::Read(read.map(|length| {
                        bytes.truncate(length);
                        bytes
                    }))
                }
            }
        };
        Self {
            number,
            what,
            began: false,
            future: Box::pin(future),
            flag: Arc::default(),
        }
    }

    pub(super) fn waiter(&self) -> Waiter {
        match self.what {
            What::Ready => Waiter::TaskReady(self.number),
            What::Data(_) => Waiter::TaskData(self.number),
        }
    }

    /// Whether it was woken since this was last asked.
    pub(super) fn was_woken(&self) -> bool {
        self.flag.lower()
    }
}

/// The model's answer to a task.
#[derive(Debug, PartialEq)]
enum Expected {
    Ready(Result<Wake, Error>),
    Read(Result<Vec<Item>, Error>),
}

impl Driver {
    pub(super) fn task_waits(&mut self, which: Which) {
        self.start_task(which, What::Ready);
    }

    pub(super) fn task_reads(&mut self, which: Which, length: usize) {
        self.start_task(which, What::Data(length));
    }

    fn start_task(&mut self, which: Which, what: What) {
        let slot = &self.slots[which as usize];
        let Some(end) = &slot.reader else {
            return;
        };
        if slot.tasks.len() == TASKS_MAX {
            return;
        }
        self.last_task += 1;
        let task = on!(end, reader => Task::new(self.last_task, what, reader));
        self.poll_task(which, task);
    }

    pub(super) fn task_asks(&mut self, which: Which, task: u8) {
        if let Some(task) = self.take_task(which, task) {
            self.poll_task(which, task);
        }
    }

    pub(super) fn drop_task(&mut self, which: Which, task: u8) {
        // Takes the task out of the queue, if it is still there.
        drop(self.take_task(which, task));
    }

    /// Takes a task out of the slot and the model. It does not matter that the library still has
    /// it.
    fn take_task(&mut self, which: Which, task: u8) -> Option<Task> {
        let tasks = &mut self.slots[which as usize].tasks;
        if tasks.is_empty() {
            return None;
        }
        let task = tasks.remove(usize::from(task) % tasks.len());
        self.world.delist(which, task.waiter());
        Some(task)
    }

    fn poll_task(&mut self, which: Which, mut task: Task) {
        let (now, queue) = (self.world.now, self.world.queue(which));
        let expected = match task.what {
            What::Ready if task.began => queue.ready(now).map(Ok).map(Expected::Ready),
            What::Ready => queue.waited(now).map(Expected::Ready),
            What::Data(length) => match queue.try_read(now, length) {
                Err(Error::WOULD_BLOCK) => None,
                result => Some(Expected::Read(result)),
            },
        };
        task.began = true;
        task.flag.lower();
        let waker = Waker::from(Arc::clone(&task.flag));
        let polled = task.future.as_mut().poll(&mut Context::from_waker(&waker));
        let found = match polled {
            Poll::Pending => None,
            Poll::Ready(Found::Ready(wake)) => Some(Expected::Ready(wake)),
            Poll::Ready(Found::Read(read)) => Some(Expected::Read(
                read.map(|bytes| self.world.queue(which).items(&bytes)),
            )),
        };
        assert_eq!(found, expected, "{which:?}");
        if found.is_none() {
            self.world.enlist(which, task.waiter());
            self.slots[which as usize].tasks.push(task);
        }
    }
}
