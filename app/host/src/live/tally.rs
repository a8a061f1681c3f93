//! What came, in numbers.

use std::fmt::{self, Display};

use edgepipe_stream::Cause;

/// The places of this many losses are told in the summary, and in the file.
const TOLD_MAX: usize = 10;
const KEPT_MAX: usize = 10_000;

/// Counts of a recording. Times are in seconds from its beginning.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// The names of the lines, and the edges of each.
    pub(super) lines: Vec<(String, u64)>,
    pub(super) edges: u64,
    pub(super) lost_by_board: u64,
    pub(super) lost_on_line: u64,
    pub(super) restarts: u64,
    pub(super) seconds: f64,
    /// Since when the device has been silent.
    silent_from: Option<f64>,
    /// The first losses, as text, and how many came after them.
    places: Vec<String>,
    others: u64,
}

impl Tally {
    pub(super) fn lost(&self) -> u64 {
        self.lost_by_board + self.lost_on_line
    }

    pub(super) fn edge(&mut self, line: u8) {
        self.edges += 1;
        if let Some((_, edges)) = self.lines.get_mut(usize::from(line)) {
            *edges += 1;
        }
    }

    /// Edges were lost, up to a time or beyond the end.
    pub(super) fn loss(&mut self, lost: u64, cause: Cause, from: f64, to: Option<f64>) {
        match cause {
            Cause::Board => self.lost_by_board += lost,
            Cause::Line => self.lost_on_line += lost,
        }
        self.place(format!(
            "lost {lost} edges {}, {}",
            by(cause),
            span(from, to)
        ));
    }

    /// Nothing was heard of the device since then.
    pub(super) fn silence(&mut self, from: f64) {
        self.silent_from = Some(from);
        self.place(format!("the device was silent from {from:.9} s on"));
    }

    /// The device restarted, which took up to a time or beyond the end.
    pub(super) fn restart(&mut self, from: f64, to: Option<f64>) {
        self.restarts += 1;
        self.place(format!("restart of the device, {}", span(from, to)));
    }

    /// Why the recording is not all of what happened on the lines, if it is not.
    pub(super) fn what_is_missing(&self) -> Option<String> {
        let restarts = match self.restarts {
            0 => String::new(),
            1 => " and the device restarted".into(),
            count => format!(" and the device restarted {count} times"),
        };
        let silence = match self.silent_from {
            None => String::new(),
            Some(from) => format!(" and the device was silent from {from:.3} s on"),
        };
        let missing = self.lost() > 0 || self.restarts > 0 || self.silent_from.is_some();
        missing.then(|| {
            let lost = self.lost();
            format!("{lost} edges were lost{restarts}{silence}; --allow-loss accepts it")
        })
    }

    /// What was lost where, line by line, as far as it was kept.
    pub(super) fn places(&self) -> Vec<String> {
        self.told(KEPT_MAX).collect()
    }

    fn place(&mut self, text: String) {
        if self.places.len() < KEPT_MAX {
            self.places.push(text);
        } else {
            self.others += 1;
        }
    }

    fn told(&self, most: usize) -> impl Iterator<Item = String> {
        let told = self.places.iter().take(most);
        let others = self.others + self.places.len().saturating_sub(most) as u64;
        let rest = (others > 0).then(|| format!("and {others} more"));
        told.cloned().chain(rest)
    }
}

fn span(from: f64, to: Option<f64>) -> String {
    match to {
        Some(to) => format!("from {from:.9} s to {to:.9} s"),
        None => format!("from {from:.9} s until after the end"),
    }
}

fn by(cause: Cause) -> &'static str {
    match cause {
        Cause::Board => "by the board",
        Cause::Line => "on the line",
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "recorded {:6}  in {:.6} s", self.edges, self.seconds)?;
        let (board, line) = (self.lost_by_board, self.lost_on_line);
        write!(
            f,
            "\nlost     {:6}  ({board} by the board, {line} on the line)",
            self.lost()
        )?;
        for place in self.told(TOLD_MAX) {
            write!(f, "\n                {place}")?;
        }
        write!(f, "\nrestarts {:6}", self.restarts)?;
        for (name, edges) in &self.lines {
            write!(f, "\nedges    {edges:6}  {name}")?;
        }
        Ok(())
    }
}
