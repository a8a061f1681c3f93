//! One run of the application, as both worlds drive it.

use std::io::Write;

use crate::interrupt;
use crate::{CaptureFile, Counts, Error, Event, LINES_MAX, Options, Stimulus, Summary};

/// The lines that an application plays when no recording is replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// Their names, from 1 to [`LINES_MAX`] of them, each one word.
    pub names: Vec<String>,
    /// Their levels at time 0: bit *n* is line *n*, 1 is high.
    pub initial_levels: u32,
}

/// Options, stimulus and capture file of one run: [`open`](Self::open), [`begin`](Self::begin),
/// then [`next_event`](Self::next_event) and [`edge`](Self::edge) as they come, and
/// [`finish`](Self::finish). If it is dropped earlier, there is no capture file.
#[derive(Debug)]
pub struct Session {
    options: Options,
    stimulus: Option<Stimulus>,
    names: Vec<String>,
    capture: Option<CaptureFile>,
    /// The first error of an edge; nothing more is written after it.
    failure: Option<Error>,
}

impl Session {
    /// Opens and checks the stimulus, if one was asked for.
    ///
    /// # Errors
    ///
    /// Those of [`Stimulus::open`].
    pub fn open(options: Options) -> Result<Self, Error> {
        let stimulus = options
            .stimulus
            .as_deref()
            .map(Stimulus::open)
            .transpose()?;
        let names = stimulus
            .as_ref()
            .map(|stimulus| stimulus.names().to_vec())
            .unwrap_or_default();
        Ok(Self {
            options,
            stimulus,
            names,
            capture: None,
            failure: None,
        })
    }

    /// The options this run was opened with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The recording to replay; without one the application plays its own.
    pub fn stimulus(&self) -> Option<&Stimulus> {
        self.stimulus.as_ref()
    }

    /// Creates the capture file, if one was asked for. From now on, Ctrl-C ends the stimulus.
    ///
    /// `own` are the application's own lines; with a stimulus they are ignored, and may be `None`.
    ///
    /// # Errors
    ///
    /// Those of [`CaptureFile::create`]; also if there are neither a stimulus nor own lines, or
    /// more than [`LINES_MAX`] lines.
    pub fn begin(&mut self, own: Option<Lines>) -> Result<(), Error> {
        let initial_levels = match (&self.stimulus, own) {
            (Some(stimulus), _) => stimulus.initial_levels(),
            (None, Some(own)) if (1..=LINES_MAX).contains(&own.names.len()) => {
                self.names = own.names;
                own.initial_levels
            }
            (None, own) => {
                let lines = own.map_or(0, |own| own.names.len());
                return Err(Error::failure(&format!(
                    "the application has {lines} lines; expected 1 to {LINES_MAX}"
                )));
            }
        };
        interrupt::catch();
        self.capture = match &self.options.capture {
            Some(path) => Some(CaptureFile::create(path, &self.names, initial_levels)?),
            None => None,
        };
        Ok(())
    }

    /// The next event to replay; `None` at the end, after Ctrl-C, and always without a stimulus.
    ///
    /// # Errors
    ///
    /// Those of [`Stimulus::next_event`].
    pub fn next_event(&mut self) -> Result<Option<Event>, Error> {
        match &mut self.stimulus {
            Some(stimulus) if !interrupt::is_requested() => stimulus.next_event(),
            _ => Ok(None),
        }
    }

    /// Adds one delivered edge to the capture, if one is written; see [`CaptureFile::edge`].
    ///
    /// The first error is kept for [`finish`](Self::finish), so the reader of edges need not handle
    /// it.
    pub fn edge(&mut self, at_us: u64, line: u8, level: bool) {
        if let Some(capture) = &mut self.capture
            && let Err(error) = capture.edge(at_us, line, level)
        {
            self.failure = Some(error);
            self.capture = None;
        }
    }

    /// Completes the capture and prints the summary on `out`: one line of JSON, or a few lines of
    /// text.
    ///
    /// The capture ends when the stimulus does, if that is later than the last edge.
    ///
    /// # Errors
    ///
    /// The first error of an edge, those of [`CaptureFile::finish`], or `out` cannot be written.
    /// Nothing is printed then, and no capture is left, unless `out` itself failed.
    pub fn finish(self, counts: &Counts, out: &mut dyn Write) -> Result<(), Error> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        match (self.capture, &self.options.capture) {
            (Some(capture), _) => {
                capture.finish(self.stimulus.as_ref().map(Stimulus::duration_us))?
            }
            (None, Some(path)) => return Err(Error::file(path, "the capture was never begun")),
            (None, None) => {}
        }
        let summary = Summary::new(&self.options, &self.names, counts);
        let printed = if self.options.json {
            writeln!(out, "{}", summary.to_json())
        } else {
            writeln!(out, "{summary}")
        };
        printed
            .and_then(|()| out.flush())
            .map_err(|error| Error::failure(&format!("cannot print the summary: {error}")))
    }
}
