//! The report of a run that failed.

use std::any::Any;
use std::cell::RefCell;
use std::panic;
use std::rc::Rc;
use std::sync::Once;

use crate::schedule::Record;
use crate::sim::Fault;

thread_local! {
    /// The record of the run that this OS thread makes.
    static WATCHED: RefCell<Option<Rc<RefCell<Record>>>> = const { RefCell::new(None) };
}

/// Calls `run`, and prints its schedule at once if it panics.
///
/// A panic in an interrupt handler ends the process, because a C frame is below it, so this is the
/// only place where the schedule can be printed.
pub(super) fn watched<R>(record: &Rc<RefCell<Record>>, run: impl FnOnce() -> R) -> R {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            previous(info);
            WATCHED.with(|watched| {
                let watched = watched.try_borrow();
                let record = watched.as_ref().ok().and_then(|watched| watched.as_ref());
                if let Some(record) = record.and_then(|record| record.try_borrow().ok()) {
                    eprintln!("in an explored run; its schedule: {}", record.schedule());
                }
            });
        }));
    });
    WATCHED.set(Some(Rc::clone(record)));
    let result = run();
    WATCHED.set(None);
    result
}

/// Why a run failed, if it did.
pub(super) fn of(outcome: Result<Result<(), Fault>, Box<dyn Any + Send>>) -> Option<String> {
    match outcome {
        Ok(Ok(())) => None,
        Ok(Err(fault)) => Some(fault.to_string()),
        Err(payload) => Some(match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => payload.downcast::<&str>().map_or_else(
                |_| "a panic without a text".to_owned(),
                |text| (*text).to_owned(),
            ),
        }),
    }
}

/// Panics with everything known about a failed run.
pub(super) fn report(what: &str, runs_before: u64, seed: Option<u64>, record: &Record) -> ! {
    let schedule = record.schedule();
    let seed = seed.map_or(String::new(), |seed| format!(", seed {seed}"));
    let thread = std::thread::current();
    // The test harness names its threads after the tests.
    let test = thread.name().unwrap_or("the test");
    panic!(
        "after {runs_before} runs without a failure, this one{seed}: {what}\n\
         departures from Zephyr's order:{record}\n\
         schedule: {schedule}\n\
         again: EDGEPIPE_REPLAY={schedule} cargo test {test} -- --exact\n\
         or: sim::replay(&explore, {:?}, body)",
        schedule.to_string(),
    )
}
