//! One run of a firmware under the player.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use edgepipe_recording::{Pace, Recording, Stretch, Wires};

use crate::{Driven, Error, WatchFile};

/// The most names of wires that a message repeats.
const NAMES_SHOWN: usize = 8;

/// What the command line and the devicetree node say. Options that were not given are `None`.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// `--stimulus`.
    pub stimulus: Option<OsString>,
    /// `--wires`.
    pub wires: Option<String>,
    /// `--stretch`.
    pub stretch: Option<String>,
    /// `--watch`.
    pub watch: Option<OsString>,
    /// How many pins are driven.
    pub pins: usize,
    /// `wire-names`: a choice of wires as in `--wires`, which replaces it.
    pub wire_names: Option<Vec<String>>,
    /// The watched pins' names.
    pub watch_names: Vec<String>,
}

/// An edge of the stimulus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When, in microseconds of simulated time. Never less than the event before.
    pub at_us: u64,
    /// Which pin, counted from 0.
    pub wire: u8,
    /// The pin's new level: high is `true`.
    pub level: bool,
}

/// One run of a firmware under the player.
#[derive(Debug)]
pub struct Session {
    stimulus: Option<Stimulus>,
    watch: Option<WatchFile>,
}

#[derive(Debug)]
struct Stimulus {
    path: PathBuf,
    wires: Wires,
    recording: Recording,
    pace: Pace,
}

impl Session {
    /// Opens the stimulus, which is checked from end to end, and then begins the watch file.
    ///
    /// # Errors
    ///
    /// The command line is wrong, a file cannot be used, or the stimulus does not fit the pins.
    pub fn open(setup: &Setup) -> Result<Self, Error> {
        let stretch = given("--stretch <auto|N>", setup.stretch.as_deref())?;
        let wires = given("--wires <NAMES>", setup.wires.as_deref())?;
        let Some(path) = &setup.stimulus else {
            if let Some(option) = [
                ("--wires", wires.is_some()),
                ("--stretch", stretch.is_some()),
            ]
            .iter()
            .find(|(_, given)| *given)
            {
                return Err(Error::usage(format_args!(
                    "{} needs a recording: --stimulus=FILE",
                    option.0
                )));
            }
            return Ok(Self {
                stimulus: None,
                watch: watch_file(setup, None)?,
            });
        };
        let path = Path::new(path);
        let wires = match (wires, &setup.wire_names) {
            (Some(wires), _) => wires,
            (None, Some(names)) => names
                .join(",")
                .parse()
                .map_err(|cause| Error::failure(format_args!("wire-names: {cause}")))?,
            (None, None) => Wires::default(),
        };
        let recording = Recording::open(path, &wires)?;
        let names = recording.names();
        if names.len() > setup.pins {
            return Err(Error::file(path, too_many(names, setup.pins)));
        }
        let pace = Pace::of(&recording, stretch.unwrap_or(Stretch::By(1)));
        let pace = pace.map_err(|cause| Error::file(path, cause))?;
        Ok(Self {
            watch: watch_file(setup, Some(pace.stretch()))?,
            stimulus: Some(Stimulus {
                path: path.to_path_buf(),
                wires,
                recording,
                pace,
            }),
        })
    }

    /// The stimulus, if there is one.
    pub fn recording(&self) -> Option<&Recording> {
        self.stimulus.as_ref().map(|it| &it.recording)
    }

    /// Whether [`driven`](Self::driven) writes anything.
    pub fn watches(&self) -> bool {
        self.watch.is_some()
    }

    /// The next edge of the stimulus, or `None` at its end.
    ///
    /// # Errors
    ///
    /// The file cannot be read any more.
    pub fn next_event(&mut self) -> Result<Option<Event>, Error> {
        let Some(stimulus) = &mut self.stimulus else {
            return Ok(None);
        };
        let event = stimulus.recording.next_event()?;
        Ok(event.map(|event| Event {
            at_us: stimulus.pace.to_us(event.time),
            wire: event.wire,
            level: event.level,
        }))
    }

    /// Begins the stimulus again: the next event is its first.
    ///
    /// # Errors
    ///
    /// The file cannot be read any more.
    pub fn rewind(&mut self) -> Result<(), Error> {
        if let Some(stimulus) = &mut self.stimulus {
            stimulus.recording = Recording::open(&stimulus.path, &stimulus.wires)?;
        }
        Ok(())
    }

    /// From `at_us` on, the firmware does this to the watched pin, counted from 0.
    ///
    /// # Errors
    ///
    /// The watch file cannot be written.
    pub fn driven(&mut self, at_us: u64, pin: u8, driven: Driven) -> Result<(), Error> {
        match &mut self.watch {
            Some(watch) => watch.change(at_us, pin, driven),
            None => Ok(()),
        }
    }

    /// Completes the watch file.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn close(self, end_us: u64) -> Result<(), Error> {
        self.watch.map_or(Ok(()), |watch| watch.finish(end_us))
    }
}

/// What `--list` prints.
///
/// # Errors
///
/// There is no recording, or it cannot be read.
pub(crate) fn list(setup: &Setup) -> Result<String, Error> {
    let Some(path) = &setup.stimulus else {
        let cause = "--list needs a recording: --stimulus=FILE";
        return Err(Error::usage(cause));
    };
    Ok(edgepipe_recording::list(Path::new(path))?.to_string())
}

/// The value of an option, if it was given.
fn given<T: std::str::FromStr<Err = String>>(
    option: &str,
    text: Option<&str>,
) -> Result<Option<T>, Error> {
    let parse = |text: &str| {
        let wrong = |cause| {
            Error::usage(format_args!(
                "invalid value '{text}' for '{option}': {cause}"
            ))
        };
        text.parse().map_err(wrong)
    };
    text.map(parse).transpose()
}

fn watch_file(setup: &Setup, stretch: Option<u32>) -> Result<Option<WatchFile>, Error> {
    let Some(path) = &setup.watch else {
        return Ok(None);
    };
    let stretched = stretch.filter(|&factor| factor > 1);
    let comment = stretched
        .map(|factor| format!("simulated time; the stimulus is played {factor} times slower"));
    let path = PathBuf::from(path);
    WatchFile::create(&path, &setup.watch_names, comment.as_deref()).map(Some)
}

fn too_many(names: &[String], pins: usize) -> String {
    let shown = names[..names.len().min(NAMES_SHOWN)].join(", ");
    let dots = if names.len() > NAMES_SHOWN {
        ", ..."
    } else {
        ""
    };
    format!(
        "{} wires, and the devicetree node has {pins} gpios; choose with --wires=NAME,...: {shown}{dots}",
        names.len()
    )
}
