//! The log of a case, in order.

use core::ffi::c_int;
use core::fmt::{Display, Write};

use heapless::String;
use zephyr::sync::SpinMutex;

use super::objects::{now, sleep, ticks};

/// Longer than the line of any case.
type Text = String<256>;

static TEXT: SpinMutex<Text> = SpinMutex::new(Text::new());

/// Writes the line of the case that runs. ISR or thread.
#[derive(Clone, Copy)]
pub(crate) struct Log {
    /// When the case began, in ticks.
    start: i64,
}

impl Log {
    /// Begins a line, at the beginning of a tick.
    pub(super) fn begin(title: &str) -> Log {
        sleep(ticks(1));
        let log = Log { start: now() };
        let Ok(mut text) = TEXT.lock();
        text.clear();
        text.push_str(title).expect("a title is short");
        log
    }

    /// The line.
    pub(super) fn end(self) -> Text {
        let Ok(mut text) = TEXT.lock();
        core::mem::take(&mut text)
    }

    pub(crate) fn add(self, event: impl Display) {
        let Ok(mut text) = TEXT.lock();
        write!(text, " {event}").expect("no case writes so much");
    }

    /// Adds an event and its tick, counted from the beginning of the case.
    pub(crate) fn tick(self, event: impl Display) {
        self.add(format_args!("{event}@{}", now() - self.start));
    }

    /// Adds a call's result.
    pub(crate) fn code(self, code: c_int) {
        match name(code) {
            Some(name) => self.add(name),
            None => self.add(code),
        }
    }

    /// Adds a call's result, and the tick.
    pub(crate) fn code_at(self, code: c_int) {
        match name(code) {
            Some(name) => self.tick(name),
            None => self.tick(code),
        }
    }

    /// The uptime at `tick`, counted from the beginning of the case.
    pub(crate) fn at(self, tick: i64) -> i64 {
        self.start + tick
    }
}

/// The name of an error. Numbers above 34 differ between C libraries, and `native_sim` can have the
/// host's.
fn name(code: c_int) -> Option<&'static str> {
    Some(match code {
        -4 => "EINTR",
        -11 => "EAGAIN",
        -16 => "EBUSY",
        -22 => "EINVAL",
        -32 => "EPIPE",
        -140 | -125 => "ECANCELED",
        -134 | -95 => "ENOTSUP",
        _ => return None,
    })
}
