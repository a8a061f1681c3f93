//! Tasks, alone and together with threads.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use edgepipe::Edge;
use edgepipe::Wake::{Full, Threshold};
use zephyr::sim::{self, Limits};
use zephyr::sys::sync::Semaphore;
use zephyr::time::Forever;

use super::ALL;
use crate::explore::{Bench, twin, walk, watch};

/// The semaphore at which a task's thread sleeps.
struct Flag(Semaphore);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.give();
    }
}

/// Runs a task to its end, in its own thread.
fn block_on<T>(task: impl Future<Output = T>) -> T {
    let flag = Arc::new(Flag(Semaphore::new(0, 1)));
    let waker = Waker::from(Arc::clone(&flag));
    let mut task = pin!(task);
    loop {
        if let Poll::Ready(value) = task.as_mut().poll(&mut Context::from_waker(&waker)) {
            return value;
        }
        // Without a time-out the only result is success.
        let _ = flag.0.take(Forever);
    }
}

#[test]
fn a_task_that_waits_for_the_threshold_wakes_there_whenever_it_begins() {
    let bench = Bench::on(0);
    walk(Limits::interrupts(2), ALL, move || {
        let (capture, mut reader, seen) = bench.open(4, 2);
        watch([&seen]);
        bench.edges.start(2, 10);
        assert_eq!(
            seen.task(true, || block_on(reader.wait_ready_async())),
            Ok(Threshold)
        );
        assert_eq!(seen.try_read::<4>(&mut reader), Some(2));
        // The same, if no task waited for the last edge.
        bench.edges.start(2, 10);
        assert_eq!(
            seen.task(true, || block_on(reader.wait_ready_async())),
            Ok(Threshold)
        );
        assert_eq!(seen.try_read::<4>(&mut reader), Some(2));
        seen.check_end();
        seen.close(capture);
    });
}

#[test]
fn several_tasks_in_threads_of_their_own_all_wake_at_one_crossing() {
    let bench = Bench::on(0);
    walk(Limits::new(2, 1), Limits::new(3, 2), move || {
        let (capture, reader, seen) = bench.open(2, 2);
        watch([&seen]);
        bench.edges.start(2, 10);
        let tasks = [0, 1].map(|priority| {
            let (seen, reader) = (Rc::clone(&seen), twin(&reader));
            sim::spawn("task", priority, move || {
                let woken = seen.task(true, || block_on(reader.wait_ready_async()));
                assert_eq!(woken, Ok(Full));
            })
        });
        // A task that is dropped while others wait leaves them in the list.
        {
            let flag = Arc::new(Flag(Semaphore::new(0, 1)));
            let waker = Waker::from(Arc::clone(&flag));
            let mut dropped = pin!(reader.wait_ready_async());
            let _ = dropped.as_mut().poll(&mut Context::from_waker(&waker));
            let _ = flag.0.take(zephyr::time::Duration::from_ticks(15));
        }
        tasks.iter().for_each(sim::Thread::join);
        seen.close(capture);
    });
}

#[test]
fn a_task_and_a_thread_that_wait_for_the_threshold_both_wake() {
    let bench = Bench::on(0);
    walk(Limits::new(2, 1), Limits::new(3, 2), move || {
        let (capture, reader, seen) = bench.open(2, 2);
        watch([&seen]);
        bench.edges.start(2, 10);
        let thread = sim::spawn("thread", 0, {
            let (seen, reader) = (Rc::clone(&seen), twin(&reader));
            move || assert_eq!(seen.wait_ready(&reader, None), Ok(Full))
        });
        assert_eq!(
            seen.task(true, || block_on(reader.wait_ready_async())),
            Ok(Full)
        );
        thread.join();
        seen.close(capture);
    });
}

#[test]
fn a_task_reads_the_first_edge_while_a_thread_waits_for_the_threshold() {
    let bench = Bench::on(0);
    walk(Limits::new(2, 1), Limits::new(3, 2), move || {
        let (capture, mut reader, seen) = bench.open(4, 2);
        watch([&seen]);
        bench.edges.start(3, 10);
        let thread = sim::spawn("thread", 0, {
            let (seen, reader) = (Rc::clone(&seen), twin(&reader));
            move || assert_eq!(seen.wait_ready(&reader, None), Ok(Threshold))
        });
        assert_eq!(
            seen.task(false, || block_on(
                reader.read_edges_async(&mut [Edge::default(); 1])
            )),
            Ok(1)
        );
        thread.join();
        seen.close(capture);
    });
}
