//! The delivered edges, on their way to the capture file.

use edgepipe_page::Trace;

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

/// Takes edges in the order of their times, for the capture file and for what shows them.
#[derive(Debug)]
pub(crate) struct Edges {
    file: Option<CaptureFile>,
    trace: Option<Trace>,
    /// Debounced edges have earlier times than edges that were delivered before them. So they are all kept to the end
    /// and sorted then.
    kept: Option<Vec<(u64, Captured)>>,
}

impl Edges {
    pub(crate) fn new(file: Option<CaptureFile>, trace: Option<Trace>, debounced: bool) -> Self {
        let kept = debounced.then(Vec::new);
        Self { file, trace, kept }
    }

    pub(crate) fn add(&mut self, time: u64, edge: &Captured) -> Result<(), Error> {
        match &mut self.kept {
            Some(kept) => {
                kept.push((time, *edge));
                Ok(())
            }
            None => self.take(time, edge),
        }
    }

    fn take(&mut self, time: u64, edge: &Captured) -> Result<(), Error> {
        let high = edge.level != 0;
        if let Some(trace) = &mut self.trace {
            if edge.lost_before > 0 {
                trace.loss(time, Some(edge.lost_before.into()), edge.levels_before);
            }
            trace.edge(time, edge.line, high);
        }
        if let Some(file) = &mut self.file {
            if edge.lost_before > 0 {
                file.loss(time, edge.levels_before)?;
            }
            file.edge(time, edge.line, high)?;
        }
        Ok(())
    }

    /// Completes the file, see [`CaptureFile::finish`], and returns what is to be shown. So many edges were lost after
    /// the last one.
    pub(crate) fn finish(
        mut self,
        end: Option<u64>,
        lost_at_end: u64,
    ) -> Result<Option<Trace>, Error> {
        let mut kept = self.kept.take().unwrap_or_default();
        kept.sort_by_key(|(time, _)| *time);
        for (time, edge) in &kept {
            self.take(*time, edge)?;
        }
        if let Some(trace) = &mut self.trace {
            if lost_at_end > 0 {
                trace.loss_at_end(lost_at_end, end);
            }
            trace.end_at(end.unwrap_or_default());
        }
        if let Some(mut file) = self.file {
            if lost_at_end > 0 {
                file.loss_at_end();
            }
            file.finish(end)?;
        }
        Ok(self.trace)
    }
}
