//! All files of `corpus/`, each with what is right beside it.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{events, path_of};
use edgepipe_recording::{Error, List, Recording, Wires, list};

#[test]
fn every_file_is_read_as_the_text_beside_it_says() {
    let mut files: Vec<_> = fs::read_dir(path_of("corpus"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().is_some_and(|name| name != "README.md"))
        .collect();
    files.sort();
    let (expected, inputs): (Vec<PathBuf>, Vec<PathBuf>) =
        files.into_iter().partition(|path| is_expectation(path));
    let mut wrong = Vec::new();
    for input in &inputs {
        if let Err(difference) = check(input) {
            wrong.push(format!("{}:\n{difference}", input.display()));
        }
    }
    for text in &expected {
        if !inputs.iter().any(|input| stem(input) == stem(text)) {
            wrong.push(format!("{} has no recording", text.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(inputs.len() > 80);
}

fn is_expectation(path: &Path) -> bool {
    matches!(path.extension(), Some(kind) if kind == "edges" || kind == "error")
}

/// The file's name up to its first dot.
fn stem(path: &Path) -> &str {
    let name = path.file_name().unwrap().to_str().unwrap();
    name.split('.').next().unwrap()
}

fn check(input: &Path) -> Result<(), String> {
    let beside = |kind| fs::read_to_string(input.with_file_name(format!("{}.{kind}", stem(input))));
    let (expected, is_error) = match (beside("edges"), beside("error")) {
        (Ok(edges), Err(_)) => (edges, false),
        (Err(_), Ok(error)) => (error, true),
        _ => return Err("it needs either an .edges or an .error beside it".into()),
    };
    let mut lines: Vec<_> = expected.lines().collect();
    let wires = match lines[0].strip_prefix("wires ") {
        Some(choice) => {
            lines.remove(0);
            choice.parse()?
        }
        None => Wires::default(),
    };
    let found = match (Recording::open(input, &wires), is_error) {
        (Ok(recording), false) => {
            check_list(input)?;
            shown(recording)
        }
        (Err(error), true) => vec![message(&error, input)],
        (Ok(_), true) => return Err("it is read".into()),
        (Err(error), false) => return Err(format!("it is refused: {error}")),
    };
    match found == lines {
        true => Ok(()),
        false => Err(format!("  found {found:#?}\n  expected {lines:#?}")),
    }
}

/// The message without the folder.
fn message(error: &Error, input: &Path) -> String {
    let folder = format!("{}/", input.parent().unwrap().display());
    error.to_string().replacen(&folder, "", 1)
}

/// The recording in the words of an `.edges` file.
fn shown(mut recording: Recording) -> Vec<String> {
    let names = recording.names().to_vec();
    let mut lines = vec![format!("unit {}", recording.unit())];
    for (n, name) in names.iter().enumerate() {
        lines.push(format!(
            "start {} {name}",
            recording.initial_levels() >> n & 1
        ));
    }
    let events = events(&mut recording);
    assert_eq!(recording.edges(), events.len() as u64);
    for event in events {
        let name = &names[usize::from(event.wire)];
        lines.push(format!("{} {} {name}", event.time, u8::from(event.level)));
    }
    lines.push(format!("end {}", recording.duration()));
    lines
}

/// What the list says of each wire is what its events are, if it is played alone.
fn check_list(input: &Path) -> Result<(), String> {
    let List { unit, wires } = list(input).map_err(|error| error.to_string())?;
    for wire in wires {
        let mut name = String::new();
        for c in wire.name.chars() {
            if ",=*?\\".contains(c) {
                name.push('\\');
            }
            name.push(c);
        }
        let mut recording =
            Recording::open(input, &name.parse()?).map_err(|error| error.to_string())?;
        let times: Vec<_> = events(&mut recording)
            .iter()
            .map(|event| event.time)
            .collect();
        let shortest = times.windows(2).map(|pair| pair[1] - pair[0]).min();
        assert_eq!(recording.unit(), unit);
        assert_eq!(recording.names(), [wire.name]);
        assert_eq!(wire.edges, times.len() as u64);
        assert_eq!(wire.shortest_pulse, shortest);
    }
    Ok(())
}
