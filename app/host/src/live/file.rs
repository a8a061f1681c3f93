//! The file of a recording, of either kind.

use std::path::Path;

use edgepipe_host::{CaptureFile, Error, Header, TimeUnit};

use super::sr_file::SrFile;

/// A file that appears when it is finished, and not at all if it never is. Times are ticks of the device.
#[derive(Debug)]
pub(super) enum RecordingFile {
    Vcd(Box<CaptureFile>),
    Sr(Box<SrFile>),
}

impl RecordingFile {
    /// Begins a file; one whose name ends in `.sr` has samples, any other is VCD.
    pub(super) fn create(
        path: &Path,
        names: &[String],
        rate_hz: u32,
        levels: u32,
    ) -> Result<Self, Error> {
        if path
            .extension()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("sr"))
        {
            let file = SrFile::create(path, names, rate_hz, levels)?;
            return Ok(Self::Sr(Box::new(file)));
        }
        let header = Header {
            names,
            initial_levels: levels,
            unit: TimeUnit::new(1, rate_hz.into()).unwrap_or(TimeUnit::MICROSECOND),
            one_trigger: None,
        };
        let file = CaptureFile::create_with_loss_wire(path, header)?;
        Ok(Self::Vcd(Box::new(file)))
    }

    pub(super) fn edge(&mut self, time: u64, line: u8, high: bool) -> Result<(), Error> {
        match self {
            Self::Vcd(file) => file.edge(time, line, high),
            Self::Sr(file) => file.edge(time, line, high),
        }
    }

    /// Edges were lost from this time on: up to a later one, when the lines had these levels, or up to the end.
    pub(super) fn loss(&mut self, from: u64, to: Option<(u64, u32)>) -> Result<(), Error> {
        match (self, to) {
            (Self::Sr(file), to) => file.loss(from, to),
            (Self::Vcd(file), Some((to, levels))) => {
                file.quiet(from)?;
                file.loss(to, levels)
            }
            (Self::Vcd(file), None) => {
                file.quiet(from)?;
                file.loss_at_end();
                Ok(())
            }
        }
    }

    /// Completes the file. VCD has these comments, too.
    pub(super) fn finish(self, end: u64, comments: &[String]) -> Result<(), Error> {
        match self {
            Self::Vcd(file) => file.finish_with_comments(Some(end), comments),
            Self::Sr(file) => file.finish(end),
        }
    }
}
