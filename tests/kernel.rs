//! Compares the simulated kernel's behaviour with `tests/zephyr/kernel/transcript.txt`, as
//! `tests/zephyr/kernel/` compares Zephyr's.
//!
//! The lines of a new or changed case come from Zephyr: its suite prints them.

#[path = "zephyr/kernel/src/calls/mod.rs"]
mod calls;

mod platform {
    use zephyr::raw::device;
    use zephyr::sim;
    pub(crate) use zephyr::sim::Thread;

    pub(crate) fn port() -> &'static device {
        sim::gpio(0)
    }

    pub(crate) fn spawn(priority: i32, body: impl FnOnce() + 'static) -> Thread {
        sim::spawn("helper", priority, body)
    }

    pub(crate) fn call_in_isr(body: &mut dyn FnMut()) {
        sim::call_in_isr(body);
    }
}

#[test]
fn the_simulated_kernel_does_what_zephyr_does() {
    let written = zephyr::sim::run(|| {
        let mut written = String::new();
        calls::write(|line| written.extend([line, "\n"]));
        written
    });
    for (written, expected) in written.lines().zip(calls::TRANSCRIPT.lines()) {
        assert_eq!(written, expected);
    }
    assert_eq!(written, calls::TRANSCRIPT);
}
