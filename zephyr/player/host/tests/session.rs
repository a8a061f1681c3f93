//! What is played, what is written, and what is refused.

use std::fs;
use std::path::{Path, PathBuf};

use edgepipe_player::{Driven, Error, Event, Session, Setup};
use tempfile::TempDir;

/// A folder with a recording of three wires, in units of 100 ns.
struct Folder(TempDir);

const RECORDING: &str = "$timescale 100 ns $end
$var wire 1 a A $end
$var wire 1 b B $end
$var wire 1 c C $end
$enddefinitions $end
#0 0a 1b 0c
#14 1a
#15 0b
#1003 1c
#2000
";

impl Folder {
    fn new(recording: &str) -> Self {
        let folder = Self(TempDir::new().unwrap());
        fs::write(folder.path("in.vcd"), recording).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn setup(&self) -> Setup {
        Setup {
            stimulus: Some(self.path("in.vcd").into()),
            pins: 3,
            watch_names: vec!["LED".into(), "RELAY".into()],
            ..Setup::default()
        }
    }

    fn watched(&self) -> Setup {
        Setup {
            stimulus: None,
            watch: Some(self.path("out.vcd").into()),
            ..self.setup()
        }
    }

    /// The names of all files.
    fn files(&self) -> Vec<String> {
        let files = fs::read_dir(self.0.path()).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.collect()
    }
}

fn events(setup: &Setup) -> Vec<(u64, u8, bool)> {
    let mut session = Session::open(setup).unwrap();
    let next = std::iter::from_fn(|| session.next_event().unwrap());
    next.map(|Event { at_us, wire, level }| (at_us, wire, level))
        .collect()
}

/// The exit status and the line, without the folder.
fn refusal(folder: &Folder, setup: &Setup) -> (u8, String) {
    let error: Error = Session::open(setup).unwrap_err();
    let folder = format!("{}/", folder.0.path().display());
    (error.exit_status(), error.to_string().replace(&folder, ""))
}

#[test]
fn a_rewound_stimulus_has_the_same_edges_again() {
    let mut session = Session::open(&Folder::new(RECORDING).setup()).unwrap();
    assert!(session.rewind().is_err(), "the file is gone");

    let folder = Folder::new(RECORDING);
    let mut session = Session::open(&folder.setup()).unwrap();
    let all = |session: &mut Session| -> Vec<Event> {
        std::iter::from_fn(|| session.next_event().unwrap()).collect()
    };
    let first = all(&mut session);
    assert_eq!(first.len(), 3);
    session.rewind().unwrap();
    assert_eq!(all(&mut session), first);
}

#[test]
fn times_are_rounded_and_edges_keep_their_order() {
    let folder = Folder::new(RECORDING);
    let session = Session::open(&folder.setup()).unwrap();
    assert_eq!(session.recording().unwrap().initial_levels(), 0b010);
    let played = events(&folder.setup());
    assert_eq!(played, [(1, 0, true), (2, 1, false), (100, 2, true)]);
}

#[test]
fn stretched_times_are_exact() {
    let folder = Folder::new(RECORDING);
    for (stretch, times) in [("auto", [14, 15, 1003]), ("20", [28, 30, 2006])] {
        let setup = Setup {
            stretch: Some(stretch.into()),
            ..folder.setup()
        };
        let played: Vec<u64> = events(&setup).iter().map(|event| event.0).collect();
        assert_eq!(played, times, "{stretch}");
    }
}

#[test]
fn the_node_chooses_wires_and_the_option_replaces_its_choice() {
    let folder = Folder::new(RECORDING);
    let chosen = Setup {
        pins: 2,
        wire_names: Some(vec!["C".into(), "X=A".into()]),
        ..folder.setup()
    };
    assert_eq!(events(&chosen), [(1, 1, true), (100, 0, true)]);
    let replaced = Setup {
        wires: Some("B".into()),
        ..chosen
    };
    assert_eq!(events(&replaced), [(2, 0, false)]);
}

#[test]
fn what_does_not_fit_is_refused_and_leaves_no_file() {
    let folder = Folder::new(RECORDING);
    let setup = || Setup {
        watch: Some(folder.path("out.vcd").into()),
        ..folder.setup()
    };
    let text = |text: &str| Some(text.to_string());
    let refused = [
        (
            Setup { pins: 2, ..setup() },
            1,
            "in.vcd: 3 wires, and the devicetree node has 2 gpios; choose with --wires=NAME,...: A, B, C",
        ),
        (
            Setup {
                wires: text("D"),
                ..setup()
            },
            1,
            "in.vcd: no wire is 'D'; there are 'A', 'B', 'C'",
        ),
        (
            Setup {
                wire_names: Some(vec!["A=B=C".into()]),
                ..setup()
            },
            1,
            "wire-names: 'A=B=C' has more than one '=': NEW=OLD renames a wire",
        ),
        (
            Setup {
                wires: text(""),
                ..setup()
            },
            2,
            "invalid value '' for '--wires <NAMES>': an empty name in the choice of wires",
        ),
        (
            Setup {
                stretch: text("1.5"),
                ..setup()
            },
            2,
            "invalid value '1.5' for '--stretch <auto|N>': expected auto, or 1 to 4294967295",
        ),
        (
            Setup {
                stretch: text("2"),
                stimulus: None,
                ..setup()
            },
            2,
            "--stretch needs a recording: --stimulus=FILE",
        ),
        (
            Setup {
                watch_names: vec![],
                ..setup()
            },
            2,
            "--watch: the devicetree node has no watch-gpios",
        ),
        (
            Setup {
                watch_names: vec!["A".into(), "A".into()],
                ..setup()
            },
            1,
            "watch-names: 'A' is there twice",
        ),
        (
            Setup {
                watch_names: vec!["A B".into()],
                ..setup()
            },
            1,
            "watch-names: 'A B' is not one word",
        ),
        (
            Setup {
                watch: Some(folder.path("no/out.vcd").into()),
                ..setup()
            },
            1,
            "no/out.vcd: cannot write: No such file or directory (os error 2)",
        ),
    ];
    for (setup, status, line) in refused {
        assert_eq!(refusal(&folder, &setup), (status, line.to_string()));
    }
    assert_eq!(folder.files(), ["in.vcd"]);
}

#[test]
fn a_recording_that_outlasts_the_clock_is_refused() {
    let folder = Folder::new(
        "$timescale 1 s $end $var wire 1 a A $end $enddefinitions $end #0 0a #18446744073710 1a\n",
    );
    let said = refusal(&folder, &folder.setup());
    assert_eq!(
        said,
        (
            1,
            "in.vcd: 18446744073710 times 1 s is too long: the simulated clock counts 292 years"
                .into()
        )
    );
}

#[test]
fn a_watch_file_appears_when_it_is_complete() {
    let folder = Folder::new(RECORDING);
    let mut session = Session::open(&folder.watched()).unwrap();
    assert!(session.watches() && session.recording().is_none());
    session.driven(0, 0, Driven::Not).unwrap();
    session.driven(0, 1, Driven::Low).unwrap();
    session.driven(7, 0, Driven::High).unwrap();
    assert!(!folder.path("out.vcd").exists());
    session.close(9).unwrap();
    let written = fs::read_to_string(folder.path("out.vcd")).unwrap();
    let (header, changes) = written.split_once("$enddefinitions $end\n").unwrap();
    assert!(
        header.contains("$timescale 1 us $end") && header.contains(" LED $end"),
        "{header}"
    );
    assert_eq!(changes, "#0\nz!\n0\"\n#7\n1!\n#9\n");
}

#[test]
fn a_session_that_fails_leaves_the_old_watch_file() {
    let folder = Folder::new(RECORDING);
    fs::write(folder.path("out.vcd"), "old").unwrap();
    let mut session = Session::open(&folder.watched()).unwrap();
    session.driven(5, 0, Driven::High).unwrap();
    assert!(session.driven(4, 0, Driven::Low).is_err());
    assert!(session.driven(5, 2, Driven::Low).is_err());
    drop(session);
    assert_eq!(fs::read_to_string(folder.path("out.vcd")).unwrap(), "old");
    assert_eq!(folder.files().len(), 2);
}

#[test]
fn what_is_no_regular_file_is_written_directly() {
    let folder = Folder::new(RECORDING);
    let setup = Setup {
        watch: Some(Path::new("/dev/null").into()),
        ..folder.watched()
    };
    let mut session = Session::open(&setup).unwrap();
    session.driven(0, 0, Driven::High).unwrap();
    session.close(0).unwrap();
    assert_eq!(folder.files(), ["in.vcd"]);
}

#[test]
fn a_recording_that_changes_while_it_is_played_is_an_error() {
    let folder = Folder::new(RECORDING);
    let mut session = Session::open(&folder.setup()).unwrap();
    fs::write(folder.path("in.vcd"), RECORDING.replace("#15 0b", "#15 1b")).unwrap();
    while let Ok(event) = session.next_event() {
        assert!(event.is_some(), "the change was not noticed");
    }
}
