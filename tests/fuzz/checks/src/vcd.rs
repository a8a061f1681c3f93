//! Recordings: any file is read or refused. What was read is the same after it is written and read
//! again.

use std::{fs, path::Path};

use edgepipe_host::{CaptureFile, Header, LINES_MAX, Recording, TimeUnit, Wires};
use edgepipe_recording::{Error, Event};
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
    match open(&input) {
        Ok(recording) => check_recording(recording, &output),
        Err(error) => check_error(&error, &input),
    }
}

fn open(path: &Path) -> Result<Recording, Error> {
    Recording::open(path, &Wires::default())
}

/// Checks that the error is one line, which begins with the file's name.
fn check_error(error: &Error, file: &Path) {
    let message = error.to_string();
    assert!(!message.contains(char::is_control), "{message:?}");
    let cause = message.strip_prefix(&format!("{}:", file.display()));
    assert!(cause.is_some_and(|cause| cause.len() > 1), "{message}");
}

fn check_recording(recording: Recording, output: &Path) {
    let first = Content::of(recording);
    if first.duration > u64::MAX >> 32 {
        // In a smaller unit, the file might not hold its times.
        return;
    }
    first.write(output);
    let written = open(output).expect("what was written can be read");
    assert_eq!(Content::of(written), first);
}

/// The content of a recording.
#[derive(Debug)]
struct Content {
    names: Vec<String>,
    initial_levels: u32,
    unit: TimeUnit,
    events: Vec<Event>,
    duration: u64,
}

impl PartialEq for Content {
    /// The unit of a capture may be smaller than that of its recording.
    fn eq(&self, other: &Self) -> bool {
        let edges = |content: &Self| -> Vec<_> {
            let events = content.events.iter();
            events
                .map(|event| (content.femtoseconds(event.time), event.wire, event.level))
                .collect()
        };
        (&self.names, self.initial_levels) == (&other.names, other.initial_levels)
            && edges(self) == edges(other)
            && self.femtoseconds(self.duration) == other.femtoseconds(other.duration)
    }
}

impl Content {
    /// Reads a recording to its end, and checks its promises.
    fn of(mut recording: Recording) -> Self {
        let lines = recording.names().len();
        assert!((1..=LINES_MAX).contains(&lines), "{lines} lines");
        let mut levels = recording.initial_levels();
        assert!(lines == LINES_MAX || levels >> lines == 0, "{levels:#b}");
        let mut events: Vec<Event> = Vec::new();
        while let Some(event) = recording.next_event().expect("it was checked to its end") {
            assert!(usize::from(event.wire) < lines, "{event:?}");
            assert!(events.last().is_none_or(|last| last.time <= event.time));
            levels ^= 1 << event.wire;
            assert_eq!(levels >> event.wire & 1 == 1, event.level, "{event:?}");
            events.push(event);
        }
        assert_eq!(recording.edges(), events.len() as u64);
        let (duration, step) = (recording.duration(), recording.step());
        let last = events.last().map_or(0, |event| event.time);
        assert!(last <= duration, "{duration}");
        let times = events.iter().map(|event| event.time);
        for time in times.chain([duration]) {
            assert!(time == 0 || time.is_multiple_of(step), "{time}, {step}");
        }
        Self {
            names: recording.names().to_vec(),
            initial_levels: recording.initial_levels(),
            unit: recording.unit(),
            events,
            duration,
        }
    }

    /// A time of this recording. Units of VCD files are whole femtoseconds.
    fn femtoseconds(&self, time: u64) -> u128 {
        let (numerator, denominator) = self.unit.fraction();
        u128::from(time) * (u128::from(numerator) * 1_000_000_000_000_000 / u128::from(denominator))
    }

    fn write(&self, path: &Path) {
        let header = Header {
            names: &self.names,
            initial_levels: self.initial_levels,
            unit: self.unit,
            one_trigger: None,
        };
        let mut file = CaptureFile::create(path, header).expect("names that were read");
        for &Event { time, wire, level } in &self.events {
            file.edge(time, wire, level).expect("an edge that was read");
        }
        file.finish(Some(self.duration))
            .expect("a file in our own directory");
    }
}
