//! `k_pipe`.

mod common;

use common::*;
use zephyr::raw::{EAGAIN, ECANCELED, EPIPE};

#[test]
fn write_without_wait_writes_what_fits() {
    sim::run(|| {
        let pipe = Pipe::new(24);
        assert_eq!(pipe.write(&[1; 20], NO_WAIT), 20);
        assert_eq!(pipe.write(&[2; 20], NO_WAIT), 4);
        assert_eq!(pipe.write(&[3; 20], NO_WAIT), err(EAGAIN));
        assert_eq!(pipe.write(&[], NO_WAIT), 0);
    });
}

#[test]
fn read_without_wait_returns_what_is_there() {
    sim::run(|| {
        let pipe = Pipe::new(8);
        assert_eq!(pipe.read(4, NO_WAIT), Err(err(EAGAIN)));
        pipe.write(b"abc", NO_WAIT);
        assert_eq!(pipe.read(2, NO_WAIT).unwrap(), b"ab");
        assert_eq!(pipe.read(9, NO_WAIT).unwrap(), b"c");
        assert_eq!(pipe.read(0, NO_WAIT).unwrap(), b"");
    });
}

#[test]
fn bytes_keep_their_order_across_the_end_of_the_ring() {
    sim::run(|| {
        let pipe = Pipe::new(5);
        for round in 0..20_u8 {
            let data = [round, round + 1, round + 2];
            assert_eq!(pipe.write(&data, NO_WAIT), 3);
            assert_eq!(pipe.read(3, NO_WAIT).unwrap(), data);
        }
    });
}

#[test]
fn a_read_waits_for_its_whole_length() {
    sim::run(|| {
        let pipe = Pipe::new(8);
        let reader = sim::spawn("reader", -1, move || {
            assert_eq!(pipe.read(6, FOREVER).unwrap(), b"abcdef");
            assert_eq!(now(), 6);
        });
        for part in [b"ab", b"cd", b"ef"] {
            sleep(ticks(1));
            assert_eq!(pipe.write(part, NO_WAIT), 2);
        }
        reader.join();
    });
}

#[test]
fn with_a_reader_blocked_the_pipe_stays_empty() {
    sim::run(|| {
        let pipe = Pipe::new(4);
        let reader = sim::spawn("reader", -1, move || {
            assert_eq!(pipe.read(10, FOREVER).unwrap(), b"0123456789");
        });
        assert_eq!(
            pipe.write(b"01234567", NO_WAIT),
            8,
            "more than the pipe holds"
        );
        assert_eq!(
            pipe.write(b"89abcdef", NO_WAIT),
            6,
            "two to the reader, four to the pipe"
        );
        reader.join();
        assert_eq!(pipe.read(4, NO_WAIT).unwrap(), b"abcd");
    });
}

#[test]
fn a_read_whose_time_is_up_returns_what_it_got() {
    sim::run(|| {
        let pipe = Pipe::new(8);
        let reader = sim::spawn("reader", -1, move || {
            assert_eq!(pipe.read(4, ticks(10)), Err(err(EAGAIN)));
            assert_eq!(now(), 11);
            assert_eq!(pipe.read(4, ticks(10)).unwrap(), b"xy");
            assert_eq!(now(), 22);
        });
        sleep(ticks(15));
        pipe.write(b"xy", NO_WAIT);
        reader.join();
    });
}

#[test]
fn an_absolute_time_out_is_a_tick_late_as_in_zephyr() {
    sim::run(|| {
        let pipe = Pipe::new(8);
        assert_eq!(pipe.read(1, at(30)), Err(err(EAGAIN)));
        assert_eq!(now(), 31);
        assert_eq!(pipe.read(1, at(30)), Err(err(EAGAIN)));
        assert_eq!(now(), 31, "one that has passed does not wait");
    });
}

#[test]
fn a_write_waits_for_room() {
    sim::run(|| {
        let pipe = Pipe::new(4);
        let writer = sim::spawn("writer", -1, move || {
            assert_eq!(pipe.write(b"abcdef", FOREVER), 6);
            assert_eq!(
                pipe.write(b"ghijk", ticks(5)),
                2,
                "the time is up with two written"
            );
            assert_eq!(pipe.write(b"l", ticks(5)), err(EAGAIN));
        });
        assert_eq!(pipe.read(4, NO_WAIT).unwrap(), b"abcd");
        writer.join();
        assert_eq!(pipe.read(9, NO_WAIT).unwrap(), b"efgh");
    });
}

#[test]
fn a_higher_reader_runs_as_soon_as_it_has_all_it_wants() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let pipe = Pipe::new(4);
        let read = log.clone();
        sim::spawn("reader", -1, move || {
            pipe.read(2, FOREVER).unwrap();
            read.add("read");
        });
        pipe.write(b"ab", NO_WAIT);
        log.add("written");
    });
    assert_eq!(seen.text(), "read written");
}

#[test]
fn close_lets_readers_drain_and_refuses_writers() {
    sim::run(|| {
        let pipe = Pipe::new(8);
        pipe.write(b"abc", NO_WAIT);
        pipe.close();
        assert_eq!(pipe.write(b"d", NO_WAIT), err(EPIPE));
        assert_eq!(pipe.read(2, FOREVER).unwrap(), b"ab");
        assert_eq!(pipe.read(2, FOREVER).unwrap(), b"c");
        assert_eq!(pipe.read(2, FOREVER), Err(err(EPIPE)));
    });
}

#[test]
fn close_wakes_both_sides_but_does_not_switch() {
    let log = Log::default();
    let seen = log.clone();
    sim::run(move || {
        let (empty, full) = (Pipe::new(2), Pipe::new(2));
        full.write(b"ab", NO_WAIT);
        let (read, wrote) = (log.clone(), log.clone());
        sim::spawn("reader", -1, move || {
            read.add(empty.read(1, FOREVER).unwrap_err())
        });
        sim::spawn("writer", -1, move || wrote.add(full.write(b"c", FOREVER)));
        empty.close();
        full.close();
        log.add("closed");
        sleep(ticks(1));
    });
    assert_eq!(seen.text(), "closed -32 -32");
}

#[test]
fn reset_drops_bytes_and_cancels_waiters_until_they_have_run() {
    sim::run(|| {
        let pipe = Pipe::new(2);
        pipe.write(b"ab", NO_WAIT);
        let writer = sim::spawn("writer", -1, move || {
            assert_eq!(pipe.write(b"c", FOREVER), err(ECANCELED));
        });
        pipe.reset();
        assert_eq!(
            pipe.write(b"d", NO_WAIT),
            err(ECANCELED),
            "the writer has not run yet"
        );
        assert_eq!(pipe.read(1, NO_WAIT), Err(err(ECANCELED)));
        writer.join();
        assert_eq!(pipe.read(1, NO_WAIT), Err(err(EAGAIN)));
        assert_eq!(pipe.write(b"ef", NO_WAIT), 2);
        pipe.reset();
        assert_eq!(
            pipe.write(b"gh", NO_WAIT),
            2,
            "nobody waited: the pipe is usable at once"
        );
    });
}

#[test]
fn a_pipe_without_a_buffer_hands_over_directly() {
    sim::run(|| {
        let pipe = Pipe::new(0);
        assert_eq!(pipe.write(b"a", NO_WAIT), err(EAGAIN));
        let reader = sim::spawn("reader", -1, move || {
            assert_eq!(pipe.read(3, FOREVER).unwrap(), b"abc");
        });
        assert_eq!(pipe.write(b"abcd", NO_WAIT), 3);
        reader.join();
    });
}
