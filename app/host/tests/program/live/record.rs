//! A recording is what happened, edge for edge.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread;
use std::time::Duration;

use edgepipe_stream::Head;
use serialport::{SerialPort, TTYPort};

use super::board::{Act, Board, Given, HEAD, act, edges, run, session, start};
use super::file::{self, assert_same};

#[test]
fn a_recording_from_a_socket_is_the_stimulus() {
    for seed in 0..3 {
        let (given, end) = edges(seed, 5_000);
        let board = Board::new(vec![Act::Await, Act::Send(session(HEAD, &given))]);
        let (run, recorded) = board.record(&["--edges", "5000"]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        assert!(
            run.stdout.starts_with("recorded   5000  in "),
            "{}",
            run.stdout
        );
        assert!(run.stdout.contains("\nlost          0 "), "{}", run.stdout);
        let (edges, duration) = file::read(&recorded.path());
        assert_same(&edges, &file::given(HEAD.lines, &given));
        assert_eq!(duration, end - 1_000_000);
        assert!(!recorded.file.unwrap().contains("LOSS"), "nothing was lost");
    }
}

#[test]
fn a_recording_from_a_pty_is_the_stimulus() {
    let (mut master, slave) = TTYPort::pair().unwrap();
    let port = slave.name().unwrap();
    // Until the host opens it, nobody has it.
    drop(slave);
    master.set_timeout(Duration::from_secs(30)).unwrap();
    let (given, _) = edges(7, 5_000);
    let bytes = session(HEAD, &given);
    let board = thread::spawn(move || {
        let _ = act(Pty(&mut master), &[Act::Await, Act::Send(bytes), Act::Pull]);
        master
    });
    let scratch = tempfile::tempdir().unwrap();
    let capture = scratch.path().join("out.vcd");
    let run = run(start(&port, &capture, &["--edges", "5000"]));
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_same(&file::read(&capture).0, &file::given(HEAD.lines, &given));
    drop(board.join().unwrap());
}

/// The other end of a pty, which nobody may have open now.
struct Pty<'a>(&'a mut TTYPort);

impl Read for Pty<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes).map_err(|_| {
            thread::sleep(Duration::from_millis(10));
            ErrorKind::TimedOut.into()
        })
    }
}

impl Write for Pty<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[test]
fn a_recording_over_tcp_ends_at_its_time() {
    let (given, end) = edges(8, 5_000);
    let half = end / 4;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("tcp:{}", listener.local_addr().unwrap());
    let bytes = session(HEAD, &given);
    thread::spawn(move || {
        act(
            listener.accept().unwrap().0,
            &[Act::Await, Act::Send(bytes)],
        )
    });
    let scratch = tempfile::tempdir().unwrap();
    let capture = scratch.path().join("out.vcd");
    let run = run(start(&port, &capture, &["--for", &format!("{half}us")]));
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let (edges, duration) = file::read(&capture);
    assert_eq!(duration, half);
    let mut expected = file::given(HEAD.lines, &given);
    expected.retain(|(time, ..)| *time <= half);
    assert_same(&edges, &expected);
}

#[test]
fn a_quiet_board_is_recorded_for_as_long_as_it_lives() {
    let given: Vec<_> = (1..40).map(|n| Given::Tick(n * 100_000)).collect();
    let board = Board::new(vec![Act::Await, Act::Send(session(HEAD, &given))]);
    let (run, recorded) = board.record(&["--for", "3s"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(file::read(&recorded.path()), (vec![], 3_000_000));
}

#[test]
fn a_host_that_joins_late_begins_there() {
    let (given, _) = edges(9, 100);
    let mut bytes = session(HEAD, &given);
    let late: Vec<_> = (0..30)
        .flat_map(|n| {
            [
                Given::Edge(n * 99_000, 0, n % 2 == 1),
                Given::Tick(n * 100_000),
            ]
        })
        .collect();
    // It comes in the middle of a frame. A head comes every second.
    bytes = session(HEAD, &late)[bytes.len().min(150)..].to_vec();
    let board = Board::new(vec![Act::Await, Act::Send(bytes)]);
    let (run, recorded) = board.record(&["--edges", "15"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let (edges, _) = file::read(&recorded.path());
    assert_eq!(edges.len(), 15);
    let steps = edges.windows(2).map(|pair| pair[1].0 - pair[0].0);
    assert!(steps.into_iter().all(|step| step == 99_000));
}

#[test]
fn an_interrupt_leaves_a_whole_file_or_none() {
    for (option, status) in [("--keep", 0), ("--discard", 1)] {
        let (given, _) = edges(10, 1_000);
        let board = Board::new(vec![Act::Await, Act::Send(session(HEAD, &given))]);
        let child = board.start(&[option]);
        // When there is a file, the device has been heard; a second later it would be silent.
        while fs::read_dir(board.capture().parent().unwrap())
            .unwrap()
            .count()
            < 2
        {
            thread::sleep(Duration::from_millis(10));
        }
        thread::sleep(Duration::from_millis(300));
        let kill = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        let run = run(child);
        assert_eq!(run.status, status, "{}", run.stderr);
        if option == "--keep" {
            assert_same(
                &file::read(&board.capture()).0,
                &file::given(HEAD.lines, &given),
            );
        } else {
            assert!(
                run.stderr.contains("out.vcd is not written"),
                "{}",
                run.stderr
            );
            assert!(!board.capture().exists());
        }
    }
}

#[test]
fn a_recording_as_samples_is_the_stimulus() {
    for lines in [3, 8, 32] {
        let (given, _) = edges(12, 3_000);
        let head = Head {
            lines: &["D0"; 32][..lines],
            ..HEAD
        };
        let board = Board::new(vec![Act::Await, Act::Send(session(head, &given))]);
        let capture = board.capture().with_extension("sr");
        // Longer than a piece of samples.
        let run = run(start(&board.port(), &capture, &["--for", "1200ms"]));
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        let (edges, duration) = file::read(&capture);
        let names = ["D0", "D0#2", "D0#3"];
        assert_same(&edges, &file::given(&names, &given));
        assert_eq!(duration, 1_200_001, "with the sample at the end");
    }
}

#[test]
fn a_loss_is_a_channel_of_the_samples() {
    let mut given = vec![Given::Edge(100, 0, true), Given::Gap(12, 0b010)];
    given.extend([Given::Edge(900, 2, true), Given::Tick(2_000_000)]);
    let board = Board::new(vec![Act::Await, Act::Send(session(HEAD, &given))]);
    let capture = board.capture().with_extension("sr");
    let run = run(start(&board.port(), &capture, &["--for", "5ms"]));
    assert_eq!(run.status, 3);
    let edge = |time, name: &str, high| (time, name.to_string(), high);
    let expected = [
        edge(100, "TX", true),
        edge(100, "LOSS", true),
        edge(900, "TX", false),
        edge(900, "RX", true),
        edge(900, "IRQ", true),
        edge(900, "LOSS", false),
    ];
    assert_same(&file::read(&capture).0, &expected);
}

#[test]
fn a_clock_that_is_too_fast_for_samples_is_refused() {
    let head = Head {
        rate_hz: 1_000_000_000,
        ..HEAD
    };
    let board = Board::new(vec![Act::Await, Act::Send(session(head, &edges(1, 10).0))]);
    let capture = board.capture().with_extension("sr");
    let run = run(start(&board.port(), &capture, &[]));
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("Record it as .vcd"), "{}", run.stderr);
    assert!(!capture.exists());
}

#[test]
fn a_recording_goes_to_standard_output_too() {
    let (given, _) = edges(11, 10);
    let board = Board::new(vec![Act::Await, Act::Send(session(HEAD, &given))]);
    let run = run(start(
        &board.port(),
        "/dev/stdout".as_ref(),
        &["--edges", "10"],
    ));
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains(" LOSS $end"),
        "declared, as it cannot be later"
    );
}
