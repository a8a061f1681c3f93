//! What the tests have in common.

#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

#[path = "../../../tests/zephyr/kernel/src/calls/objects.rs"]
mod objects;

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

pub(crate) use objects::*;
pub(crate) use zephyr::sim::{self, Fault, FaultKind, Options};

mod platform {
    use zephyr::raw::device;

    pub(crate) fn port() -> &'static device {
        zephyr::sim::gpio(0)
    }
}

/// What happened, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, event: impl ToString) {
        self.0.borrow_mut().push(event.to_string());
    }

    /// Adds an event with the tick it happened at.
    pub(crate) fn tick(&self, event: impl std::fmt::Display) {
        self.add(format!("{event}@{}", now()));
    }

    pub(crate) fn text(&self) -> String {
        self.0.borrow().join(" ")
    }
}

/// Runs `main` to a fault, and returns it.
pub(crate) fn fault(main: impl FnOnce() + 'static) -> Fault {
    sim::try_run(Options::default(), main).expect_err("a fault ends this run")
}

/// The text that `explore` fails with, if it does.
pub(crate) fn failure(explore: &sim::Explore, body: impl Fn() + 'static) -> Option<String> {
    let outcome = catch_unwind(AssertUnwindSafe(|| sim::explore(explore, body)));
    let payload = outcome.err()?;
    Some(*payload.downcast::<String>().expect("a text"))
}
