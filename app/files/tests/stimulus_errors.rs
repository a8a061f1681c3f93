//! Every error in a recording is reported in one line: file, line, cause.

mod common;

use std::fs;
use std::path::Path;

use common::{RECORDINGS, directory, header, open, recording};
use edgepipe_host::Stimulus;

/// Opens `text` as `in.vcd` and checks the message below the directory's name.
#[track_caller]
fn refused(text: impl AsRef<[u8]>, message: &str) {
    let directory = directory();
    let error = open(&directory, text).unwrap_err();
    let prefix = format!("{}/", directory.path().display());
    assert_eq!(error.to_string().strip_prefix(&prefix), Some(message));
    assert_eq!(error.exit_status(), 1);
}

fn with_body(body: &str) -> String {
    header(1) + body
}

#[test]
fn a_file_that_cannot_be_opened_is_named_without_a_line() {
    let directory = directory();
    let path = directory.path().join("none.vcd");
    let error = Stimulus::open(&path).unwrap_err().to_string();
    assert_eq!(
        error,
        format!(
            "{}: cannot open: No such file or directory (os error 2)",
            path.display()
        )
    );
    let error = Stimulus::open(directory.path()).unwrap_err().to_string();
    assert_eq!(
        error,
        format!(
            "{}: cannot open: is a directory",
            directory.path().display()
        )
    );
}

#[test]
fn a_file_name_cannot_break_the_line() {
    let error = Stimulus::open("no\nsuch\u{1b}.vcd".as_ref())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("no\\nsuch\\u{1b}.vcd: cannot open: "),
        "{error}"
    );
}

#[test]
fn a_file_that_ends_too_early_is_truncated() {
    refused(
        "",
        "in.vcd:1: truncated: the file ends before $enddefinitions",
    );
    refused(
        "\n\n",
        "in.vcd:2: truncated: the file ends before $enddefinitions",
    );
    refused(
        "$timescale 1 us\n",
        "in.vcd:1: truncated: the file ends inside a command",
    );
    refused(
        "$comment\nno end",
        "in.vcd:2: truncated: the file ends inside a token (no newline after it)",
    );
    refused(
        with_body("#12"),
        "in.vcd:6: truncated: the file ends inside a token (no newline after it)",
    );
    refused(
        with_body("#12\n1!"),
        "in.vcd:7: truncated: the file ends inside a token (no newline after it)",
    );
    refused(
        with_body("#12\n1"),
        "in.vcd:7: truncated: the file ends inside a token (no newline after it)",
    );
    refused(
        with_body("$dumpvars\n1!\n"),
        "in.vcd:7: truncated: the file ends inside a $dump block",
    );
}

#[test]
fn what_is_not_vcd_is_refused_at_its_line() {
    for (text, message) in [
        (
            "hello\n",
            "1: malformed VCD: unexpected character at start of command",
        ),
        ("\n$nonsense $end\n", "2: malformed VCD: unknown command"),
        ("$end\n", "1: malformed VCD: unmatched `$end`"),
        (
            "$upscope $end\n",
            "1: malformed VCD: $upscope without $scope",
        ),
        (
            "$timescale 1 parsec $end\n",
            "1: malformed VCD: invalid timescale unit",
        ),
        (
            "$timescale 0 us $end\n",
            "1: malformed VCD: a $timescale of 0",
        ),
        (
            "$timescale 1 us $end\n$timescale 1 us $end\n",
            "2: malformed VCD: a second $timescale",
        ),
        (
            "$var wire one ! a $end\n",
            "1: malformed VCD: invalid digit found in string",
        ),
        (
            "$var wire 1 ! a b $end\n",
            "1: malformed VCD: expected `$end`",
        ),
        ("#0\n", "1: malformed VCD: a change before $enddefinitions"),
        (
            "$scope module a $end\n$enddefinitions $end\n",
            "2: malformed VCD: $enddefinitions inside a $scope",
        ),
        (
            "$enddefinitions $end\n",
            "1: no $timescale, so its times have no unit",
        ),
    ] {
        refused(text, &format!("in.vcd:{message}"));
    }
}

#[test]
fn a_wrong_body_is_refused_at_its_line() {
    for (body, message) in [
        ("#0\n1%\n", "7: change of the undeclared id code '%'"),
        ("#0\nb01 %\n", "7: change of the undeclared id code '%'"),
        (
            "b01 !\n",
            "6: '!' is a single-bit wire, its value is not one bit",
        ),
        (
            "r1.5 !\n",
            "6: '!' is a single-bit wire, its value is not one bit",
        ),
        ("#10\n#10\n#9\n", "8: time runs backwards: #9 after #10"),
        ("#-1\n", "6: malformed VCD: invalid digit found in string"),
        (
            "#99999999999999999999\n",
            "6: malformed VCD: number too large to fit in target type",
        ),
        (
            "#18446744073709551615\n",
            "6: time #18446744073709551615 is beyond 292 years",
        ),
        (
            "$var wire 1 ! a $end\n",
            "6: malformed VCD: declared after $enddefinitions",
        ),
        ("$end\n", "6: malformed VCD: unmatched `$end`"),
    ] {
        refused(with_body(body), &format!("in.vcd:{message}"));
    }
}

#[test]
fn there_are_one_to_thirty_two_wires() {
    let text = "$timescale 1 us $end\n$var wire 8 ! bus $end\n$enddefinitions $end\n";
    refused(text, "in.vcd:3: no single-bit wire");
    refused(header(33), "in.vcd:35: more than 32 single-bit wires");
}

#[test]
fn what_is_not_utf_8_is_refused() {
    refused(
        b"$comment \xff $end\n",
        "in.vcd:1: malformed VCD: invalid UTF-8",
    );
    refused(
        [header(1).as_bytes(), b"1\xff\n"].concat(),
        "in.vcd:6: malformed VCD: invalid UTF-8",
    );
}

#[test]
fn a_command_longer_than_any_memory_should_hold_is_refused() {
    let long = "x".repeat((1 << 20) + 1);
    let message = "malformed VCD: a command of more than 1048576 bytes";
    refused(
        format!("\n$comment {long}"),
        &format!("in.vcd:2: {message}"),
    );
    refused(
        format!("$scope module {long}"),
        &format!("in.vcd:1: {message}"),
    );
    refused(
        with_body(&format!("b{long}")),
        &format!("in.vcd:6: {message}"),
    );
    // Blanks between commands take no memory.
    let directory = directory();
    open(&directory, header(1) + &"\n".repeat((1 << 20) + 1) + "#1\n").unwrap();
}

#[test]
fn a_tower_of_scopes_does_not_exhaust_the_stack() {
    refused(
        "$scope module a $end\n".repeat(100_000),
        "in.vcd:100000: truncated: the file ends before $enddefinitions",
    );
}

#[test]
fn no_event_follows_an_error() {
    let directory = directory();
    // Long enough that the replay has not read the end when the file changes.
    let long = with_body(&format!(
        "0!\n#1\n1!\n$comment {} $end\n",
        "x".repeat(100_000)
    ));
    let mut stimulus = open(&directory, long.clone() + "#2\n0!\n#3\n1!\n").unwrap();
    fs::write(directory.path().join("in.vcd"), long + "#2\n0%\n#3\n1!\n").unwrap();
    assert_eq!(stimulus.next_event().unwrap().unwrap().at_us, 1);
    let error = stimulus.next_event().unwrap_err().to_string();
    assert!(
        error.ends_with("in.vcd:11: change of the undeclared id code '%'"),
        "{error}"
    );
    assert_eq!(stimulus.next_event(), Ok(None));
}

#[test]
fn a_recording_cut_anywhere_is_read_or_refused_in_one_line() {
    let recordings = RECORDINGS.iter().filter_map(|(name, _)| recording(name));
    std::thread::scope(|threads| {
        for path in recordings {
            threads.spawn(move || cut_anywhere(&path));
        }
    });
}

fn cut_anywhere(path: &Path) {
    let whole = fs::read(path).unwrap();
    // Every offset. For a long recording, whose body repeats, only those near its two ends.
    let tail = whole.len() - 16;
    let directory = directory();
    for length in (0..whole.len()).filter(|&n| whole.len() < 10_000 || n < 600 || n > tail) {
        let cut = &whole[..length];
        let lines: Vec<_> = cut.split_inclusive(|&byte| byte == b'\n').collect();
        let complete = cut.ends_with(b"\n") && lines.contains(&&b"$enddefinitions $end\n"[..]);
        let opened = open(&directory, cut);
        let what = format!("{}, {length} bytes", path.display());
        assert_eq!(opened.is_ok(), complete, "{what}");
        if let Err(error) = opened {
            let message = error.to_string();
            let place = format!("in.vcd:{}: truncated: ", lines.len().max(1));
            assert!(message.contains(&place), "{what}: {message}");
            assert!(!message.contains('\n'), "{what}: {message}");
        }
    }
}

#[test]
fn damaged_recordings_never_panic() {
    let pieces = [
        "$var",
        "wire",
        "reg",
        "1",
        "8",
        "!",
        "\"",
        "[0]",
        "$end",
        "$enddefinitions",
        "$scope",
        "module",
        "$upscope",
        "$timescale",
        "us",
        "1fs",
        "#",
        "#1",
        "#99999999999999999999",
        "0!",
        "1!",
        "x!",
        "b01 !",
        "r1e999 !",
        "s !",
        "$dumpvars",
        "$dumpoff",
        "$comment",
        "\n",
        " ",
        "\u{e9}",
        "\0",
    ];
    let directory = directory();
    let good = header(2) + "#0\n1!\n0\"\n#5\n0!\n$dumpoff\nx!\n$end\n#9\n1!\n1\"\n#20\n";
    for seed in 0..3_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut text = good.clone().into_bytes();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(0..=text.len());
            let to = random.usize(at..=text.len().min(at + 9));
            match random.u8(0..3) {
                0 => drop(text.splice(at..to, [random.u8(..)])),
                1 => drop(text.splice(at..at, random.choice(pieces).unwrap().bytes())),
                _ => drop(text.drain(at..to)),
            }
        }
        match open(&directory, &text) {
            Ok(mut stimulus) => {
                let edges = common::events(&mut stimulus).len() as u64;
                assert_eq!(stimulus.edges(), edges, "seed {seed}");
            }
            Err(error) => assert!(!error.to_string().contains('\n'), "seed {seed}: {error}"),
        }
    }
}
