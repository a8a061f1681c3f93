//! Runs the shared cases of `tests/conformance/src/cases/` on the simulated kernel.

// One test for each case, in a kernel of its own.
macro_rules! cases {
    ($($module:ident::$case:ident;)*) => {
        $(
            #[test]
            fn $case() {
                zephyr::sim::run($module::$case);
            }
        )*
    };
}

#[path = "conformance/src/cases/mod.rs"]
mod cases;

mod platform {
    use edgepipe_app::{EmulatedPin, Pins};
    use zephyr::sim;

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

    pub(crate) fn spawn(body: fn()) {
        sim::spawn("helper", 1, body);
    }
}
