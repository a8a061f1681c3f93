//! Runs a soak on Zephyr: the one that runs on the simulated kernel too, or the one of nested interrupts.
#![no_std]
#![expect(unexpected_cfgs, reason = "the switch comes from Kconfig")]

#[cfg(CONFIG_EDGEPIPE_SOAK_NESTED)]
mod nested;
#[cfg(not(CONFIG_EDGEPIPE_SOAK_NESTED))]
mod one_port;
#[cfg(not(CONFIG_EDGEPIPE_SOAK_NESTED))]
mod soak;

#[cfg(CONFIG_EDGEPIPE_SOAK_NESTED)]
use nested::run;
#[cfg(not(CONFIG_EDGEPIPE_SOAK_NESTED))]
use one_port::run;

#[no_mangle]
extern "C" fn rust_main() {
    run();
}
