//! A whole run, as in both programs.

mod common;

use std::fs;
use std::io;
use std::path::Path;

use common::{directory, events, header};
use edgepipe_host::{Counts, Error, Lines, Options, Session, Stimulus};
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

/// Captures every event unchanged, and returns what is printed.
fn run(arguments: &[&str]) -> Result<String, Error> {
    let mut session = open(arguments)?;
    session.begin(None)?;
    let mut counts = Counts {
        wakes: 1,
        ..Counts::default()
    };
    while let Some(event) = session.next_event()? {
        session.edge(event.at_us, event.line, event.level);
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
        "{\"captured\":2,\"delivered\":2,\"pending\":0,\"lost\":0,\"wakes\":1,\"capacity\":16,\
         \"ready\":\"full\",\"lines\":[\"w0\"],\"edges_per_line\":[2]}\n"
    );
    let mut capture = Stimulus::open(output.as_ref()).unwrap();
    assert_eq!(capture.duration_us(), 20, "it ends when the stimulus does");
    assert_eq!(events(&mut capture), [(5, 0, false), (9, 0, true)]);
}

#[test]
fn without_json_the_summary_is_for_reading() {
    let directory = directory();
    let (input, _) = paths(&directory);
    assert_eq!(
        run(&["--stimulus", &input, "--ready", "8"]).unwrap(),
        "captured   2\ndelivered  2\npending    0\nlost       0\n\
         wakes      1  (ready 8, capacity 16)\nedges      2  w0\n"
    );
}

#[test]
fn the_capture_may_replace_its_stimulus() {
    let directory = directory();
    let (input, _) = paths(&directory);
    run(&["--stimulus", &input, "--capture", &input]).unwrap();
    let mut again = Stimulus::open(input.as_ref()).unwrap();
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
    session.edge(3, 0, false);
    session.finish(&Counts::default(), &mut io::sink()).unwrap();
    let mut capture = Stimulus::open(output.as_ref()).unwrap();
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
    session.edge(3, 1, false);
    session.edge(4, 0, false);
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
