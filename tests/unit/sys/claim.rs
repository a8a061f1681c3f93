//! Tests of `sys::gpio::claim`, in src/sys/gpio/claim.rs.

use crate::sys::gpio::{Claim, Pin};

#[test]
fn a_pin_is_claimed_once_and_free_again_when_it_is_given_up() {
    static CLAIMS: [Claim; 4] = [const { Claim::new() }; 4];
    zephyr::sim::run(|| {
        let [a, b, c, d] = CLAIMS.each_ref();
        let port = |index| Pin::new(zephyr::sim::gpio(index), 0, 0).port;
        assert_eq!(a.hold(port(0), 0b0001), Ok(()));
        assert_eq!(b.hold(port(0), 0b0110), Ok(()));
        assert_eq!(c.hold(port(1), 0b1111), Ok(()));
        assert_eq!(d.hold(port(0), 0b1011), Err(0b0011));
        // Neither the first nor the last claim.
        b.release();
        b.release();
        assert_eq!(d.hold(port(0), 0b1011), Err(0b0001));
        assert_eq!(d.hold(port(0), 0b0110), Ok(()));
        assert_eq!(b.hold(port(1), 0b1000), Err(0b1000));
        // The last.
        a.release();
        assert_eq!(b.hold(port(0), 0b0011), Err(0b0010));
        assert_eq!(b.hold(port(0), 0b0001), Ok(()));
        // The first.
        b.release();
        assert_eq!(a.hold(port(0), 0b0001), Ok(()));
        assert_eq!(b.hold(port(1), 0b1000), Err(0b1000));
        for claim in [a, c, d] {
            claim.release();
        }
        assert_eq!(b.hold(port(0), 0b1111), Ok(()));
        b.release();
    });
}
