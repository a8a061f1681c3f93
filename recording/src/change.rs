//! What the formats have in common: changes of signals.

use std::path::Path;

use crate::names::Declared;
use crate::source::{Opened, Source};
use crate::sr::Samples;
use crate::vcd::Vcd;
use crate::{Error, Loss};

/// A level given for a signal. It may repeat the level before.
#[derive(Clone, Copy)]
pub(crate) struct Change {
    pub(crate) time: u64,
    pub(crate) signal: u32,
    /// `None` is an unknown level.
    pub(crate) level: Option<bool>,
}

/// The changes of a recording, in any format.
pub(crate) enum Changes {
    Vcd(Box<Vcd>),
    Sr(Box<Samples>),
}

impl Changes {
    /// Opens a recording and reads its declarations. There is at least one wire.
    pub(crate) fn open(path: &Path) -> Result<(Self, Declared), Error> {
        let (changes, declared) = match Source::open(path)? {
            Opened::Text(source, input) => {
                let (vcd, declared) = Vcd::open(source, input)?;
                (Self::Vcd(Box::new(vcd)), declared)
            }
            Opened::Zip(name, file) => {
                let (samples, declared) = Samples::open(name, file)?;
                (Self::Sr(Box::new(samples)), declared)
            }
        };
        if declared.wires.is_empty() {
            return Err(changes.error("no one-bit wire"));
        }
        Ok((changes, declared))
    }

    /// Says which signals matter. The changes of others may be left out.
    pub(crate) fn only(&mut self, matters: impl Fn(usize) -> bool) {
        match self {
            Self::Vcd(_) => {}
            Self::Sr(samples) => samples.only(matters),
        }
    }

    #[inline]
    pub(crate) fn next_change(&mut self) -> Result<Option<Change>, Error> {
        match self {
            Self::Vcd(vcd) => vcd.next_change(),
            Self::Sr(samples) => samples.next_change(),
        }
    }

    /// The latest time so far. After the last change, the time at which the recording ends.
    pub(crate) fn time(&self) -> u64 {
        match self {
            Self::Vcd(vcd) => vcd.time(),
            Self::Sr(samples) => samples.time(),
        }
    }

    /// What the recording's comments told of so far.
    pub(crate) fn losses(&self) -> &[Loss] {
        match self {
            Self::Vcd(vcd) => vcd.losses(),
            Self::Sr(_) => &[],
        }
    }

    /// Starts over at the first change.
    pub(crate) fn restart(&mut self) -> Result<(), Error> {
        match self {
            Self::Vcd(vcd) => vcd.restart(),
            Self::Sr(samples) => samples.restart(),
        }
    }

    /// An error about the file as a whole.
    pub(crate) fn error(&self, cause: &str) -> Error {
        match self {
            Self::Vcd(vcd) => Error::file(vcd.file(), cause),
            Self::Sr(samples) => Error::file(samples.file(), cause),
        }
    }
}
