//! Tests of `line`, in src/line.rs.

use crate::line::*;

#[test]
fn a_line_tells_its_port_and_pin() {
    zephyr::sim::run(|| {
        let port = zephyr::sim::gpio(1);
        let line = Line::new(port, 11, 1);
        assert_eq!(line.pin(), 11);
        assert!(core::ptr::eq(line.port(), port));
    });
}
