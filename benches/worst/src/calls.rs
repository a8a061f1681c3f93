//! Every call that a thread or an interrupt makes on a capture, in the situations in which it has the most
//! work.

use edgepipe::{Level, Line, Readiness, Token, Trigger};
use zephyr::time::{Duration, NoWait};

use crate::{
    harness::{make, start_reader},
    kind::{self, SET, Setup, opened},
    shared::Shared,
    waits::{self, CHUNK},
};

/// Edges that are lost.
const LOST: u32 = 10;

pub struct Call {
    pub name: &'static str,
    /// Opens the capture, unless the call does, and creates the situation.
    pub before: fn(&Setup),
    pub call: extern "C" fn(),
    /// Whether it sleeps until the next edge wakes it.
    pub sleeps: bool,
    pub after: fn(),
}

fn nothing() {}

/// Open, with nothing pending; the first edge makes it ready.
fn empty(setup: &Setup) {
    let setup = Setup {
        ready: Readiness::Any,
        kind: setup.kind,
        ..*setup
    };
    setup.open();
}

/// Open, and full.
fn full(setup: &Setup) {
    setup.open();
    make(setup.capacity);
}

/// The same setup, with a deadline.
fn with_deadline(setup: &Setup) -> Setup {
    Setup {
        flush_after: Some(100),
        ..*setup
    }
}

/// The same setup, with an idle time.
fn with_idle(setup: &Setup) -> Setup {
    Setup {
        idle_after: Some(100),
        ..*setup
    }
}

fn empty_with_idle(setup: &Setup) {
    with_idle(setup).open();
}

fn full_with_idle(setup: &Setup) {
    full(&with_idle(setup));
}

/// Half full, and paused.
fn paused(setup: &Setup) {
    with_idle(setup).open();
    make(setup.capacity / 2);
    opened().capture().pause();
}

fn half_full(setup: &Setup) {
    with_idle(setup).open();
    make(setup.capacity / 2);
}

/// Half full, and a line is driven.
pub fn driven(setup: &Setup) {
    setup.open();
    make(setup.capacity / 2);
    let _ = opened().capture().drive(&line(), Level::Low);
}

/// The line that is driven: the last of 32.
pub fn line() -> Line {
    kind::line(31)
}

fn empty_with_deadline(setup: &Setup) {
    with_deadline(setup).open();
}

fn full_with_deadline(setup: &Setup) {
    full(&with_deadline(setup));
}

/// Full, and more was lost.
fn lost(setup: &Setup) {
    full(setup);
    make(LOST);
}

/// The first of several reads after a loss: there is room for the gap's record and for an edge.
fn lost_and_read(setup: &Setup) {
    lost(setup);
    waits::try_read(2);
}

/// Everything has been read except the gap record and an edge.
fn gap_is_next(setup: &Setup) {
    lost(setup);
    waits::try_read(1);
    make(2);
    let mut left = setup.capacity - 1;
    while left > 0 {
        let read = waits::try_read(CHUNK.min(left as usize)) as u32;
        if read == 0 {
            break;
        }
        left -= read;
    }
}

/// Like [`full`] without one record, with a thread that waits.
fn waited_for(setup: &Setup) {
    setup.open();
    make(setup.capacity - 1);
    start_reader(waits::wait_ready);
}

fn polled(setup: &Setup) {
    setup.open().register();
    make(setup.capacity - 1);
    start_reader(waits::poll);
}

fn awaited(setup: &Setup) {
    setup.open();
    make(setup.capacity - 1);
    start_reader(waits::wait_task);
}

fn join() {
    crate::harness::join_reader();
}

fn full_and_registered(setup: &Setup) {
    full(setup);
    opened().register();
}

fn empty_and_registered(setup: &Setup) {
    empty(setup);
    opened().register();
}

fn empty_fd(setup: &Setup) {
    empty(setup);
    waits::open_fd();
}

fn full_fd(setup: &Setup) {
    full(setup);
    waits::open_fd();
}

macro_rules! calls {
    ($($name:literal $before:ident $($sleeps:ident)? => $body:expr $(, $after:path)?;)*) => {
        pub static CALLS: &[Call] = &[$({
            extern "C" fn call() {
                $body;
            }
            Call {
                name: $name,
                before: $before,
                call,
                sleeps: calls!(@sleeps $($sleeps)?),
                after: calls!(@after $($after)?),
            }
        }),*];
    };
    (@sleeps sleeps) => { true };
    (@sleeps) => { false };
    (@after $after:path) => { $after };
    (@after) => { nothing };
}

/// Not open. Keeps the setup for the `open` that is measured.
fn closed(setup: &Setup) {
    *SETUP.get() = Some(Setup { ..*setup });
}

static SETUP: Shared<Option<Setup>> = Shared::new(None);

calls! {
    // The kernel alone: a semaphore wakes a thread.
    "k_sem" empty => {
        start_reader(waits::take_semaphore);
        waits::give_semaphore();
    }, join;
    "open" closed => {
        let setup = SETUP.get().as_ref().expect("`closed` was called");
        setup.open()
    };
    "close" full => drop(opened().capture.take());
    "drop_reader" full => drop(opened().reader.take());
    "edge" empty => make(1);
    "edge:wakes_thread" waited_for => make(1), join;
    "edge:wakes_Poller" polled => make(1), join;
    "edge:wakes_task" awaited => make(1), join;
    "edge:lost" full => make(1);
    "edge:deadline" empty_with_deadline => make(1);
    "edge:idle" empty_with_idle => make(1);
    "edge:after_loss" lost_and_read => make(1);
    "wait_ready" full => waits::wait_ready();
    "wait_ready:sleeps" empty sleeps => waits::wait_ready();
    "wait_ready:no_wait" empty => { let _ = opened().reader().wait_ready(NoWait); };
    "wait_ready_async" full => waits::wait_task();
    "wait_ready_async:sleeps" empty sleeps => waits::wait_task();
    "try_read:nothing" empty => waits::try_read(CHUNK);
    "try_read:1" full => waits::try_read(1);
    "try_read" full => waits::try_read(CHUNK);
    "try_read:deadline" full_with_deadline => waits::try_read(CHUNK);
    "try_read:idle" full_with_idle => waits::try_read(CHUNK);
    "try_read:after_loss" lost => waits::try_read(CHUNK);
    "try_read:gap" gap_is_next => waits::try_read(CHUNK);
    "read:sleeps" empty sleeps => waits::read();
    "try_read_edges" full => waits::try_read_edges();
    "try_read_edges:after_loss" lost => waits::try_read_edges();
    "try_read_edges:gap" gap_is_next => waits::try_read_edges();
    "set_readiness" full => { let _ = opened().reader().set_readiness(Readiness::Any); };
    "set_readiness:wakes" waited_for => { let _ = opened().reader().set_readiness(Readiness::Any); }, join;
    "set_idle_after" full => {
        let _ = opened().reader().set_idle_after(Some(Duration::from_ticks(100)));
    };
    "pause" full => opened().capture().pause();
    "resume" paused => { let _ = opened().capture().resume(); };
    "drive" full => { let _ = opened().capture().drive(&line(), Level::Low); };
    "release" driven => { let _ = opened().capture().release(&line()); };
    "set_trigger" full => { let _ = opened().capture().set_trigger(&line(), Trigger::Rising); };
    "flush" half_full => opened().capture().flush();
    "ready" full => { let _ = opened().reader().ready(); };
    "ledger" lost => { let _ = opened().reader().ledger(); };
    "now_ns" full => { let _ = opened().capture().now_ns(); };
    "level" full => { let _ = opened().capture().level(0); };
    "Poller:open" full => opened().poller = Some(SET.open().expect("nobody else has it"));
    "Poller:register" full_and_registered => {
        let open = opened();
        let reader = open.reader.as_ref().expect("it is open");
        let _ = open.poller().register(reader, Token(1));
    };
    "Poller:deregister" full_and_registered => {
        let open = opened();
        let reader = open.reader.as_ref().expect("it is open");
        let _ = open.poller().deregister(reader);
    };
    "Poller:wait" full_and_registered => waits::poll();
    "Poller:wait:sleeps" empty_and_registered sleeps => waits::poll();
    "Poller:wake" empty_and_registered => opened().poller().waker().wake();
    "open_fd" full => waits::open_fd(), waits::close_fd;
    "fd_poll" full_fd => waits::fd_poll(), waits::close_fd;
    "fd_poll:sleeps" empty_fd sleeps => waits::fd_poll(), waits::close_fd;
    "fd_read" full_fd => waits::fd_read(), waits::close_fd;
    "fd_read:sleeps" empty_fd sleeps => waits::fd_read(), waits::close_fd;
    "close_fd" full_fd => waits::close_fd();
}
