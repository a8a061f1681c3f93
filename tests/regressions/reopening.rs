//! Devices that are opened again while a thread or a task of the earlier use is left.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake as TaskWake, Waker};

use edgepipe::{Config, Edge, EdgeDevice, Error, Wake, WeakReader};
use zephyr::sim::{self, Before, Candidate, Options, Point, Scheduler};
use zephyr::time::{Duration, Forever, now, sleep};

use super::{edges, low_pin, milliseconds};

const WAITER: i32 = 5;
const BUSY: i32 = 2;

/// Zephyr's order, except that time advances while the busy thread runs, and that one waiter is interrupted just
/// before it sleeps.
#[derive(Debug)]
struct Late {
    may_sleep: bool,
}

impl Scheduler for Late {
    fn next(&mut self, _: &[Candidate]) -> usize {
        0
    }

    fn before_call(&mut self, point: &Point<'_>) -> Before {
        let priority = point.ready.first().map(|candidate| candidate.0);
        let is_busy = priority == Some(BUSY) && point.call == "k_uptime_ticks" && point.tick < 50;
        let is_late = !self.may_sleep && priority == Some(WAITER) && point.call == "k_sem_take";
        self.may_sleep |= is_late;
        match is_late || (is_busy && point.interrupt_pending) {
            true => Before::Interrupt,
            false => Before::Proceed,
        }
    }
}

/// Opens the device again while `waiters` threads have not left it, because a busy thread keeps them from
/// running.
fn reopen_beside(device: &'static EdgeDevice<8>, waiters: usize, order: Late) {
    let options = Options {
        ticks_max: 10_000_000,
        ..Options::default()
    };
    let run = sim::try_run_with(order, options, move || {
        let pin = low_pin(0);
        let (capture, reader) = device.open(&[pin.line()], Config::DEFAULT).unwrap();
        let wait =
            |weak: WeakReader| move || assert_eq!(weak.wait_ready(Forever), Err(Error::BAD_HANDLE));
        let spawn = |_| sim::spawn("waiter", WAITER, wait(reader.weak()));
        let threads: Vec<_> = (0..waiters).map(spawn).collect();
        sleep(Duration::from_ticks(3));
        let busy = sim::spawn("busy", BUSY, || {
            for _ in 0..15 {
                now();
            }
        });
        drop((reader, capture));
        let (_capture, mut reader) = device.open(&[pin.line()], Config::DEFAULT).unwrap();
        busy.join();
        edges(pin, 1..=8);
        assert_eq!(reader.wait_ready(Forever), Ok(Wake::Full));
        assert_eq!(reader.try_read_edges(&mut [Edge::default(); 8]), Ok(8));
        sleep(milliseconds(100));
        threads.iter().for_each(sim::Thread::join);
    });
    assert!(run.is_ok(), "{:?}", run.err());
}

#[test]
fn one_late_waiter_is_let_go() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    reopen_beside(&DEVICE, 1, Late { may_sleep: false });
}

/// They were released one in each tick, for ten ticks.
#[test]
fn many_waiters_are_let_go() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    reopen_beside(&DEVICE, 20, Late { may_sleep: true });
}

/// A waker whose drop uses the capture.
struct Nosy(Mutex<Option<WeakReader>>);

impl TaskWake for Nosy {
    fn wake(self: Arc<Self>) {}
}

impl Drop for Nosy {
    fn drop(&mut self) {
        if let Some(weak) = self.0.lock().unwrap().take() {
            assert!(weak.ledger().is_ok());
        }
    }
}

/// The old waker was dropped under the channel's lock, when the task was polled with another one.
#[test]
fn a_waker_is_dropped_without_the_lock() {
    static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let (_capture, reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        let mut wait = pin!(reader.wait_ready_async());
        for weak in [Some(reader.weak()), None] {
            let waker = Waker::from(Arc::new(Nosy(Mutex::new(weak))));
            assert!(
                wait.as_mut()
                    .poll(&mut Context::from_waker(&waker))
                    .is_pending()
            );
        }
    });
}
