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
    use edgepipe_app::{EmulatedPin, Pins};
    use zephyr::raw::device;

    extern "C" {
        /// From `suite.c`.
        static conformance_port: &'static device;
    }

    pub(crate) fn pins() -> Pins {
        // SAFETY: a constant of `suite.c`, and an emulated controller in every overlay.
        (0..2).map(|pin| unsafe { EmulatedPin::new(conformance_port, pin) }).collect()
    }

    pub(crate) fn spawn(body: fn()) {
        helper(body).start();
    }

    #[zephyr::thread(stack_size = 2048, pool_size = 2)]
    fn helper(body: fn()) {
        body();
    }
}

/// Never called (see `CMakeLists.txt`), but zephyr-lang-rust's `main.c` names it.
#[no_mangle]
extern "C" fn rust_main() {}
