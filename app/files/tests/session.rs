//! A whole run, as in both programs.

mod common;

use std::fs;
use std::io;
use std::path::Path;

use common::{directory, events, header, open as recording};
use edgepipe_host::{Captured, Counts, Error, Lines, LostBy, Options, Session, Woken};
use tempfile::TempDir;

/// Writes a recording of one line as `in.vcd`; returns its path and that of `out.vcd`.
fn paths(directory: &TempDir) -> (String, String) {
    let input = directory.path().join("in.vcd");
    fs::write(&input, header(1) + "#0\n1!\n#5\n0!\n#9\n1!\n#20\n").unwrap();
    let output = directory.path().join("out.vcd");
    (
        input.to_str().unwrap().into(),
        output.to_str().unwrap().into(),
    )
}

fn open(arguments: &[&str]) -> Result<Session, Error> {
    Session::open(Options::try_parse_from(
        [&["edgepipe"], arguments].concat(),
    )?)
}

fn edge(line: u8, level: bool) -> Captured {
    Captured {
        line,
        level: level.into(),
        ..Captured::default()
    }
}

/// Captures every event unchanged, and returns what is printed.
fn run(arguments: &[&str]) -> Result<String, Error> {
    let mut session = open(arguments)?;
    session.begin(None)?;
    let mut counts = Counts {
        wakes: 1,
        ..Counts::default()
    };
    while let Some(event) = session.next_event()? {
        session.edge(event.at_us, &edge(event.line, event.level));
        counts.captured += 1;
        counts.delivered += 1;
        counts.edges_per_line[usize::from(event.line)] += 1;
    }
    let mut printed = Vec::new();
    session.finish(&counts, &mut printed)?;
    Ok(String::from_utf8(printed).unwrap())
}

fn own() -> Option<Lines> {
    Some(Lines {
        names: vec!["button".into()],
        initial_levels: 1,
    })
}

#[test]
fn a_replay_gives_its_capture_and_a_line_of_json() {
    let directory = directory();
    let (input, output) = paths(&directory);
    let printed = run(&["--stimulus", &input, "--capture", &output, "--json"]).unwrap();
    assert_eq!(
        printed,
        "{\"captured\":2,\"delivered\":2,\"pending\":0,\"lost\":0,\
         \"lost_by\":{\"full\":0,\"frozen\":0,\"closed\":0,\"unreadable\":0},\
         \"missed\":{\"rising\":0,\"falling\":0},\"high_water\":0,\"wakes\":1,\"capacity\":16,\
         \"ready\":\"full\",\"lines\":[\"w0\"],\"edges_per_line\":[2]}\n"
    );
    let mut capture = recording(&output);
    assert_eq!(capture.duration(), 20, "it ends when the stimulus does");
    assert_eq!(events(&mut capture), [(5, 0, false), (9, 0, true)]);
}

#[test]
fn without_json_the_summary_is_for_reading() {
    let directory = directory();
    let (input, _) = paths(&directory);
    assert_eq!(
        run(&["--stimulus", &input, "--ready", "8", "--plot=never"]).unwrap(),
        "captured   2\ndelivered  2\npending    0\nlost       0\n\
         wakes      1  (ready 8, capacity 16)\nedges      2  w0\n"
    );
}

#[test]
fn the_capture_may_replace_its_stimulus() {
    let directory = directory();
    let (input, _) = paths(&directory);
    run(&["--stimulus", &input, "--capture", &input]).unwrap();
    let mut again = recording(&input);
    assert_eq!(events(&mut again), [(5, 0, false), (9, 0, true)]);
}

#[test]
fn without_a_stimulus_the_application_names_its_lines() {
    let directory = directory();
    let (_, output) = paths(&directory);
    let mut session = open(&["--capture", &output]).unwrap();
    assert!(session.stimulus().is_none());
    session.begin(own()).unwrap();
    assert_eq!(session.next_event(), Ok(None));
    session.edge(3, &edge(0, false));
    session.finish(&Counts::default(), &mut io::sink()).unwrap();
    let mut capture = recording(&output);
    assert_eq!(
        (capture.names(), capture.initial_levels()),
        (&["button".to_string()][..], 1)
    );
    assert_eq!(events(&mut capture), [(3, 0, false)]);
}

#[test]
fn lines_that_cannot_be_are_refused_even_without_a_capture() {
    let many = Lines {
        names: vec!["a".into(); 33],
        initial_levels: 0,
    };
    for (lines, count) in [(None, 0), (Some(many), 33)] {
        let error = open(&[]).unwrap().begin(lines).unwrap_err();
        let message = format!("the application has {count} lines; expected 1 to 32");
        assert_eq!((error.to_string(), error.exit_status()), (message, 1));
    }
}

#[test]
fn a_wrong_edge_is_reported_at_the_end_and_leaves_no_capture() {
    let directory = directory();
    let (_, output) = paths(&directory);
    let mut session = open(&["--capture", &output]).unwrap();
    session.begin(own()).unwrap();
    session.edge(3, &edge(1, false));
    session.edge(4, &edge(0, false));
    let mut printed = Vec::new();
    let error = session
        .finish(&Counts::default(), &mut printed)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{output}: an edge of line 1; there are 1")
    );
    assert!(printed.is_empty() && !Path::new(&output).exists());
}

#[test]
fn a_capture_that_was_never_begun_is_an_error() {
    let directory = directory();
    let (input, output) = paths(&directory);
    let session = open(&["--stimulus", &input, "--capture", &output]).unwrap();
    let error = session
        .finish(&Counts::default(), &mut io::sink())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{output}: the capture was never begun")
    );
}

#[test]
fn a_summary_that_cannot_be_printed_is_an_error() {
    struct Closed;
    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut session = open(&[]).unwrap();
    session.begin(own()).unwrap();
    let error = session.finish(&Counts::default(), &mut Closed).unwrap_err();
    assert_eq!(error.to_string(), "cannot print the summary: broken pipe");
}

/// Replays a recording with this unit and these lines of changes; returns the capture's text after `$enddefinitions`.
fn captured(unit: &str, changes: &str, arguments: &[&str]) -> Result<String, Error> {
    let directory = directory();
    let (input, output) = paths(&directory);
    fs::write(&input, header(2).replace("1 us", unit) + changes).unwrap();
    run(&[&["--stimulus", &input, "--capture", &output], arguments].concat())?;
    let capture = fs::read_to_string(output).unwrap();
    assert!(
        capture.starts_with(&format!("$timescale {unit} $end")),
        "{capture}"
    );
    Ok(capture
        .split_once("$enddefinitions $end\n")
        .unwrap()
        .1
        .to_string())
}

#[test]
fn times_come_back_exactly_in_the_recordings_own_unit() {
    let changes = "#0\n0!\n0\"\n#3\n1!\n#4\n0!\n#1000001\n1\"\n#1000009\n";
    for unit in ["1 us", "10 ns", "100 ps", "1 fs", "100 ms"] {
        assert_eq!(captured(unit, changes, &[]).unwrap(), changes, "{unit}");
    }
}

#[test]
fn a_recording_is_stretched_only_as_far_as_its_times_need() {
    let at = |unit: &str, changes: &str, arguments: &[&str]| {
        let directory = directory();
        let (input, _) = paths(&directory);
        fs::write(&input, header(2).replace("1 us", unit) + changes).unwrap();
        let mut session = open(&[&["--stimulus", &input], arguments].concat()).unwrap();
        let event = session.next_event().unwrap().unwrap();
        (
            event.at_us,
            session.edge(event.at_us, &edge(event.line, event.level)),
        )
    };
    let edge_at_1500 = "#0\n0!\n#1500\n1!\n";
    assert_eq!(at("1 us", edge_at_1500, &[]), (1_500, 1_500));
    // 1,500 ns are 3 half microseconds.
    assert_eq!(at("1 ns", edge_at_1500, &[]), (3, 1_500));
    assert_eq!(at("1 ns", edge_at_1500, &["--stretch", "1"]), (2, 2_000));
    assert_eq!(at("1 ns", edge_at_1500, &["--stretch", "10"]), (15, 1_500));
    // The end of the recording counts too.
    assert_eq!(
        at("1 ns", "#0\n0!\n#1500\n1!\n#1501\n", &[]),
        (1_500, 1_500)
    );
    assert_eq!(
        at("1 us", "#0\n0!\n#1500\n1!\n", &["--stretch", "3"]),
        (4_500, 1_500)
    );
}

#[test]
fn a_recording_that_is_too_long_for_the_clock_is_refused_with_a_hint() {
    let error = captured("1 ns", "#0\n0!\n#18000000000000000001\n1!\n", &[]).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("stretched 1000 times") && text.contains("--stretch"),
        "{text}"
    );
    assert_eq!(error.exit_status(), 1);
    // Without the stretch it has room: 570 years, but 292 are the limit.
    assert!(
        captured(
            "1 ns",
            "#0\n0!\n#9000000000000000001\n1!\n",
            &["--stretch", "1"]
        )
        .is_ok()
    );
    assert!(captured("1 s", "#0\n0!\n#9223372037\n1!\n", &[]).is_err());
}

#[test]
fn times_of_options_are_stretched_as_the_recording_is() {
    let directory = directory();
    let (input, _) = paths(&directory);
    let open = |stretch| {
        let times = [
            "--flush-after=5ms",
            "--idle-after=2ms",
            "--debounce=1ms",
            "--stretch",
            stretch,
        ];
        open(&[&["--stimulus", &input], &times[..]].concat())
    };
    let session = open("1").unwrap();
    let times = |session: &Session| {
        let (flush, idle) = (session.flush_after_us(), session.idle_after_us());
        (flush, idle, session.debounce_us())
    };
    assert_eq!(times(&session), (5_000, 2_000, 1_000));
    let session = open("20").unwrap();
    assert_eq!(times(&session), (100_000, 40_000, 20_000));
    let error = open("5000000").unwrap_err();
    assert_eq!(error.exit_status(), 2);
    assert!(
        error
            .to_string()
            .starts_with("--debounce, 5000000 times longer"),
        "{error}"
    );
}

#[test]
fn the_list_has_each_wire_with_its_edges_and_shortest_pulse() {
    let directory = directory();
    let (input, _) = paths(&directory);
    let list = open(&["--stimulus", &input, "--list"]).unwrap_err();
    assert_eq!(list.exit_status(), 0);
    assert_eq!(
        list.to_string(),
        "     edges  shortest pulse  wire\n         2         4000 ns  w0\n"
    );
}

/// Counts of a run that lost edges.
fn counts(captured: u64, full: u64) -> Counts {
    Counts {
        captured,
        delivered: captured - full,
        lost_by: LostBy {
            full,
            ..LostBy::default()
        },
        ..Counts::default()
    }
}

#[test]
fn a_loss_has_an_exit_status_of_its_own_after_all_is_written() {
    for (arguments, status) in [(&["--json"][..], 3), (&["--json", "--allow-loss"], 0)] {
        let directory = directory();
        let (_, output) = paths(&directory);
        let mut session = open(&[arguments, &["--capture", &output]].concat()).unwrap();
        session.begin(own()).unwrap();
        let mut printed = Vec::new();
        let result = session.finish(&counts(7, 2), &mut printed);
        assert_eq!(result.as_ref().err().map_or(0, Error::exit_status), status);
        if let Err(error) = result {
            assert!(
                error.to_string().starts_with("2 of 7 edges were lost"),
                "{error}"
            );
        }
        let printed = String::from_utf8(printed).unwrap();
        assert!(
            printed.contains("\"lost\":2,\"lost_by\":{\"full\":2,"),
            "{printed}"
        );
        assert!(Path::new(&output).exists());
    }
}

#[test]
fn levels_are_unknown_in_the_capture_from_a_loss_on() {
    let directory = directory();
    let (input, output) = paths(&directory);
    fs::write(&input, header(2) + "#0\n0!\n0\"\n#5\n1!\n#100\n").unwrap();
    let mut session = open(&["--stimulus", &input, "--capture", &output, "--allow-loss"]).unwrap();
    session.begin(None).unwrap();
    while session.next_event().unwrap().is_some() {}
    session.edge(5, &edge(0, true));
    let after_loss = Captured {
        lost_before: 3,
        levels_before: 0b10,
        ..edge(0, true)
    };
    session.edge(20, &after_loss);
    session.edge(30, &edge(1, false));
    session.finish(&counts(8, 5), &mut io::sink()).unwrap();
    let capture = fs::read_to_string(output).unwrap();
    assert!(
        capture.ends_with("#5\n1!\n#6\nx!\nx\"\n#20\n0!\n1\"\n1!\n#30\n0\"\n#31\nx!\nx\"\n#100\n"),
        "{capture}"
    );
}

#[test]
fn with_one_trigger_a_level_is_known_for_one_unit() {
    let directory = directory();
    let (_, output) = paths(&directory);
    let mut session = open(&["--trigger", "rising", "--capture", &output]).unwrap();
    session.begin(own()).unwrap();
    for at_us in [5, 6, 20] {
        session.edge(at_us, &edge(0, true));
    }
    session.finish(&counts(3, 0), &mut io::sink()).unwrap();
    let capture = fs::read_to_string(output).unwrap();
    assert!(
        capture.ends_with("#5\n1!\n#6\nx!\n1!\n#7\nx!\n#20\n1!\n#21\nx!\n"),
        "{capture}"
    );
}

#[test]
fn debounced_edges_are_written_in_the_order_of_their_times() {
    let directory = directory();
    let (_, output) = paths(&directory);
    let mut session = open(&["--debounce", "10us", "--capture", &output]).unwrap();
    session.begin(own()).unwrap();
    for (at_us, level) in [(30, true), (12, false), (40, false)] {
        session.edge(at_us, &edge(0, level));
    }
    session.finish(&counts(3, 0), &mut io::sink()).unwrap();
    let capture = fs::read_to_string(output).unwrap();
    assert!(
        capture.ends_with("#12\n0!\n#30\n1!\n#40\n0!\n"),
        "{capture}"
    );
}

#[test]
fn a_first_level_is_unknown_soon_if_its_end_would_not_be_captured() {
    let directory = directory();
    let (_, output) = paths(&directory);
    for (trigger, first) in [("rising", "#0\n1!\n#1\nx!\n"), ("falling", "#0\n1!\n")] {
        let mut session = open(&["--trigger", trigger, "--capture", &output]).unwrap();
        session.begin(own()).unwrap();
        session.edge(9, &edge(0, trigger == "rising"));
        session.finish(&counts(1, 0), &mut io::sink()).unwrap();
        let capture = fs::read_to_string(&output).unwrap();
        let changes = capture.split_once("$enddefinitions $end\n").unwrap().1;
        assert!(changes.starts_with(&format!("{first}#9\n")), "{capture}");
    }
}

#[test]
fn a_capture_ends_where_the_replay_was_given_up() {
    let directory = directory();
    let (input, output) = paths(&directory);
    let mut session = open(&["--stimulus", &input, "--capture", &output]).unwrap();
    session.begin(None).unwrap();
    assert_eq!(session.next_event().unwrap().unwrap().at_us, 5);
    assert_eq!(session.end_us(), 5);
    session.edge(5, &edge(0, false));
    session.finish(&counts(1, 0), &mut io::sink()).unwrap();
    assert!(fs::read_to_string(&output).unwrap().ends_with("#5\n0!\n"));
}

#[test]
fn waveforms_follow_the_summary_if_they_are_wanted() {
    let directory = directory();
    let (input, _) = paths(&directory);
    let printed = run(&["--stimulus", &input, "--plot"]).unwrap();
    let (summary, plot) = printed.split_once("edges      2  w0\n").unwrap();
    assert!(summary.starts_with("captured   2\n"), "{printed}");
    let mut lines = plot.lines();
    // 80 columns, or as many as the terminal has.
    let wave = lines.next().unwrap();
    assert!(wave.starts_with("w0 ▔") && wave.contains("▔╲▁") && wave.contains("▁╱▔"));
    assert!(lines.next().unwrap().starts_with("   ┬─"));
    for arguments in [["--plot=never", "--allow-loss"], ["--plot", "--json"]] {
        let printed = run(&[&["--stimulus", &input][..], &arguments].concat()).unwrap();
        assert!(!printed.contains('▔'), "{printed}");
    }
}

#[test]
fn a_page_is_there_when_it_is_complete() {
    let directory = directory();
    let (input, _) = paths(&directory);
    let page = directory.path().join("out.html");
    let arguments = ["--stimulus", &input, "--report", page.to_str().unwrap()];
    let files = || fs::read_dir(directory.path()).unwrap().count();

    let mut session = open(&arguments).unwrap();
    session.begin(None).unwrap();
    session.edge(5, &edge(0, false));
    drop(session);
    assert_eq!(files(), 1, "a session that is dropped leaves no page");

    let mut session = open(&arguments).unwrap();
    session.begin(None).unwrap();
    while let Some(event) = session.next_event().unwrap() {
        session.edge(event.at_us, &edge(event.line, event.level));
    }
    assert!(session.watches());
    session.woken(9, 2, Woken::Full);
    let mut counts = Counts {
        captured: 5,
        delivered: 2,
        lost_by: LostBy {
            full: 3,
            ..LostBy::default()
        },
        ..Counts::default()
    };
    counts.edges_per_line[0] = 2;
    let error = session.finish(&counts, &mut Vec::new()).unwrap_err();
    assert_eq!(
        error.exit_status(),
        3,
        "the page is there, and edges were lost"
    );
    let page = fs::read_to_string(page).unwrap();
    for part in [
        r#""title":"in.vcd""#,
        r#""end":20,"edges":2,"lost":3,"holes":1"#,
        r#""room":{"ready":16,"capacity":16,"headroom":16}"#,
        r#"{"name":"lost: full","count":3,"meaning":"the buffer was full"}"#,
        r#""reasons":["full"],"reads":1"#,
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(files(), 2);
}

#[test]
fn a_page_that_cannot_be_written_is_refused_at_once() {
    let mut session = open(&["--report", "/no/such/folder/out.html"]).unwrap();
    let error = session.begin(own()).unwrap_err();
    assert_eq!(error.exit_status(), 1);
    assert!(
        error
            .to_string()
            .starts_with("/no/such/folder/out.html: cannot write: "),
        "{error}"
    );
}
