//! `k_pipe`.

use super::log::Log;
use super::objects::{LONG, NO_WAIT, Pipe, Timer, at, sleep, ticks};
use super::platform::spawn;

/// Reads up to `wanted` bytes; logs them, or the error.
fn read(log: Log, pipe: Pipe, wanted: usize, timeout: zephyr::raw::k_timeout_t) {
    let mut bytes = [0; 16];
    let length = pipe.read_into(&mut bytes[..wanted], timeout);
    match usize::try_from(length) {
        Ok(length) => log.tick(format_args!("{:?}", text(&bytes[..length]))),
        Err(_) => log.code_at(length),
    }
}

fn text(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).expect("the cases write text")
}

pub(super) fn a_write_without_wait_writes_what_fits(log: Log) {
    let pipe = Pipe::new(24);
    for length in [20, 20, 20, 0] {
        log.code(pipe.write(&[1; 20][..length], NO_WAIT));
    }
}

pub(super) fn a_read_without_wait_returns_what_is_there(log: Log) {
    let pipe = Pipe::new(8);
    read(log, pipe, 4, NO_WAIT);
    pipe.write(b"abc", NO_WAIT);
    for wanted in [2, 9, 0] {
        read(log, pipe, wanted, NO_WAIT);
    }
}

pub(super) fn bytes_keep_their_order_across_the_end_of_the_ring(log: Log) {
    let pipe = Pipe::new(5);
    for bytes in [b"abc", b"def", b"ghi", b"jkl"] {
        log.code(pipe.write(bytes, NO_WAIT));
        read(log, pipe, 3, NO_WAIT);
    }
}

pub(super) fn a_read_waits_for_its_whole_length(log: Log) {
    let pipe = Pipe::new(8);
    let reader = spawn(-1, move || read(log, pipe, 6, LONG));
    for part in [b"ab", b"cd", b"ef"] {
        sleep(ticks(1));
        log.code(pipe.write(part, NO_WAIT));
    }
    reader.join();
}

pub(super) fn with_a_reader_blocked_the_pipe_stays_empty(log: Log) {
    let pipe = Pipe::new(4);
    let reader = spawn(-1, move || read(log, pipe, 10, LONG));
    // More than the pipe holds: two go to the reader, and four into the pipe.
    log.code(pipe.write(b"01234567", NO_WAIT));
    log.code(pipe.write(b"89abcdef", NO_WAIT));
    reader.join();
    read(log, pipe, 4, NO_WAIT);
}

pub(super) fn a_read_whose_time_is_up_returns_what_it_got(log: Log) {
    let pipe = Pipe::new(8);
    let reader = spawn(-1, move || {
        read(log, pipe, 4, ticks(10));
        read(log, pipe, 4, ticks(10));
    });
    sleep(ticks(15));
    pipe.write(b"xy", NO_WAIT);
    reader.join();
}

pub(super) fn an_absolute_time_out_is_a_tick_late(log: Log) {
    let pipe = Pipe::new(8);
    // The second time-out has passed, so that read does not wait.
    for _ in 0..2 {
        read(log, pipe, 1, at(log.at(30)));
    }
}

pub(super) fn a_write_waits_for_room(log: Log) {
    let pipe = Pipe::new(4);
    let writer = spawn(-1, move || {
        log.code_at(pipe.write(b"abcdef", LONG));
        log.code_at(pipe.write(b"ghijk", ticks(5)));
        log.code_at(pipe.write(b"l", ticks(5)));
    });
    read(log, pipe, 4, NO_WAIT);
    writer.join();
    read(log, pipe, 9, NO_WAIT);
}

pub(super) fn a_write_in_an_isr_writes_what_fits(log: Log) {
    let pipe = Pipe::new(4);
    let timer = Timer::new(move || log.code_at(pipe.write(b"abc", NO_WAIT)));
    timer.start(ticks(3), ticks(3));
    sleep(ticks(9));
    timer.stop();
    read(log, pipe, 9, NO_WAIT);
}

pub(super) fn a_higher_reader_runs_as_soon_as_it_has_all_it_wants(log: Log) {
    let pipe = Pipe::new(4);
    let reader = spawn(-1, move || read(log, pipe, 2, LONG));
    pipe.write(b"ab", NO_WAIT);
    log.add("written");
    reader.join();
}

pub(super) fn a_close_lets_readers_drain_and_refuses_writers(log: Log) {
    let pipe = Pipe::new(8);
    pipe.write(b"abc", NO_WAIT);
    pipe.close();
    log.code(pipe.write(b"d", NO_WAIT));
    for _ in 0..3 {
        read(log, pipe, 2, LONG);
    }
}

pub(super) fn a_close_wakes_both_sides_but_does_not_switch(log: Log) {
    let (empty, full) = (Pipe::new(2), Pipe::new(2));
    full.write(b"ab", NO_WAIT);
    let reader = spawn(-1, move || read(log, empty, 1, LONG));
    let writer = spawn(-1, move || log.code(full.write(b"c", LONG)));
    empty.close();
    full.close();
    log.add("closed");
    reader.join();
    writer.join();
}

pub(super) fn a_reset_drops_bytes_and_cancels_waiters_until_they_have_run(log: Log) {
    let pipe = Pipe::new(2);
    pipe.write(b"ab", NO_WAIT);
    // The writer's priority is lower, so it has not run when the calls below are made.
    let writer = spawn(1, move || log.code(pipe.write(b"c", LONG)));
    sleep(ticks(1));
    pipe.reset();
    log.code(pipe.write(b"d", NO_WAIT));
    read(log, pipe, 1, NO_WAIT);
    writer.join();
    read(log, pipe, 1, NO_WAIT);
    log.code(pipe.write(b"ef", NO_WAIT));
    // Nobody waits: the pipe is usable at once.
    pipe.reset();
    log.code(pipe.write(b"gh", NO_WAIT));
}

pub(super) fn a_pipe_without_a_buffer_hands_over_directly(log: Log) {
    let pipe = Pipe::new(0);
    log.code(pipe.write(b"a", NO_WAIT));
    let reader = spawn(-1, move || read(log, pipe, 3, LONG));
    log.code(pipe.write(b"abcd", NO_WAIT));
    reader.join();
}
