//! Events of a stream, on their way to the file.

use std::path::Path;
use std::time::Duration;

use edgepipe_host::Error;
use edgepipe_stream::{Event, Head, Point};

use super::file::RecordingFile;
use super::tally::Tally;
use super::timeline::{Timeline, ticks};

/// A device that is silent does not tell the time. So its recording ends when the host's clock is later by this.
const GRACE: Duration = Duration::from_secs(1);

/// When a recording ends.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    pub(super) time: Option<Duration>,
    pub(super) edges: Option<u64>,
}

/// Writes a recording.
#[derive(Debug)]
pub(super) struct Recorder<'a> {
    path: &'a Path,
    limits: Limits,
    /// From the first head on.
    running: Option<Running>,
    pub(super) tally: Tally,
    done: bool,
}

#[derive(Debug)]
struct Running {
    file: RecordingFile,
    timeline: Timeline,
    lines: usize,
    /// The recording ends at this time.
    end: u64,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(path: &'a Path, limits: Limits) -> Self {
        Self {
            path,
            limits,
            running: None,
            tally: Tally::default(),
            done: false,
        }
    }

    /// Whether a limit has been reached. Later events are ignored.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// Whether the time limit has passed on the host's clock, and not yet on the device's.
    pub(super) fn is_late(&self) -> bool {
        let latest = self.limits.time.map(|time| time.saturating_add(GRACE));
        let elapsed = self.running.as_ref().map(|it| it.timeline.elapsed());
        latest.is_some_and(|latest| elapsed.is_some_and(|it| it > latest))
    }

    /// Ends the recording, of which nothing more is known, because the device is silent.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(super) fn silence(&mut self) -> Result<(), Error> {
        if let Some(running) = &mut self.running {
            let now = running.timeline.now();
            running.file.loss(now, None)?;
            self.tally.silence(running.timeline.seconds(now));
            self.done = true;
        }
        Ok(())
    }

    /// Whether there is something to write.
    pub(super) fn has_begun(&self) -> bool {
        self.running.is_some()
    }

    /// Takes an event.
    ///
    /// # Errors
    ///
    /// The file cannot be written; the device has come back as another one.
    pub(super) fn take(&mut self, event: Event<'_>) -> Result<(), Error> {
        let Some(running) = &mut self.running else {
            return match event {
                Event::Head(head, at) => self.begin(head, at),
                _ => Ok(()),
            };
        };
        if self.done {
            return Ok(());
        }
        match event {
            Event::Head(head, at) => {
                let from = running.timeline.now();
                running.restart(head, at)?;
                let (from, to) = running.seconds_from(from);
                self.tally.restart(from, to);
            }
            Event::Edge { ticks, line, high } => {
                let time = running.timeline.reach(ticks);
                if time <= running.end {
                    running.file.edge(time, line, high)?;
                    self.tally.edge(line);
                }
            }
            Event::Loss {
                lost,
                levels,
                until,
                cause,
            } => {
                let from = running.timeline.now();
                let to = running.timeline.reach(until);
                running.lose(from, to, levels)?;
                let (from, to) = running.seconds_from(from);
                self.tally.loss(lost, cause, from, to);
            }
            Event::Alive { ticks } => {
                running.timeline.reach(ticks);
            }
            Event::Restart | Event::Version(_) => {}
        }
        let all = self
            .limits
            .edges
            .is_some_and(|limit| self.tally.edges >= limit);
        self.done = all || running.timeline.now() >= running.end;
        Ok(())
    }

    /// Completes the file, and gives the numbers. It ends where the stream is known to.
    ///
    /// # Errors
    ///
    /// The file cannot be written, or there is none, because no head came.
    pub(super) fn finish(mut self) -> Result<Tally, Error> {
        let Some(running) = self.running else {
            return Err(Error::failure("nothing came, so there is no file"));
        };
        let end = running.timeline.now().min(running.end);
        self.tally.seconds = running.timeline.seconds(end);
        running.file.finish(end, &self.tally.places())?;
        Ok(self.tally)
    }

    fn begin(&mut self, head: Head<'_>, at: Point) -> Result<(), Error> {
        let names: Vec<String> = (0..).zip(head.lines).map(name).collect();
        let end = self.limits.time.map(|time| ticks(time, head.rate_hz));
        self.running = Some(Running {
            file: RecordingFile::create(self.path, &names, head.rate_hz, at.levels)?,
            timeline: Timeline::begin(&head, at),
            lines: names.len(),
            end: end.unwrap_or(u64::MAX),
        });
        self.tally.lines = names.into_iter().map(|name| (name, 0)).collect();
        Ok(())
    }
}

impl Running {
    fn restart(&mut self, head: Head<'_>, at: Point) -> Result<(), Error> {
        if head.rate_hz != self.timeline.rate_hz() || head.lines.len() != self.lines {
            return Err(Error::failure(&format!(
                "the device came back as another one: {} with {} lines at {} Hz",
                head.device,
                head.lines.len(),
                head.rate_hz
            )));
        }
        let from = self.timeline.now();
        let to = self.timeline.restart(at);
        self.lose(from, to, at.levels)
    }

    /// Marks a loss, or what of it is before the end.
    fn lose(&mut self, from: u64, to: u64, levels: u32) -> Result<(), Error> {
        let seen = (to <= self.end).then_some((to, levels));
        self.file.loss(from, seen)
    }

    /// From this time to now, if that is not after the end.
    fn seconds_from(&self, time: u64) -> (f64, Option<f64>) {
        let seconds = |time| self.timeline.seconds(time);
        let now = self.timeline.now();
        (seconds(time), (now <= self.end).then(|| seconds(now)))
    }
}

/// A name as VCD can hold it.
fn name((line, name): (usize, &&str)) -> String {
    let fits = |c: char| !(c.is_whitespace() || c.is_control() || c == '$');
    let name: String = name
        .chars()
        .map(|c| if fits(c) { c } else { '_' })
        .collect();
    match name.as_str() {
        "" => format!("D{line}"),
        _ => name,
    }
}
