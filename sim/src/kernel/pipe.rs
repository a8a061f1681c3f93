//! Pipes, like `kernel/pipe.c`.
//!
//! The bytes are kept here, not in the caller's buffer; only the size of that is used.

use core::ffi::c_int;
use std::collections::VecDeque;

use super::clock::Timeout;
use super::queue::Queue;
use super::thread::{self, ThreadId, Wait};
use super::{Kernel, err, irq, with};
use crate::raw::{self, EAGAIN, ECANCELED, EPIPE};

#[derive(Debug)]
pub(crate) struct Pipe {
    bytes: VecDeque<u8>,
    capacity: usize,
    open: bool,
    /// Set by a reset while threads wait, until the last of them has returned.
    resetting: bool,
    /// Calls that wait, including those that are woken but have not run since.
    waiting: usize,
    /// The address of the same count in the C structure.
    shown: usize,
    pub(super) readers: Queue<ThreadId>,
    pub(super) writers: Queue<ThreadId>,
}

impl Pipe {
    pub(super) fn has_data(&self) -> bool {
        !self.bytes.is_empty()
    }

    fn is_full(&self) -> bool {
        self.bytes.len() == self.capacity
    }

    fn set_waiting(&mut self, count: usize) {
        self.waiting = count;
        raw::pipe::show_waiting(self.shown, count);
    }
}

/// Makes the pipe at `address` live; returns its handle. The number of calls that wait is also
/// written to `shown`.
pub(crate) fn init(address: usize, capacity: usize, shown: usize) -> u64 {
    let mut pipe = Pipe {
        bytes: VecDeque::with_capacity(capacity),
        capacity,
        open: true,
        resetting: false,
        waiting: 0,
        shown,
        readers: Queue::default(),
        writers: Queue::default(),
    };
    pipe.set_waiting(0);
    with(|k| k.pipes.bind(address, pipe))
}

/// The index of the pipe at `address`, if it is live.
pub(crate) fn find(address: usize, handle: u64) -> Option<usize> {
    with(|k| k.pipes.find(address, handle))
}

/// The end of one step of a read or a write.
enum Step {
    /// The call returns this.
    Done(c_int),
    /// The thread waits, and then takes another step.
    Wait,
}

/// Writes all of `data`, or as much as has room before the time is up.
pub(crate) fn write(pipe: usize, data: &[u8], timeout: Timeout) -> c_int {
    irq::may_wait(timeout);
    if with(|k| k.pipes[pipe].resetting) {
        return err(ECANCELED);
    }
    let limit = with(|k| timeout.timepoint(k.clock.uptime()));
    let mut written = 0;
    // Whether a reader was woken since this thread last waited.
    let mut reschedule = false;
    let result = loop {
        match with(|k| k.write_step(pipe, data, &mut written, &mut reschedule, limit)) {
            Step::Done(result) => break result,
            Step::Wait => reschedule = false,
        }
        match resume(pipe) {
            0 => {}
            code if code == err(EAGAIN) && written > 0 => break written as c_int,
            code => break code,
        }
    };
    if reschedule {
        thread::reschedule();
    }
    result
}

/// Reads `wanted` bytes, or as many as there are when the time is up or the pipe is closed. `sink`
/// gets them piece by piece.
pub(crate) fn read(
    pipe: usize,
    wanted: usize,
    timeout: Timeout,
    sink: &mut dyn FnMut(&[u8]),
) -> c_int {
    // Never in an ISR: even without a wait, the read lends the interrupted thread's state to
    // writers.
    irq::thread_only();
    irq::may_wait(timeout);
    if with(|k| k.pipes[pipe].resetting) {
        return err(ECANCELED);
    }
    let limit = with(|k| timeout.timepoint(k.clock.uptime()));
    let mut used = 0;
    let mut reschedule = false;
    let result = loop {
        match with(|k| k.read_step(pipe, wanted, &mut used, &mut reschedule, limit, sink)) {
            Step::Done(result) => break result,
            Step::Wait => reschedule = false,
        }
        let code = resume(pipe);
        used += with(|k| k.collect_received(sink));
        match code {
            0 => {}
            code if code == err(EAGAIN) && used > 0 => break used as c_int,
            code => break code,
        }
    };
    if reschedule {
        thread::reschedule();
    }
    result
}

/// Waits as the step before has arranged; returns `-ECANCELED` if the pipe was reset meanwhile.
fn resume(pipe: usize) -> c_int {
    let code = thread::wait();
    with(|k| {
        let pipe = &mut k.pipes[pipe];
        pipe.set_waiting(pipe.waiting - 1);
        if !pipe.resetting {
            return code;
        }
        pipe.resetting = pipe.waiting > 0;
        err(ECANCELED)
    })
}

impl Kernel {
    fn write_step(
        &mut self,
        pipe: usize,
        data: &[u8],
        written: &mut usize,
        reschedule: &mut bool,
        limit: Timeout,
    ) -> Step {
        if !self.pipes[pipe].open {
            return Step::Done(err(EPIPE));
        }
        if self.pipes[pipe].bytes.is_empty() && self.pipes[pipe].waiting > 0 {
            *written += self.copy_to_readers(pipe, &data[*written..], reschedule);
            if *written >= data.len() {
                return Step::Done(*written as c_int);
            }
        }
        let this = &mut self.pipes[pipe];
        let room = (this.capacity - this.bytes.len()).min(data.len() - *written);
        this.bytes.extend(&data[*written..*written + room]);
        *written += room;
        if *written == data.len() {
            return Step::Done(*written as c_int);
        }
        self.pipe_wait(pipe, Wait::PipeSpace(pipe), limit, *written)
    }

    fn read_step(
        &mut self,
        pipe: usize,
        wanted: usize,
        used: &mut usize,
        reschedule: &mut bool,
        limit: Timeout,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Step {
        if self.pipes[pipe].is_full() {
            *reschedule = self.wake_writers(pipe);
        }
        let this = &mut self.pipes[pipe];
        let length = this.bytes.len().min(wanted - *used);
        let (front, back) = this.bytes.as_slices();
        let split = front.len().min(length);
        sink(&front[..split]);
        sink(&back[..length - split]);
        this.bytes.drain(..length);
        *used += length;
        if *used == wanted {
            return Step::Done(*used as c_int);
        }
        if !this.open {
            return Step::Done(if *used > 0 {
                *used as c_int
            } else {
                err(EPIPE)
            });
        }
        let reader = self.current;
        self.thread(reader).wanted = wanted - *used;
        self.pipe_wait(pipe, Wait::PipeData(pipe), limit, *used)
    }

    /// Makes the current thread wait, or ends its call if the time is up.
    fn pipe_wait(&mut self, pipe: usize, wait: Wait, limit: Timeout, moved: usize) -> Step {
        match limit.rest(self.clock.uptime()) {
            Timeout::NoWait if moved > 0 => Step::Done(moved as c_int),
            Timeout::NoWait => Step::Done(err(EAGAIN)),
            timeout => {
                let pipe = &mut self.pipes[pipe];
                pipe.set_waiting(pipe.waiting + 1);
                self.pend(wait, timeout);
                Step::Wait
            }
        }
    }

    /// Copies straight to waiting readers, and wakes those that have all they want.
    fn copy_to_readers(&mut self, pipe: usize, data: &[u8], woken: &mut bool) -> usize {
        let mut copied = 0;
        while copied < data.len() {
            let Some(reader) = self.pipes[pipe].readers.first() else {
                break;
            };
            let thread = self.thread(reader);
            let length = thread.wanted.min(data.len() - copied);
            thread
                .received
                .extend_from_slice(&data[copied..copied + length]);
            thread.wanted -= length;
            copied += length;
            if thread.wanted > 0 {
                break;
            }
            self.wake(reader, 0);
            *woken = true;
        }
        copied
    }

    /// Gives the current thread the bytes that writers copied to it while it waited.
    fn collect_received(&mut self, sink: &mut dyn FnMut(&[u8])) -> usize {
        let id = self.current;
        let received = &mut self.thread(id).received;
        let length = received.len();
        sink(received);
        received.clear();
        length
    }

    fn wake_readers(&mut self, pipe: usize) {
        while let Some(reader) = self.pipes[pipe].readers.first() {
            self.wake(reader, 0);
        }
    }

    fn wake_writers(&mut self, pipe: usize) -> bool {
        let some = self.pipes[pipe].writers.first().is_some();
        while let Some(writer) = self.pipes[pipe].writers.first() {
            self.wake(writer, 0);
        }
        some
    }
}

/// Drops the pipe's bytes and cancels the calls that wait. Does not reschedule.
pub(crate) fn reset(pipe: usize) {
    with(|k| {
        let this = &mut k.pipes[pipe];
        this.bytes.clear();
        if this.waiting > 0 {
            this.resetting = true;
            k.wake_readers(pipe);
            k.wake_writers(pipe);
        }
    });
}

/// Ends writing, and reading once the pipe is empty. Does not reschedule.
pub(crate) fn close(pipe: usize) {
    with(|k| {
        let this = &mut k.pipes[pipe];
        this.open = false;
        this.resetting = false;
        k.wake_readers(pipe);
        k.wake_writers(pipe);
    });
}
