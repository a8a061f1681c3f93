//! Compares the behaviour of Zephyr's kernel with the transcript.
#![no_std]

extern crate alloc;

use zephyr::printkln;

mod calls;
mod platform;

#[no_mangle]
extern "C" fn rust_main() {
    let mut expected = calls::expected(platform::release()).into_iter();
    let (mut lines, mut differences) = (0, 0);
    calls::write(|line| {
        printkln!("{line}");
        lines += 1;
        let expected = expected.next().unwrap_or_default();
        if line != expected {
            printkln!("EXPECTED {expected}");
            differences += 1;
        }
    });
    if expected.next().is_none() && differences == 0 {
        printkln!("kernel: PASS, {lines} lines as in the transcript");
    } else {
        printkln!("kernel: FAIL, {differences} of {lines} lines differ from the transcript");
    }
}
