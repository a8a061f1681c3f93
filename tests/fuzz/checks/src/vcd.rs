//! Recordings: any file is read or refused. What was read is the same after it is written and read
//! again.

use std::{fs, path::Path};

use edgepipe_host::{CaptureFile, Error, Event, LINES_MAX, Stimulus, TIME_MAX_US};
use tempfile::TempDir;

thread_local! {
    /// One directory for all inputs: making one takes longer than most checks.
    static DIRECTORY: TempDir = tempfile::tempdir().expect("a temporary directory");
}

/// Checks a file that contains `data`.
pub fn check(data: &[u8]) {
    DIRECTORY.with(|directory| check_in(directory.path(), data));
}

fn check_in(directory: &Path, data: &[u8]) {
    let (input, output) = (directory.join("in.vcd"), directory.join("out.vcd"));
    fs::write(&input, data).expect("a temporary file");
    match Stimulus::open(&input) {
        Ok(stimulus) => check_stimulus(stimulus, &output),
        Err(error) => check_error(&error, &input),
    }
}

/// Checks that the error is one line, which begins with the file's name.
fn check_error(error: &Error, file: &Path) {
    let message = error.to_string();
    assert_eq!(error.exit_status(), 1, "{message}");
    assert!(!message.contains(char::is_control), "{message:?}");
    let cause = message.strip_prefix(&format!("{}:", file.display()));
    assert!(cause.is_some_and(|cause| cause.len() > 1), "{message}");
}

fn check_stimulus(stimulus: Stimulus, output: &Path) {
    let first = Recording::of(stimulus);
    first.write(output);
    let written = Stimulus::open(output).expect("what was written can be read");
    assert_eq!(Recording::of(written), first);
}

/// The content of a recording.
#[derive(Debug, PartialEq)]
struct Recording {
    names: Vec<String>,
    initial_levels: u32,
    events: Vec<Event>,
    duration_us: u64,
}

impl Recording {
    /// Reads a stimulus to its end, and checks its promises.
    fn of(mut stimulus: Stimulus) -> Self {
        let lines = stimulus.names().len();
        assert!((1..=LINES_MAX).contains(&lines), "{lines} lines");
        let mut levels = stimulus.initial_levels();
        assert!(lines == LINES_MAX || levels >> lines == 0, "{levels:#b}");
        let mut events: Vec<Event> = Vec::new();
        while let Some(event) = stimulus.next_event().expect("it was checked to its end") {
            assert!(usize::from(event.line) < lines, "{event:?}");
            assert!(events.last().is_none_or(|last| last.at_us <= event.at_us));
            levels ^= 1 << event.line;
            assert_eq!(levels >> event.line & 1 == 1, event.level, "{event:?}");
            events.push(event);
        }
        assert_eq!(stimulus.edges(), events.len() as u64);
        let last_us = events.last().map_or(0, |event| event.at_us);
        let duration_us = stimulus.duration_us();
        assert!(
            (last_us..=TIME_MAX_US).contains(&duration_us),
            "{duration_us} us"
        );
        Self {
            names: stimulus.names().to_vec(),
            initial_levels: stimulus.initial_levels(),
            events,
            duration_us,
        }
    }

    fn write(&self, path: &Path) {
        let written = CaptureFile::create(path, &self.names, self.initial_levels);
        let mut file = written.expect("names that were read can be written");
        for &Event { at_us, line, level } in &self.events {
            file.edge(at_us, line, level)
                .expect("an edge that was read");
        }
        file.finish(Some(self.duration_us))
            .expect("a file in our own directory");
    }
}
