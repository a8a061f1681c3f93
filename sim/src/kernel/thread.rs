//! Threads: what they wait for, which one runs next, and when that is decided.

use core::any::Any;
use core::ffi::c_int;
use core::fmt::{self, Write};

use super::clock::{Owner, Timeout};
use super::poll::Watch;
use super::queue::Queue;
use super::{Fault, FaultKind, Kernel, err, irq, raise, with};
use crate::coroutine;
use crate::raw::EAGAIN;

/// A thread's entry function.
pub(crate) type Entry = Box<dyn FnOnce()>;

/// A thread of the running kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreadId(usize);

/// Writes `main`, or the thread's number in the order of creation, which is the order of a
/// [`Fault`]'s list. `main` is 1.
impl fmt::Display for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            IDLE => f.write_str("idle"),
            MAIN => f.write_str("main"),
            ThreadId(number) => write!(f, "thread {number}"),
        }
    }
}

/// The thread that runs when no other is ready.
pub(super) const IDLE: ThreadId = ThreadId(0);

/// The thread whose return ends the run.
const MAIN: ThreadId = ThreadId(1);

/// What a thread waits for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wait {
    Sleep,
    Sem(usize),
    PipeData(usize),
    PipeSpace(usize),
    /// Any of this many poll events, which are in the thread's `watches`.
    Poll(usize),
    Join(ThreadId),
}

#[derive(Clone, Copy, Debug)]
enum State {
    Ready,
    /// Waiting, until this tick if there is a time-out.
    Waiting(Wait, Option<u64>),
    Finished,
}

pub(super) struct Thread {
    pub(super) name: String,
    pub(super) priority: i32,
    state: State,
    /// What its last wait returns.
    woken_with: c_int,
    /// Its interrupt mask while it does not run.
    irq_locked: bool,
    /// How often the thread has locked the scheduler.
    sched_locks: u32,
    /// Threads that wait for its end.
    joiners: Queue<ThreadId>,
    /// The events of its `k_poll`, from entry to return. Kept for its capacity.
    pub(super) watches: Vec<Watch>,
    /// The bytes that writers copied straight to its blocked `k_pipe_read`. Kept for its capacity.
    pub(super) received: Vec<u8>,
    /// Bytes its blocked `k_pipe_read` has room for.
    pub(super) wanted: usize,
    /// Until it first runs.
    entry: Option<Entry>,
}

impl Thread {
    fn new(name: &str, priority: i32, entry: Entry) -> Thread {
        Thread {
            name: name.to_owned(),
            priority,
            state: State::Ready,
            woken_with: 0,
            irq_locked: false,
            sched_locks: 0,
            joiners: Queue::default(),
            watches: Vec::new(),
            received: Vec::new(),
            wanted: 0,
            entry: Some(entry),
        }
    }

    /// The idle thread, which advances time. It is never in a queue.
    pub(super) fn idle(entry: Entry) -> Thread {
        Thread::new("idle", i32::MAX, entry)
    }
}

/// What the loop that owns the stacks does next.
pub(crate) enum Turn {
    Start(usize, Entry),
    Resume(usize),
    End(Result<(), Fault>),
    Panic(Box<dyn Any + Send>),
}

/// Decides what the loop that owns the stacks does next.
pub(crate) fn next_turn() -> Turn {
    with(|k| {
        if let Some(payload) = k.panic.take() {
            return Turn::Panic(payload);
        }
        if let Some(fault) = k.fault.take() {
            return Turn::End(Err(fault));
        }
        if matches!(k.threads[MAIN.0].state, State::Finished) {
            return Turn::End(Ok(()));
        }
        let ThreadId(current) = k.current;
        match k.threads[current].entry.take() {
            Some(entry) => Turn::Start(current, entry),
            None => Turn::Resume(current),
        }
    })
}

impl Kernel {
    /// Adds a thread that is ready to run.
    pub(super) fn spawn(&mut self, name: &str, priority: i32, entry: Entry) -> ThreadId {
        let id = ThreadId(self.threads.len());
        self.threads.push(Thread::new(name, priority, entry));
        self.ready.insert(priority, id);
        id
    }

    pub(super) fn thread(&mut self, ThreadId(index): ThreadId) -> &mut Thread {
        &mut self.threads[index]
    }

    /// Every thread, in the order they were created.
    pub(super) fn thread_ids(&self) -> impl Iterator<Item = ThreadId> + use<> {
        (0..self.threads.len()).map(ThreadId)
    }

    /// Whether the scheduler may take the CPU from the thread: not if its priority or a scheduler lock
    /// makes it cooperative.
    pub(super) fn is_preemptible(&self, ThreadId(index): ThreadId) -> bool {
        let thread = &self.threads[index];
        thread.priority >= 0 && thread.sched_locks == 0
    }

    pub(super) fn is_polling(&self, ThreadId(index): ThreadId) -> bool {
        matches!(self.threads[index].state, State::Waiting(Wait::Poll(_), _))
    }

    /// Gives the CPU to the thread that the strategy chooses; returns whether that is another one.
    pub(super) fn choose(&mut self) -> bool {
        let next = match self.ready.entries() {
            [] => IDLE,
            ready => ready[self.scheduler.next(ready)].1,
        };
        let last = std::mem::replace(&mut self.current, next);
        if next != last {
            self.thread(last).irq_locked = self.cpu.irq_locked;
            self.cpu.irq_locked = self.thread(next).irq_locked;
        }
        next != last
    }

    /// Makes the current thread wait: takes it from the ready queue. [`wait`] then leaves it.
    pub(super) fn pend(&mut self, wait: Wait, timeout: Timeout) {
        let id = self.current;
        let until = self.clock.add(Owner::Thread(id), timeout, 0);
        let thread = self.thread(id);
        thread.state = State::Waiting(wait, until);
        let priority = thread.priority;
        self.ready.remove(id);
        if let Some(queue) = self.wait_queue(wait) {
            queue.insert(priority, id);
        }
    }

    /// Makes a waiting thread ready; its wait returns `result`.
    pub(super) fn wake(&mut self, id: ThreadId, result: c_int) {
        let thread = self.thread(id);
        let State::Waiting(wait, until) = thread.state else {
            return;
        };
        thread.state = State::Ready;
        thread.woken_with = result;
        let priority = thread.priority;
        if let Some(queue) = self.wait_queue(wait) {
            queue.remove(id);
        }
        if until.is_some() {
            self.clock.abort(Owner::Thread(id));
        }
        self.ready.insert(priority, id);
    }

    fn wait_queue(&mut self, wait: Wait) -> Option<&mut Queue<ThreadId>> {
        match wait {
            Wait::Sem(sem) => Some(&mut self.sems[sem].takers),
            Wait::PipeData(pipe) => Some(&mut self.pipes[pipe].readers),
            Wait::PipeSpace(pipe) => Some(&mut self.pipes[pipe].writers),
            Wait::Join(thread) => Some(&mut self.thread(thread).joiners),
            // `k_poll` keeps its registrations until it returns; a sleeping thread is in no queue.
            Wait::Poll(_) | Wait::Sleep => None,
        }
    }

    /// What a thread does or waits for, in words.
    pub(super) fn describe(&self, index: usize) -> String {
        let State::Waiting(wait, until) = self.threads[index].state else {
            return match self.threads[index].state {
                State::Finished => "finished",
                _ if self.current == ThreadId(index) => "running",
                _ => "ready",
            }
            .to_owned();
        };
        let mut text = match wait {
            Wait::Sleep => "k_sleep".to_owned(),
            Wait::Sem(_) => "k_sem_take".to_owned(),
            Wait::PipeData(_) => "k_pipe_read".to_owned(),
            Wait::PipeSpace(_) => "k_pipe_write".to_owned(),
            Wait::Poll(1) => "k_poll on 1 event".to_owned(),
            Wait::Poll(events) => format!("k_poll on {events} events"),
            Wait::Join(ThreadId(other)) => format!("join of {}", self.threads[other].name),
        };
        match until {
            Some(tick) => write!(text, ", until tick {tick}").expect("a string takes all text"),
            None => text.push_str(", forever"),
        }
        text
    }
}

/// Leaves the current thread, which [`Kernel::pend`] made wait, until it is woken; returns the
/// result that it was woken with.
pub(super) fn wait() -> c_int {
    if with(Kernel::choose) {
        coroutine::suspend();
    }
    with(|k| {
        let id = k.current;
        k.thread(id).woken_with
    })
}

/// A rescheduling point, like `z_reschedule`: it does nothing in an ISR or with interrupts masked,
/// and a cooperative thread that is ready keeps the CPU. Returns whether another thread ran.
pub(crate) fn reschedule() -> bool {
    let switch = with(|k| {
        let ThreadId(index) = k.current;
        let is_ready = matches!(k.threads[index].state, State::Ready);
        let stays = is_ready && !k.is_preemptible(k.current);
        k.cpu.may_switch() && !stays && k.choose()
    });
    if switch {
        coroutine::suspend();
    }
    switch
}

/// Makes the current thread cooperative until it has unlocked the scheduler as often.
pub(crate) fn lock_scheduler() {
    irq::thread_only();
    with(|k| {
        let id = k.current;
        k.thread(id).sched_locks += 1;
    });
}

/// Undoes one lock of the scheduler, and reschedules.
pub(crate) fn unlock_scheduler() {
    irq::thread_only();
    let left = with(|k| {
        let id = k.current;
        let thread = k.thread(id);
        thread
            .sched_locks
            .checked_sub(1)
            .map(|left| thread.sched_locks = left)
    });
    if left.is_none() {
        raise(
            FaultKind::Assertion,
            "the scheduler was unlocked more often than locked",
        );
    }
    reschedule();
}

/// Starts a thread, which runs at once if its priority is higher.
pub(crate) fn spawn(name: &str, priority: i32, entry: Entry) -> ThreadId {
    irq::thread_only();
    let id = with(|k| k.spawn(name, priority, entry));
    reschedule();
    id
}

/// Waits for the end of a thread.
pub(crate) fn join(id: ThreadId) {
    irq::may_wait(Timeout::Forever);
    let finished = with(|k| {
        let finished = matches!(k.thread(id).state, State::Finished);
        if !finished {
            k.pend(Wait::Join(id), Timeout::Forever);
        }
        finished
    });
    if !finished {
        wait();
    }
}

/// Ends the current thread, which then returns from its stack.
pub(crate) fn exit() {
    irq::may_wait(Timeout::Forever);
    with(|k| {
        let id = k.current;
        k.thread(id).state = State::Finished;
        k.ready.remove(id);
        while let Some(joiner) = k.thread(id).joiners.first() {
            k.wake(joiner, 0);
        }
        k.choose();
    });
}

/// Lets ready threads of the same priority run first.
pub(crate) fn yield_now() {
    irq::may_wait(Timeout::Forever);
    let switch = with(|k| {
        let id = k.current;
        let priority = k.thread(id).priority;
        k.ready.remove(id);
        k.ready.insert(priority, id);
        k.choose()
    });
    if switch {
        coroutine::suspend();
    }
}

/// Sleeps; a sleep of no time is a yield.
pub(crate) fn sleep(timeout: Timeout) -> i32 {
    if timeout == Timeout::NoWait {
        yield_now();
        return 0;
    }
    irq::may_wait(timeout);
    with(|k| k.pend(Wait::Sleep, timeout));
    wait();
    // Only `k_wakeup`, which is not modelled, would leave time over.
    0
}

/// What a wait returns when its time is up.
pub(super) const TIMED_OUT: c_int = err(EAGAIN);
