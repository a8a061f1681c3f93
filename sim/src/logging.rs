//! A backend for the `log` facade.

use log::{LevelFilter, Log, Metadata, Record, SetLoggerError};

#[derive(Debug)]
struct StderrLogger;

impl Log for StderrLogger {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        eprintln!("{} {}: {}", record.level(), record.target(), record.args());
    }

    fn flush(&self) {}
}

/// Sends log records of level `Info` and above to stderr.
///
/// # Errors
///
/// When the process has a logger already.
///
/// # Safety
///
/// Nothing is asked of the caller here. The real function must not be called from two threads at
/// once, because some of its targets have no atomic pointers.
pub unsafe fn set_logger() -> Result<(), SetLoggerError> {
    log::set_logger(&StderrLogger)?;
    log::set_max_level(LevelFilter::Info);
    Ok(())
}
