//! Delivery through a pipe that other code reads.

use core::ptr::NonNull;
use std::cell::Cell;
use std::rc::Rc;

use edgepipe::sys::clock::uptime_ticks;
use edgepipe::{Config, Delivery, EdgeDevice, Error, Readiness, Wake};
use zephyr::raw::{self, EPIPE, k_pipe};
use zephyr::sim::{self, Busy, Explore, Limits, Source};
use zephyr::time::{Duration, Forever, NoWait, Timeout, now, sleep};

use super::{edges, low_pin, milliseconds};

/// Delivers at `records` records.
fn piped(records: u32) -> Config {
    Config {
        ready: Readiness::Records(records),
        deliver: Delivery::Pipe,
        ..Config::DEFAULT
    }
}

/// `k_pipe_read` of `records` records; returns its result.
fn read_pipe(pipe: NonNull<k_pipe>, records: usize, timeout: impl Into<Timeout>) -> i32 {
    let mut bytes = vec![0; records * 8];
    let (out, size, timeout) = (bytes.as_mut_ptr(), bytes.len(), timeout.into().0);
    // SAFETY: the pipe is that of a device in a static, and the bytes can be written to.
    unsafe { raw::k_pipe_read(pipe.as_ptr(), out, size, timeout) }
}

/// A gap record that the hand-over itself stored was not handed over: the pipe stayed open for ever.
#[test]
fn the_end_after_a_loss_hands_over_the_mark_and_closes_the_pipe() {
    static DEVICE: EdgeDevice<8, 1, 0, 8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let (capture, reader) = DEVICE.open(&[pin.line()], piped(4)).unwrap();
        let pipe = reader.pipe().unwrap();
        // Eight in the pipe, eight in the buffer, and three are lost.
        edges(pin, 1..=19);
        assert_eq!(read_pipe(pipe, 8, NoWait), 64);
        // Before the records that had no room are offered again.
        capture.close();
        assert_eq!(read_pipe(pipe, 8, NoWait), 64);
        assert_eq!(read_pipe(pipe, 1, milliseconds(100)), 8, "the mark");
        assert_eq!(read_pipe(pipe, 1, milliseconds(100)), -(EPIPE as i32));
    });
}

#[test]
fn a_thread_in_the_pipe_sees_the_end_after_a_loss() {
    static DEVICE: EdgeDevice<8, 1, 0, 8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let (capture, reader) = DEVICE.open(&[pin.line()], piped(4)).unwrap();
        let pipe = reader.pipe().unwrap();
        edges(pin, 1..=19);
        let read = Rc::new(Cell::new(0));
        let count = read.clone();
        let other = sim::spawn("other", -1, move || {
            while read_pipe(pipe, 1, Forever) > 0 {
                count.set(count.get() + 1);
            }
        });
        capture.close();
        other.join();
        assert_eq!(read.get(), 17, "and the mark");
    });
}

/// With a deadline that had passed, the timer interrupted at every tick.
#[test]
fn a_full_pipe_is_offered_again_every_10_ms_only() {
    static DEVICE: EdgeDevice<8, 1, 0, 2> = EdgeDevice::new();
    for flush_after in [None, Some(milliseconds(5))] {
        sim::run(move || {
            let pin = low_pin(0);
            let config = Config {
                flush_after,
                ..piped(5)
            };
            let (_capture, reader) = DEVICE.open(&[pin.line()], config).unwrap();
            assert!(reader.pipe().is_some());
            edges(pin, 1..=7);
            sleep(milliseconds(50));
            assert_eq!(reader.ledger().pending, 5);
            let instants = Rc::new(Cell::new((0, 0)));
            let seen = instants.clone();
            sim::observe(move |_| {
                let (count, last) = seen.get();
                let tick = now().ticks();
                if tick != last {
                    seen.set((count + 1, tick));
                }
            });
            sleep(milliseconds(100));
            // One of them is the end of the sleep.
            assert!((9..=13).contains(&instants.get().0), "{:?}", instants.get());
        });
    }
}

#[test]
fn a_more_urgent_thread_in_the_pipe_runs_at_once() {
    static DEVICE: EdgeDevice<8, 1, 0, 8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let (_capture, reader) = DEVICE.open(&[pin.line()], piped(4)).unwrap();
        let pipe = reader.pipe().unwrap();
        let result = Rc::new(Cell::new(0));
        let out = result.clone();
        let urgent = sim::spawn("urgent", -1, move || out.set(read_pipe(pipe, 1, Forever)));
        edges(pin, [1]);
        // The read hands the record over, and the other thread gets it.
        assert_eq!(reader.try_read(&mut [0; 16]), Err(Error::WOULD_BLOCK));
        assert_eq!(result.get(), 8);
        urgent.join();
    });
}

#[test]
fn a_pipe_known_from_an_earlier_use_is_looked_into() {
    static DEVICE: EdgeDevice<8, 1, 0, 8> = EdgeDevice::new();
    sim::run(|| {
        let pin = low_pin(0);
        let (capture, reader) = DEVICE.open(&[pin.line()], piped(2)).unwrap();
        let pipe = reader.pipe().unwrap();
        drop((capture, reader));
        let (_capture, reader) = DEVICE.open(&[pin.line()], piped(2)).unwrap();
        edges(pin, 1..=2);
        assert_eq!(read_pipe(pipe, 2, NoWait), 16);
        assert_eq!(reader.wait_ready(NoWait), Err(Error::TIMED_OUT));
    });
}

/// While a thread hands over, an interrupt hands over too, and a thread of higher priority reads everything and
/// waits. The one edge that arrives then is below the threshold.
#[test]
fn a_hand_over_that_was_overtaken_hands_over_nothing_early() {
    static DEVICE: EdgeDevice<8, 1, 0, 8> = EdgeDevice::new();
    let until = |tick: u64| match tick.saturating_sub(now().ticks()) {
        0 => {}
        ticks => drop(sleep(Duration::from_ticks(ticks))),
    };
    sim::explore(&Explore::exhaustive(Limits::interrupts(3)), move || {
        let pin = low_pin(0);
        let (capture, reader) = DEVICE.open(&[pin.line()], piped(8)).unwrap();
        let begin = now().ticks();
        let edge_at = move |tick, high| {
            sim::interrupt_at(Source::Other, begin + tick, move || assert!(pin.set(high)));
        };
        edge_at(5, true);
        until(begin + 8);
        edge_at(9, false);
        until(begin + 12);
        edge_at(31, true);
        let (weak, early) = (reader.weak(), Rc::new(Cell::new(false)));
        let found = early.clone();
        let urgent = sim::spawn("urgent", -1, move || {
            until(begin + 32);
            let mut bytes = [0; 64];
            let _ = weak.try_read(&mut bytes);
            edge_at(33, false);
            let woken = weak.wait_ready(Forever);
            let length = weak.try_read(&mut bytes).unwrap_or(0);
            found.set(woken == Ok(Wake::Threshold) && length < 16);
        });
        until(begin + 30);
        reader.set_readiness(Readiness::Records(2)).unwrap();
        until(begin + 100);
        drop(capture);
        urgent.join();
        assert!(!early.get(), "one record is no two");
    });
}

/// The open waited ten ticks only, and failed with EBUSY.
#[test]
fn a_device_is_opened_again_though_a_woken_reader_of_its_pipe_runs_late() {
    static DEVICE: EdgeDevice<8, 1, 0, 8> = EdgeDevice::new();
    let run = sim::try_run_with(Busy::threads(3), sim::Options::default(), || {
        let pin = low_pin(0);
        let (capture, reader) = DEVICE.open(&[pin.line()], piped(4)).unwrap();
        let pipe = reader.pipe().unwrap();
        let other = sim::spawn("other", 5, move || {
            assert_eq!(read_pipe(pipe, 8, Forever), -(EPIPE as i32));
        });
        sleep(milliseconds(1));
        let end = uptime_ticks() + milliseconds(5).ticks();
        sim::interrupt_at(Source::Port(1), end, || {});
        let busy = sim::spawn("busy", 3, move || while uptime_ticks() < end {});
        drop((capture, reader));
        let _again = DEVICE.open(&[pin.line()], piped(4)).unwrap();
        busy.join();
        other.join();
    });
    run.unwrap();
}
