//! The progress bar of a long replay.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

/// A shorter replay is over before a bar could be read.
const EDGES_MIN: u64 = 100_000;

/// Edges between two updates of the bar, so that it costs the replay nothing.
const STEP: u64 = 4_096;

/// A bar on standard error, if that is a terminal and the replay is long; nothing otherwise.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    done: u64,
}

impl Progress {
    /// A bar for a replay of `edges` edges.
    pub fn new(edges: u64) -> Self {
        let bar = if edges > EDGES_MIN && io::stderr().is_terminal() {
            let style =
                ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} edges, {eta}");
            ProgressBar::new(edges)
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        } else {
            ProgressBar::hidden()
        };
        Self { bar, done: 0 }
    }

    /// Counts one replayed edge.
    pub fn edge(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(STEP) {
            self.bar.set_position(self.done);
        }
    }

    /// Removes the bar, so that the next output begins on a clean line.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
