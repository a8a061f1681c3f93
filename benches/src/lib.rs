//! The mechanisms that are written in Rust, for C.
#![no_std]

mod block_on;
mod mechanism;
mod mechanisms;

extern "C" {
    /// From `main.c`.
    fn bench_main();
}

#[no_mangle]
extern "C" fn rust_main() {
    // SAFETY: called once, in the main thread.
    unsafe { bench_main() };
}
