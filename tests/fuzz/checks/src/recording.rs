//! Recordings: any file is opened or refused. What is opened keeps its promises.

use std::{collections::HashSet, fs, path::Path};

use edgepipe_recording::{Error, Event, List, Recording, WIRES_MAX, Wires, list};
use tempfile::TempDir;

thread_local! {
    /// One directory for all inputs: making one takes longer than most checks.
    static DIRECTORY: TempDir = tempfile::tempdir().expect("a temporary directory");
}

/// Checks a file that contains `data`.
pub fn check(data: &[u8]) {
    opened(data);
}

/// Checks a file that contains `data`, and returns its names and events if it can be played.
pub(crate) fn opened(data: &[u8]) -> Option<(Vec<String>, Vec<Event>)> {
    DIRECTORY.with(|directory| {
        let path = directory.path().join("in");
        fs::write(&path, data).expect("a temporary file");
        check_list(&path);
        match Recording::open(&path, &Wires::default()) {
            Ok(recording) => Some(check_recording(recording)),
            Err(error) => {
                check_error(&error, &path);
                None
            }
        }
    })
}

/// Checks that the error is one line, which begins with the file's name.
fn check_error(error: &Error, file: &Path) {
    let message = error.to_string();
    assert!(!message.contains(char::is_control), "{message:?}");
    let cause = message.strip_prefix(&format!("{}:", file.display()));
    assert!(cause.is_some_and(|cause| cause.len() > 1), "{message}");
}

/// Reads a recording to its end, and checks its promises.
fn check_recording(mut recording: Recording) -> (Vec<String>, Vec<Event>) {
    let names = recording.names().to_vec();
    check_names(&names);
    assert!((1..=WIRES_MAX).contains(&names.len()));
    let mut levels = u64::from(recording.initial_levels());
    assert_eq!(levels >> names.len(), 0, "{levels:#b}");
    let (duration, step) = (recording.duration(), recording.step());
    let divides = |time: u64| time.is_multiple_of(step);
    assert!(divides(duration));
    let mut events: Vec<Event> = Vec::new();
    while let Some(event) = recording.next_event().expect("it was checked to its end") {
        assert!(usize::from(event.wire) < names.len(), "{event:?}");
        assert!(events.last().is_none_or(|last| last.time <= event.time));
        assert!(event.time <= duration && divides(event.time), "{event:?}");
        levels ^= 1 << event.wire;
        assert_eq!(levels >> event.wire & 1 == 1, event.level, "{event:?}");
        events.push(event);
    }
    assert_eq!(recording.next_event(), Ok(None));
    assert_eq!(recording.edges(), events.len() as u64);
    (names, events)
}

fn check_names(names: &[String]) {
    let mut seen = HashSet::new();
    for name in names {
        assert!(
            !name.is_empty() && !name.contains(char::is_control),
            "{name:?}"
        );
        assert!(seen.insert(name), "{name:?} twice");
    }
}

/// Checks that the wires that are listed can be chosen, and do what the list says.
fn check_list(path: &Path) {
    let List { unit, wires } = match list(path) {
        Ok(listed) => listed,
        Err(error) => return check_error(&error, path),
    };
    let names: Vec<_> = wires.iter().map(|wire| wire.name.clone()).collect();
    check_names(&names);
    let Some(wire) = wires.first() else {
        panic!("a recording without wires");
    };
    let choice = escaped(&wire.name).parse().expect("a name");
    let recording = Recording::open(path, &choice).expect("a wire that is listed");
    assert_eq!(recording.unit(), unit);
    let (chosen, events) = check_recording(recording);
    assert_eq!(chosen, [wire.name.as_str()]);
    assert_eq!(events.len() as u64, wire.edges);
    let pulses = events.windows(2).map(|pair| pair[1].time - pair[0].time);
    assert_eq!(pulses.min(), wire.shortest_pulse);
}

/// A name as the choice of wires needs it.
fn escaped(name: &str) -> String {
    let mut escaped = String::new();
    for c in name.chars() {
        if matches!(c, ',' | '=' | '*' | '?' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
