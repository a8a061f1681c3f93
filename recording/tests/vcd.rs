//! What the files of `corpus/` do not show: bounds, hostile input, and files that change.

mod common;

use std::fs;
use std::path::Path;

use common::{directory, header, open, refused, triples};
use edgepipe_recording::{Recording, Wires};

fn with_body(body: &str) -> String {
    header(1) + body
}

#[test]
fn a_file_that_cannot_be_opened_is_named_without_a_line() {
    let directory = directory();
    let open = |path: &Path| {
        let error = Recording::open(path, &Wires::default()).unwrap_err();
        error.to_string()
    };
    let path = directory.path().join("none.vcd");
    assert_eq!(
        open(&path),
        format!(
            "{}: cannot open: No such file or directory (os error 2)",
            path.display()
        )
    );
    assert_eq!(
        open(directory.path()),
        format!(
            "{}: cannot open: is a directory",
            directory.path().display()
        )
    );
    let error = open("no\nsuch\u{1b}.vcd".as_ref());
    assert!(
        error.starts_with("no\\nsuch\\u{1b}.vcd: cannot open: "),
        "{error}"
    );
}

#[test]
fn thirty_two_wires_fit() {
    let mut text = header(32) + "#1\n";
    for wire in 0..32_u8 {
        text += &format!("1{0}\n0{0}\n", (b'!' + wire) as char);
    }
    let mut recording = open(&directory(), text).unwrap();
    assert_eq!(
        (recording.initial_levels(), recording.edges()),
        (u32::MAX, 32)
    );
    assert_eq!(triples(&mut recording).last(), Some(&(1, 31, false)));
    assert_eq!(recording.next_event(), Ok(None), "the end stays the end");
}

#[test]
fn the_step_divides_all_times() {
    for (body, step) in [
        ("", 0),
        ("#0\n1!\n0!\n", 0),
        ("#0\n1!\n#6\n", 6),
        ("#0\n1!\n#6\n0!\n#10\n", 2),
        ("#4\n1!\n#6\n0!\n#12\n1!\n#18\n", 6),
        ("#0 1!\n#7 0!\n#14 1!\n#20 0!\n", 1),
    ] {
        assert_eq!(
            open(&directory(), with_body(body)).unwrap().step(),
            step,
            "{body}"
        );
    }
}

#[test]
fn names_declarations_and_times_have_a_bound() {
    let long = "x".repeat(70_000);
    let x = "x".repeat(60);
    let cause = format!("'{x}...' has more than 65536 bytes");
    refused(
        format!("\n$scope module {long} $end"),
        &format!("in.vcd:2: {cause}"),
    );
    refused(
        format!("$var wire 1 {long} a $end"),
        &format!("in.vcd:1: {cause}"),
    );
    let words = "word ".repeat(20_000);
    let error = open(&directory(), format!("$var wire 1 ! {words} $end")).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("...' has more than 65536 bytes"),
        "{error}"
    );
    let error = open(&directory(), with_body(&format!("#1\n1{long}\n"))).unwrap_err();
    assert!(error.to_string().contains("in.vcd:7: '1xxx"), "{error}");
    let zeros = format!("#{}5\n", "0".repeat(70_000));
    let error = open(&directory(), with_body(&zeros)).unwrap_err();
    assert!(
        error.to_string().ends_with("has more than 65536 bytes"),
        "{error}"
    );
    // Deep scopes have long paths.
    let error = open(&directory(), "$scope module abcdefg $end\n".repeat(10_000)).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("more than 134217728 bytes of names"),
        "{error}"
    );
    refused(
        "$scope module $end\n".repeat(100_000),
        "in.vcd:100000: truncated: the file ends before $enddefinitions",
    );
}

#[test]
fn what_is_skipped_has_no_bound() {
    // At every place of the buffer's end.
    for length in [60_000, 65_535, 65_536, 65_537, 131_072, 1 << 20]
        .into_iter()
        .flat_map(|n| n..n + 3)
    {
        let long = "1".repeat(length);
        let text = format!(
            "$comment {long} $end\n$timescale 1 us $end\n$var wire 1 ! a $end\n$var wire 8 \" b $end\n\
             $enddefinitions $end\n$foo {long}\n$end 0!\nb{long} \"\nr{long} \"\ns{long} \"\n#1 1!\n"
        );
        let mut recording = open(&directory(), &text).unwrap();
        assert_eq!(triples(&mut recording), [(1, 0, true)]);
        refused(
            text + "0%",
            "in.vcd:12: change of the undeclared id code '%'",
        );
    }
    open(&directory(), header(1) + &"\n".repeat(1 << 20) + "#1\n").unwrap();
}

#[test]
fn five_of_a_million_wires_are_played() {
    let mut text = String::from("$timescale 1 us $end\n");
    for wire in 0..(1 << 20) {
        text += &format!("$var wire 1 i{wire:x} w{wire} $end\n");
    }
    text += "$enddefinitions $end\n";
    for time in 0..2 {
        text += &format!("#{time}\n");
        for wire in [0, 1, 77, 4_096, 1_000_000, 1_048_575] {
            text += &format!("{time}i{wire:x}\n");
        }
    }
    let directory = directory();
    let path = directory.path().join("in.vcd");
    fs::write(&path, &text).unwrap();
    let wires = "w1000000,w0,w77,LAST=w1048575,w4096".parse().unwrap();
    let mut recording = Recording::open(&path, &wires).unwrap();
    assert_eq!(
        recording.names(),
        ["w1000000", "w0", "w77", "LAST", "w4096"]
    );
    assert_eq!(
        triples(&mut recording),
        [
            (1, 1, true),
            (1, 2, true),
            (1, 4, true),
            (1, 0, true),
            (1, 3, true)
        ]
    );
}

/// Long enough that the replay has not read the end when the file changes.
fn long(end: &str) -> String {
    let comment = "x".repeat(200_000);
    with_body(&format!("0!\n#1\n1!\n$comment {comment} $end\n{end}"))
}

#[test]
fn no_event_follows_an_error() {
    let directory = directory();
    let mut recording = open(&directory, long("#2\n0!\n#3\n1!\n")).unwrap();
    fs::write(directory.path().join("in.vcd"), long("#2\n0%\n#3\n1!\n")).unwrap();
    assert_eq!(recording.next_event().unwrap().unwrap().time, 1);
    let error = recording.next_event().unwrap_err().to_string();
    assert!(
        error.ends_with("in.vcd:11: change of the undeclared id code '%'"),
        "{error}"
    );
    assert_eq!(recording.next_event(), Ok(None));
}

#[test]
fn a_file_that_changes_between_the_passes_is_an_error() {
    let same = "#2\n0!\n#3\n1!\n#9\n";
    for changed in [
        "",
        "#2\n0!\n#4\n1!\n#9\n",
        "#2\n0!\n#3\n1!\n#8\n",
        "#2\n0!\n#3\n1!\n#9\n0!\n",
        "#2\n0!\n#3\n1!\n#10\n0!\n",
    ] {
        let directory = directory();
        let mut recording = open(&directory, long(same)).unwrap();
        fs::write(directory.path().join("in.vcd"), long(changed)).unwrap();
        let mut events = 0;
        let error = loop {
            match recording.next_event() {
                Ok(Some(_)) => events += 1,
                Ok(None) => panic!("{changed:?} is taken for {same:?}"),
                Err(error) => break error.to_string(),
            }
        };
        assert!(
            error.ends_with("in.vcd: it changed while it was read"),
            "{error}"
        );
        assert!(events <= recording.edges());
        assert_eq!(recording.next_event(), Ok(None));
    }
}

#[test]
#[cfg(unix)]
fn a_pipe_can_be_replayed_while_it_is_written() {
    use std::io::Write;
    use std::os::fd::AsRawFd;

    let sr = fs::read(common::path_of("corpus/spi.sr")).unwrap();
    let gzip = fs::read(common::path_of("corpus/gzip.vcd.gz")).unwrap();
    let vcd = with_body(&format!(
        "0!\n$comment {} $end\n#4\n1!\n",
        "x".repeat(200_000)
    ));
    for content in [vcd.into_bytes(), gzip, sr] {
        let directory = directory();
        let expected = triples(&mut open(&directory, &content).unwrap());
        let (reader, mut writer) = std::io::pipe().unwrap();
        let writes = std::thread::spawn(move || {
            for piece in content.chunks(content.len() / 3 + 1) {
                std::thread::sleep(std::time::Duration::from_millis(5));
                writer.write_all(piece).unwrap();
            }
        });
        let pipe = format!("/dev/fd/{}", reader.as_raw_fd());
        let mut recording = Recording::open(pipe.as_ref(), &Wires::default()).unwrap();
        writes.join().unwrap();
        assert_eq!(triples(&mut recording), expected);
    }
}

#[test]
fn standard_input_can_be_replayed() {
    use std::io::Write;
    use std::process::{Command, Stdio};

    const CHILD: &str = "EDGEPIPE_TEST_READS_STANDARD_INPUT";
    if std::env::var_os(CHILD).is_some() {
        let mut recording = Recording::open("-".as_ref(), &Wires::default()).unwrap();
        assert_eq!(triples(&mut recording), [(4, 0, true)]);
        let error = Recording::open("-".as_ref(), &Wires::default()).unwrap_err();
        let end = "standard input:1: truncated: the file ends before $enddefinitions";
        assert_eq!(error.to_string(), end);
        return;
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "standard_input_can_be_replayed"])
        .env(CHILD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let text = with_body("#0\n0!\n#4\n1!\n");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_recording_cut_anywhere_is_read_or_refused_in_one_line() {
    let directory = directory();
    for name in ["sigrok.vcd", "ghdl.vcd", "pyvcd.vcd", "icarus.vcd"] {
        let whole = fs::read(common::path_of("corpus").join(name)).unwrap();
        let header = "$enddefinitions $end";
        let header = whole
            .windows(header.len())
            .position(|text| text == header.as_bytes())
            .unwrap()
            + header.len();
        for length in 0..whole.len() {
            let cut = &whole[..length];
            let lines = cut.split_inclusive(|&byte| byte == b'\n').count().max(1);
            match open(&directory, cut) {
                Ok(recording) => {
                    assert!(length >= header, "{name}, {length} bytes");
                    assert!(recording.duration() <= 20_000_000);
                }
                Err(error) => {
                    let message = error.to_string();
                    assert!(!message.contains('\n'), "{message}");
                    let place = format!("in.vcd:{lines}: ");
                    let is_command = message.contains("has no $end");
                    assert!(
                        is_command || message.contains(&place),
                        "{length}: {message}"
                    );
                }
            }
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
        "#-1",
        "#1.5",
        "U!",
        "pU 0 6 !",
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
            Ok(mut recording) => {
                let events = triples(&mut recording);
                assert_eq!(recording.edges(), events.len() as u64, "seed {seed}");
                let step = recording.step().max(1);
                assert!(
                    events.iter().all(|event| event.0 % step == 0),
                    "seed {seed}"
                );
            }
            Err(error) => assert!(!error.to_string().contains('\n'), "seed {seed}: {error}"),
        }
    }
}

#[test]
fn unknown_levels_are_there_for_who_asks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.vcd");
    let head = "$timescale 1 us $end\n$var wire 1 ! A $end\n$enddefinitions $end\n";
    let body = "#0\n0!\n#5\nx!\n#6\nz!\n#7\n0!\n#8\n1!\n#9\nx!\n#10\n0!\n$comment lost 7 $end\n#12\n1!\n\
                $comment lost many $end\n#13\n0!\n$comment lost 2 from 0.000008 s to 0.00001 s $end\n";
    std::fs::write(&path, format!("{head}{body}")).unwrap();
    let open = || Recording::open(&path, &Wires::default()).unwrap();

    let mut recording = open();
    let mut levels = Vec::new();
    while let Some(level) = recording.next_level().unwrap() {
        levels.push((level.time, level.level, level.is_edge, level.was_unknown));
    }
    assert_eq!(
        levels,
        [
            (5, None, false, false),
            (7, Some(false), false, true),
            (8, Some(true), true, false),
            (9, None, false, false),
            (10, Some(false), true, true),
            (12, Some(true), true, false),
            (13, Some(false), true, false),
        ]
    );
    let losses: Vec<_> = recording.losses().iter().map(|l| (l.lost, l.at)).collect();
    assert_eq!(losses, [(2, 9), (7, 10)]);

    // The events are the edges among them.
    let mut recording = open();
    let events = std::iter::from_fn(|| recording.next_event().unwrap());
    let events: Vec<_> = events.map(|event| (event.time, event.level)).collect();
    assert_eq!(events, [(8, true), (10, false), (12, true), (13, false)]);
}
