//! Runs the shared cases of `tests/zephyr/conformance/src/cases/` on the simulated kernel: in Zephyr's order,
//! in many others, and with every capture delivering through a pipe.

// Four tests for each case, each in its own kernel.
macro_rules! cases {
    ($($module:ident::$case:ident;)*) => {
        $(
            mod $case {
                use super::$module::$case;
                use crate::orders::{self, Alone};

                static ALONE: Alone = Alone::new();

                #[test]
                fn in_zephyrs_order() {
                    ALONE.run(|| orders::in_zephyrs_order($case));
                }

                #[test]
                fn through_a_pipe() {
                    ALONE.run(|| orders::through_a_pipe(stringify!($case), $case));
                }

                #[test]
                fn at_random() {
                    ALONE.run(|| orders::at_random(stringify!($case), $case));
                }

                #[test]
                fn with_few_departures() {
                    ALONE.run(|| orders::with_few_departures(stringify!($case), $case));
                }
            }
        )*
    };
}

#[path = "zephyr/conformance/src/cases/mod.rs"]
mod cases;

#[path = "explore/orders.rs"]
mod orders;

mod platform {
    use std::cell::{Cell, RefCell};

    use edgepipe::Delivery;
    use edgepipe_app::{EmulatedPin, Pins};
    use zephyr::sim::{self, Thread};

    pub(crate) fn pins() -> Pins {
        // SAFETY: the simulated kernel's ports are emulated controllers.
        (0..2)
            .map(|pin| unsafe { EmulatedPin::new(sim::gpio(0), pin) })
            .collect()
    }

    pub(crate) fn other_pin() -> EmulatedPin {
        // SAFETY: as above.
        unsafe { EmulatedPin::new(sim::gpio(1), 0) }
    }

    pub(crate) const PIPES: usize = 1;

    pub(crate) fn delivery() -> Option<Delivery> {
        DELIVERY.get()
    }

    pub(crate) fn set_delivery(delivery: Option<Delivery>) {
        DELIVERY.set(delivery);
    }

    thread_local! {
        static DELIVERY: Cell<Option<Delivery>> = const { Cell::new(None) };

        /// The threads that the case has started.
        static HELPERS: RefCell<Vec<Thread>> = const { RefCell::new(Vec::new()) };
    }

    pub(crate) fn spawn(body: fn()) {
        let helper = sim::spawn("helper", 1, body);
        HELPERS.with_borrow_mut(|helpers| helpers.push(helper));
    }

    /// Waits for the end of every helper: one that still has its handle would leave the device open
    /// for the next run.
    pub(crate) fn join_helpers() {
        HELPERS.take().iter().for_each(Thread::join);
    }
}

/// On a platform with little RAM, twister runs the cases in parts. A module that is in none would not run there.
#[test]
fn every_module_is_in_a_part() {
    let words = |text: &'static str, before: &'static str| {
        let lines = text.lines().map(str::trim);
        lines.filter_map(move |line| line.strip_prefix(before))
    };
    let parts = words(
        include_str!("zephyr/conformance/testcase.yaml"),
        "extra_args: MODULES=",
    );
    let parts: Vec<_> = parts
        .flat_map(|it| it.trim_matches('"').split(';'))
        .collect();
    let modules = words(include_str!("zephyr/conformance/src/cases/mod.rs"), "mod ");
    for module in modules.map(|it| it.trim_end_matches(';')) {
        let is_in = parts.iter().filter(|part| **part == module).count();
        let has_cases = !["samples", "support"].contains(&module);
        assert_eq!(is_in, usize::from(has_cases), "{module}");
    }
}
