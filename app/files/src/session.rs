//! One run of the application, as both worlds drive it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use edgepipe_page::{Room, Run, Trace};
use edgepipe_recording::{Pace, Recording, TimeUnit, Wires};

use crate::captured::{Captured, Edges};
use crate::{
    CaptureFile, Counts, Error, Header, LINES_MAX, Options, Ready, Report, Summary, Trigger, Woken,
    interrupt, waveforms,
};

/// What a page is about if there is no recording.
const BUILT_IN: &str = "built-in stimulus";

/// The lines that an application plays when no recording is replayed. Their times are in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// Their names, from 1 to [`LINES_MAX`] of them.
    pub names: Vec<String>,
    /// Their levels at time 0: bit *n* is line *n*, 1 is high.
    pub initial_levels: u32,
}

/// A line changes its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When, in microseconds of simulated time from the recording's time 0.
    pub at_us: u64,
    /// Which line, counted from 0.
    pub line: u8,
    /// The level from now on: high is `true`.
    pub level: bool,
}

/// Options, stimulus and capture file of one run: [`open`](Self::open), [`begin`](Self::begin),
/// then [`next_event`](Self::next_event) and [`edge`](Self::edge) as they come, and
/// [`finish`](Self::finish). If it is dropped earlier, there is no capture file and no page.
///
/// It translates between times of the recording, in its unit, and those of the simulated clock, in microseconds.
#[derive(Debug)]
pub struct Session {
    options: Options,
    stimulus: Option<Recording>,
    pace: Pace,
    debounce_us: u32,
    names: Vec<String>,
    /// The edges on their way to the capture file and to what shows them.
    edges: Option<Edges>,
    report: Option<Report>,
    /// For the report.
    run: Option<Run>,
    begun: bool,
    /// The time of the last event or, after the last one, the end of the recording.
    played_to: u64,
    /// Edges that the reader was told were lost.
    lost: u64,
    /// The first error of an edge; nothing more is written after it.
    failure: Option<Error>,
}

impl Session {
    /// Opens and checks the stimulus, if one was asked for.
    ///
    /// # Errors
    ///
    /// Those of [`Recording::open`]; the recording is too long for the clock. With `--list`, always: the error is the
    /// list, with exit status 0, and [`Error::report`] prints it.
    pub fn open(options: Options) -> Result<Self, Error> {
        let (stimulus, pace) = match options.stimulus.as_deref() {
            Some(path) if options.list => {
                return Err(Error::answer(edgepipe_recording::list(path)?.to_string()));
            }
            Some(path) => {
                let every = Wires::default();
                let recording = Recording::open(path, options.wires.as_ref().unwrap_or(&every))?;
                let pace = Pace::of(&recording, options.stretch)
                    .map_err(|cause| Error::file(path, cause))?;
                (Some(recording), pace)
            }
            None => (None, Pace::MICROSECONDS),
        };
        let debounce_us = options.debounce.map_or(0, |time| stretched(time, pace));
        Ok(Self {
            debounce_us: debounce_us.try_into().map_err(|_| {
                Error::usage(&format!(
                    "--debounce, {} times longer as the recording is stretched, is longer than 71 minutes",
                    pace.stretch()
                ))
            })?,
            names: stimulus
                .as_ref()
                .map(|stimulus| stimulus.names().to_vec())
                .unwrap_or_default(),
            options,
            stimulus,
            pace,
            edges: None,
            report: None,
            run: None,
            begun: false,
            played_to: 0,
            lost: 0,
            failure: None,
        })
    }

    /// The options this run was opened with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The recording to replay; without one the application plays its own.
    pub fn stimulus(&self) -> Option<&Recording> {
        self.stimulus.as_ref()
    }

    /// The unit of the times that [`edge`](Self::edge) returns, as text to be put after one of them.
    pub fn unit_text(&self) -> String {
        let unit = self.unit().to_string();
        match unit.strip_prefix("1 ") {
            Some(name) => name.to_string(),
            None => format!("x {unit}"),
        }
    }

    fn unit(&self) -> TimeUnit {
        self.stimulus
            .as_ref()
            .map_or(TimeUnit::MICROSECOND, Recording::unit)
    }

    /// The deadline of the oldest record, in microseconds of simulated time; 0 for none.
    pub fn flush_after_us(&self) -> u64 {
        let time = self.options.flush_after;
        time.map_or(0, |time| stretched(time, self.pace))
    }

    /// How long no edge must come for the reader to wake, in microseconds of simulated time; 0 for never.
    pub fn idle_after_us(&self) -> u64 {
        let time = self.options.idle_after;
        time.map_or(0, |time| stretched(time, self.pace))
    }

    /// The time for which a level must be stable, in microseconds of simulated time; 0 for none.
    pub fn debounce_us(&self) -> u32 {
        self.debounce_us
    }

    /// Creates the capture file and the page, if they were asked for. From now on, Ctrl-C ends the stimulus.
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
        let header = Header {
            names: &self.names,
            initial_levels,
            unit: self.unit(),
            one_trigger: match self.options.trigger {
                Trigger::Both => None,
                Trigger::Rising => Some(true),
                Trigger::Falling => Some(false),
            },
        };
        let create = |path: &PathBuf| CaptureFile::create(path, header);
        let file = self.options.capture.as_ref().map(create).transpose()?;
        let report = self.options.report.as_deref().map(Report::create);
        self.report = report.transpose()?;
        self.run = self.report.as_ref().map(|_| Run::new(self.room()));
        let shown = self.report.is_some() || self.options.plots();
        let trace = shown.then(|| {
            Trace::new(&self.names, initial_levels, self.unit())
                .with_one_trigger(header.one_trigger)
        });
        if file.is_some() || trace.is_some() {
            self.edges = Some(Edges::new(file, trace, self.debounce_us > 0));
        }
        // Not before: Ctrl-C also ends the wait for the reader of a FIFO.
        interrupt::catch();
        self.begun = true;
        Ok(())
    }

    fn room(&self) -> Room {
        Room {
            ready: match self.options.ready {
                Ready::Full => self.options.capacity,
                Ready::Records(records) => records,
            },
            capacity: self.options.capacity,
            headroom: self.options.headroom(),
        }
    }

    /// Whether [`begin`](Self::begin) was called.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun
    }

    /// The next event to replay; `None` at the end, after Ctrl-C, and always without a stimulus.
    ///
    /// # Errors
    ///
    /// Those of [`Recording::next_event`].
    pub fn next_event(&mut self) -> Result<Option<Event>, Error> {
        match &mut self.stimulus {
            Some(stimulus) if !interrupt::is_requested() => {
                let event = stimulus.next_event()?;
                self.played_to = event.map_or(stimulus.duration(), |event| event.time);
                Ok(event.map(|event| Event {
                    at_us: self.pace.to_us(event.time),
                    line: event.wire,
                    level: event.level,
                }))
            }
            _ => Ok(None),
        }
    }

    /// After the last event: when the stimulus ends, in microseconds of simulated time. That is the end of the
    /// recording or, after Ctrl-C, the last event.
    pub fn end_us(&self) -> u64 {
        self.pace.to_us(self.played_to)
    }

    /// Takes one delivered edge, and adds it to the capture, if one is written. Returns its time, in the recording's
    /// unit.
    ///
    /// The first error is kept for [`finish`](Self::finish), so the reader of edges need not handle
    /// it.
    pub fn edge(&mut self, at_us: u64, edge: &Captured) -> u64 {
        let time = self.pace.to_time(at_us);
        self.lost += u64::from(edge.lost_before);
        if let Some(edges) = &mut self.edges
            && let Err(error) = edges.add(time, edge)
        {
            self.failure = Some(error);
            self.edges = None;
        }
        time
    }

    /// Whether [`woken`](Self::woken) has any use.
    pub fn watches(&self) -> bool {
        self.run.is_some()
    }

    /// The reader woke, and at `at_us` had read so many edges.
    pub fn woken(&mut self, at_us: u64, edges: u64, woken: Woken) {
        let time = self.pace.to_time(at_us);
        if let Some(run) = &mut self.run {
            run.read(time, edges, woken.name());
        }
    }

    /// Completes the capture and the page and prints the summary on `out`: one line of JSON, or a few lines of
    /// text, and then the waveforms if they are printed.
    ///
    /// The capture ends when the stimulus does, if that is later than the last edge.
    ///
    /// # Errors
    ///
    /// - The first error of an edge, those of [`CaptureFile::finish`], or `out` cannot be written. Nothing is printed
    ///   then, and no capture is left, unless `out` itself failed.
    /// - Edges were lost, and `--allow-loss` was not given. Then the capture and the summary are complete, and the exit
    ///   status is 3.
    pub fn finish(self, counts: &Counts, out: &mut dyn Write) -> Result<(), Error> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if let (false, Some(path)) = (self.begun, &self.options.capture) {
            return Err(Error::file(path, "the capture was never begun"));
        }
        let end = self.stimulus.is_some().then_some(self.played_to);
        let trace = match self.edges {
            Some(edges) => edges.finish(end, counts.lost().saturating_sub(self.lost))?,
            None => None,
        };
        let summary = Summary::new(&self.options, &self.names, counts);
        if let (Some(report), Some(mut run), Some(trace)) = (self.report, self.run, &trace) {
            run.set_ledger(counts.ledger());
            let stimulus = self.options.stimulus.as_deref();
            report.finish(stimulus.unwrap_or(Path::new(BUILT_IN)), trace, Some(&run))?;
        }
        let text = if self.options.json {
            summary.to_json()
        } else {
            summary.to_string()
        };
        let plot = match &trace {
            Some(trace) if self.options.plots() => waveforms(trace),
            _ => String::new(),
        };
        write!(out, "{text}\n{plot}")
            .and_then(|()| out.flush())
            .map_err(|error| Error::failure(&format!("cannot print the summary: {error}")))?;
        match counts.lost() {
            lost @ 1.. if !self.options.allow_loss => Err(Error::loss(&format!(
                "{lost} of {} edges were lost; --capacity and --headroom give more room, --allow-loss accepts it",
                counts.captured
            ))),
            _ => Ok(()),
        }
    }
}

/// A time on the clock of the recording, in microseconds of simulated time.
fn stretched(time: Duration, pace: Pace) -> u64 {
    // An hour at most, stretched by 32 bits at most.
    time.as_micros() as u64 * u64::from(pace.stretch())
}
