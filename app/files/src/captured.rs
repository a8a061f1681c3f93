//! The delivered edges, on their way to the capture file.

use crate::{CaptureFile, Error};

/// One delivered edge, without its time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Captured {
    /// Edges that were lost directly before this one.
    pub lost_before: u32,
    /// If any were: the levels of all lines before this one, bit *n* for line *n*.
    pub levels_before: u32,
    /// Which line, counted from 0.
    pub line: u8,
    /// 1 for high, 0 for low.
    pub level: u8,
}

/// Writes edges in the order of their times.
#[derive(Debug)]
pub(crate) struct Edges {
    file: CaptureFile,
    /// Debounced edges have earlier times than edges that were delivered before them. So they are all kept to the end
    /// and sorted then.
    kept: Option<Vec<(u64, Captured)>>,
}

impl Edges {
    pub(crate) fn new(file: CaptureFile, debounced: bool) -> Self {
        let kept = debounced.then(Vec::new);
        Self { file, kept }
    }

    pub(crate) fn add(&mut self, time: u64, edge: &Captured) -> Result<(), Error> {
        match &mut self.kept {
            Some(kept) => {
                kept.push((time, *edge));
                Ok(())
            }
            None => write(&mut self.file, time, edge),
        }
    }

    /// Completes the file; see [`CaptureFile::finish`].
    pub(crate) fn finish(mut self, end: Option<u64>, lost_at_end: bool) -> Result<(), Error> {
        let mut kept = self.kept.unwrap_or_default();
        kept.sort_by_key(|(time, _)| *time);
        for (time, edge) in &kept {
            write(&mut self.file, *time, edge)?;
        }
        if lost_at_end {
            self.file.loss_at_end();
        }
        self.file.finish(end)
    }
}

fn write(file: &mut CaptureFile, time: u64, edge: &Captured) -> Result<(), Error> {
    if edge.lost_before > 0 {
        file.loss(time, edge.levels_before)?;
    }
    file.edge(time, edge.line, edge.level != 0)
}
