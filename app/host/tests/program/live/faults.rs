//! Cables are pulled, devices reset, bytes damaged: no wrong edge, and what is lost is marked.

use std::fs;
use std::path::Path;
use std::process::Command;

use edgepipe_stream::Head;

use super::board::{Act, Board, Given, HEAD, edges, session};
use super::file::{self, apart_from_losses, assert_same, without};

#[test]
fn a_pulled_cable_leaves_what_came_before_or_nothing() {
    let (given, _) = edges(20, 1_000);
    let mut bytes = session(HEAD, &given);
    bytes.truncate(bytes.len() / 2);
    for discard in [false, true] {
        let acts = vec![Act::Await, Act::Send(bytes.clone()), Act::Pull];
        let board = Board::new(acts);
        let port = board.port();
        let (run, recorded) = board.record(if discard { &["--discard"] } else { &[] });
        assert_eq!(run.status, 1);
        assert_eq!(run.stderr.lines().count(), 1);
        assert!(run.stderr.starts_with(&port), "{}", run.stderr);
        assert!(run.stderr.contains("went away"), "{}", run.stderr);
        assert_eq!(recorded.file.is_none(), discard);
        if !discard {
            let (edges, _) = file::read(&recorded.path());
            let expected = file::given(HEAD.lines, &given);
            assert!(edges.len() > 400, "{}", edges.len());
            assert_same(&edges, &expected[..edges.len()]);
        }
        assert_eq!(
            fs::read_dir(recorded.path().parent().unwrap())
                .unwrap()
                .count(),
            1 + usize::from(!discard)
        );
    }
}

#[test]
fn damaged_bytes_are_losses_that_the_file_shows_and_the_rest_is_right() {
    for seed in 0..20 {
        let (given, _) = edges(seed, 2_000);
        let mut bytes = session(HEAD, &given);
        let mut random = fastrand::Rng::with_seed(seed);
        // The head's and the last frame's are left alone.
        for _ in 0..5 {
            let place = random.usize(100..bytes.len() - 200);
            bytes[place] ^= random.u8(1..);
        }
        let board = Board::new(vec![Act::Await, Act::Send(bytes)]);
        let (run, recorded) = board.record(&["--for", "1s"]);
        assert_eq!(run.status, 3, "{}{}", run.stderr, run.stdout);
        let (edges, _) = file::read(&recorded.path());
        let (losses, certain) = apart_from_losses(&edges);
        let all = file::given(HEAD.lines, &given);
        assert_same(&certain, &without(&losses, &all));
        assert!((1..=5).contains(&losses.len()));
        let number = |key: &str| -> usize {
            let rest = run.stdout.split(key).nth(1).unwrap();
            rest.split_whitespace().next().unwrap().parse().unwrap()
        };
        assert_eq!(number("recorded") + number("lost"), all.len());
        let file = recorded.file.unwrap();
        assert_eq!(
            file.matches("edges on the line, from").count(),
            losses.len()
        );
    }
}

#[test]
fn a_loss_of_the_board_is_told_where_it_was() {
    let given = [
        Given::Edge(100, 0, true),
        Given::Gap(12, 0b010),
        Given::Edge(900, 2, true),
        Given::Tick(2_000_000),
    ];
    let board = Board::new(vec![Act::Await, Act::Send(session(HEAD, &given))]);
    let (run, recorded) = board.record(&["--for", "1s"]);
    assert_eq!(run.status, 3);
    assert_eq!(run.stderr, "12 edges were lost; --allow-loss accepts it\n");
    assert!(
        run.stdout
            .contains("lost         12  (12 by the board, 0 on the line)\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains(" lost 12 edges by the board, from 0.000100000 s to 0.000900000 s\n"),
        "{}",
        run.stdout
    );
    let file = recorded.file.clone().unwrap();
    assert!(
        file.ends_with(
            "#100\n1!\n\
             #101\nx!\nx\"\nx#\n1~\n#900\n0!\n1\"\n0#\n0~\n1#\n#1000000\n\
             $comment lost 12 edges by the board, from 0.000100000 s to 0.000900000 s $end\n"
        ),
        "{file}"
    );
    let (edges, _) = file::read(&recorded.path());
    assert_eq!(apart_from_losses(&edges).0, [(101, 900)]);
    // As PulseView sees it: unknown levels are low.
    if let Some(seen) = sigrok(&recorded.path()) {
        let changes = [
            "#0 0! 0\" 0# 0$",
            "#100 1!",
            "#101 0! 1$",
            "#900 1\" 1# 0$",
            "#1000000",
        ];
        assert!(seen.trim_end().ends_with(&changes.join("\n")), "{seen}");
        assert!(seen.contains("$var wire 1 $ LOSS $end"));
    }
}

/// The file as libsigrok reads it, as VCD again; `None` without sigrok-cli.
fn sigrok(file: &Path) -> Option<String> {
    let output = Command::new("sigrok-cli")
        .args(["-I", "vcd", "-O", "vcd", "-i"])
        .arg(file)
        .output();
    match output {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap()),
        Err(_) => {
            println!("SKIP: no sigrok-cli");
            None
        }
    }
}

#[test]
fn losses_without_any_time_are_high_for_one_unit() {
    let given = [
        Given::Edge(100, 0, true),
        Given::Gap(1, 1),
        Given::Edge(100, 1, true),
        Given::Gap(1, 3),
        Given::Edge(101, 1, false),
        Given::Edge(500, 1, true),
        Given::Tick(2_000_000),
    ];
    let board = Board::new(vec![Act::Await, Act::Send(session(HEAD, &given))]);
    let (run, recorded) = board.record(&["--for", "1s", "--allow-loss"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let (edges, _) = file::read(&recorded.path());
    let losses: Vec<_> = edges.iter().filter(|(_, name, _)| name == "LOSS").collect();
    let times: Vec<_> = losses
        .iter()
        .map(|(time, _, high)| (*time, *high))
        .collect();
    assert_eq!(times, [(100, true), (102, false)]);
}

#[test]
fn a_reset_of_the_device_is_marked_and_what_comes_after_is_right() {
    let (mut first, end) = edges(30, 500);
    // Less than the device will be silent.
    let end = end - 400_000;
    first.pop();
    first.push(Given::Tick(end));
    let (second, _) = edges(31, 500);
    let again = Head { session: 2, ..HEAD };
    // The device is silent until it is asked again.
    let board = Board::new(vec![
        Act::Await,
        Act::Send(session(HEAD, &first)),
        Act::Await,
        Act::Send(session(again, &second)),
    ]);
    let (run, recorded) = board.record(&["--edges", "1000"]);
    assert_eq!(run.status, 3, "{}", run.stderr);
    assert_eq!(
        run.stderr,
        "0 edges were lost and the device restarted; --allow-loss accepts it\n"
    );
    assert!(run.stdout.contains("\nrestarts      1\n"), "{}", run.stdout);
    let file = recorded.file.clone().unwrap();
    assert!(file.contains("$comment restart of the device, from 0.6"));
    let (edges, _) = file::read(&recorded.path());
    let (losses, certain) = apart_from_losses(&edges);
    let [(from, to)] = losses[..] else {
        panic!("{losses:?}");
    };
    assert_eq!(from, end + 1);
    let mut expected = file::given(HEAD.lines, &first);
    let second = file::given(HEAD.lines, &second);
    expected.extend(
        second
            .into_iter()
            .map(|(time, name, high)| (to + time, name, high)),
    );
    assert_same(&certain, &expected);
}

#[test]
fn a_device_that_comes_back_as_another_one_ends_the_recording() {
    let other = Head {
        session: 2,
        rate_hz: 5,
        ..HEAD
    };
    let bytes = [
        session(HEAD, &edges(1, 10).0),
        session(other, &edges(1, 10).0),
    ]
    .concat();
    let board = Board::new(vec![Act::Await, Act::Send(bytes)]);
    let (run, recorded) = board.record(&[]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("3 lines at 5 Hz"), "{}", run.stderr);
    assert_eq!(recorded.file, None);
}

#[test]
fn a_device_that_falls_silent_is_recorded_until_then() {
    let (given, end) = edges(40, 100);
    let board = Board::new(vec![Act::Await, Act::Send(session(HEAD, &given))]);
    let (run, recorded) = board.record(&["--for", "1100ms"]);
    assert_eq!(run.status, 3);
    let seconds = end as f64 / 1e6;
    assert_eq!(
        run.stderr,
        format!(
            "0 edges were lost and the device was silent from {seconds:.3} s on; --allow-loss accepts it\n"
        )
    );
    let (all, _) = file::read(&recorded.path());
    let (losses, certain) = apart_from_losses(&all);
    assert_same(&certain, &file::given(HEAD.lines, &given));
    assert_eq!(losses.len(), 1);
    let place = format!("the device was silent from {seconds:.9} s on");
    assert!(recorded.file.unwrap().contains(&place));
}

#[test]
fn a_loss_that_lasts_beyond_the_end_says_so() {
    let given = [
        Given::Edge(100, 0, true),
        Given::Gap(12, 0b010),
        Given::Edge(1_500_000, 2, true),
        Given::Tick(2_000_000),
    ];
    let board = Board::new(vec![Act::Await, Act::Send(session(HEAD, &given))]);
    let (run, _) = board.record(&["--for", "1s"]);
    assert_eq!(run.status, 3);
    let place = "lost 12 edges by the board, from 0.000100000 s until after the end\n";
    assert!(run.stdout.contains(place), "{}", run.stdout);
}
