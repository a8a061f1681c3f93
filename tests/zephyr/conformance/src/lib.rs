//! Runs the shared cases on Zephyr, as ztest cases.
#![no_std]

/// Gives C a function for each case; `suite.c` finds them by name.
macro_rules! cases {
    ($($module:ident::$case:ident;)*) => {
        $(
            #[export_name = concat!("conformance_", stringify!($case))]
            extern "C" fn $case() {
                $module::$case();
            }
        )*
    };
}

mod cases;

mod platform {
    use edgepipe::Delivery;
    use edgepipe_app::{EmulatedPin, Pins};
    use zephyr::{raw::device, sync::SpinMutex};

    // From `suite.c`.
    extern "C" {
        static conformance_port: &'static device;
        static conformance_other_port: &'static device;
        // zephyr-lang-rust's own threads cannot be started again once they have ended.
        fn conformance_spawn(body: extern "C" fn());
    }

    pub(crate) fn pins() -> Pins {
        // SAFETY: a constant of `suite.c`, and an emulated controller.
        (0..2)
            .map(|pin| unsafe { EmulatedPin::new(conformance_port, pin) })
            .collect()
    }

    pub(crate) fn other_pin() -> EmulatedPin {
        // SAFETY: as above.
        unsafe { EmulatedPin::new(conformance_other_port, 0) }
    }

    /// A board has not enough memory for them.
    pub(crate) const PIPES: usize = 0;

    pub(crate) const fn delivery() -> Option<Delivery> {
        None
    }

    pub(crate) fn spawn(body: fn()) {
        static BODY: SpinMutex<Option<fn()>> = SpinMutex::new(None);
        extern "C" fn run() {
            let Ok(mut slot) = BODY.lock();
            let body = slot.take();
            drop(slot);
            body.expect("spawn put it there")();
        }
        let Ok(mut slot) = BODY.lock();
        *slot = Some(body);
        drop(slot);
        // SAFETY: the function starts a thread that runs `run`, and needs nothing else.
        unsafe { conformance_spawn(run) };
    }
}

/// Never called (see `CMakeLists.txt`), but zephyr-lang-rust's `main.c` names it.
#[no_mangle]
extern "C" fn rust_main() {}
