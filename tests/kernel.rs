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
        let mut written = Vec::new();
        calls::write(|line| written.push(line.to_owned()));
        written
    });
    let expected = calls::expected((4, 2));
    for (written, expected) in written.iter().zip(&expected) {
        assert_eq!(written, expected);
    }
    assert_eq!(written.len(), expected.len());
}

#[test]
fn a_changed_line_holds_from_its_release_on() {
    let (before, after) = (calls::expected((4, 4)), calls::expected((4, 5)));
    assert_eq!(before, calls::expected((4, 2)));
    assert_eq!(after, calls::expected((5, 0)));
    let changed: Vec<_> = before.iter().zip(&after).filter(|(a, b)| a != b).collect();
    assert_eq!(
        changed,
        [(
            &"sem::what_a_reset_does_to_a_poller: 0 2 0",
            &"sem::what_a_reset_does_to_a_poller: EAGAIN 0 0"
        )]
    );
    assert_eq!(before.len(), after.len());
}
