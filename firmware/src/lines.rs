//! The lines of the capture, from the table that `lines.c` makes of the devicetree.

use zephyr::raw::{device, gpio_dt_spec};

extern "C" {
    #[link_name = "edgepipe_lines"]
    static FIRST: gpio_dt_spec;
    #[link_name = "edgepipe_line_count"]
    static COUNT: usize;
}

/// Port, pin and devicetree flags of every line.
pub(crate) fn lines() -> impl Iterator<Item = (&'static device, u8, u16)> {
    // SAFETY: both are constants of `lines.c`: the first element of an array, and its length.
    let specs = unsafe { core::slice::from_raw_parts(&raw const FIRST, COUNT) };
    // SAFETY: `GPIO_DT_SPEC_GET_BY_IDX` names a device there, and devices are constants.
    specs
        .iter()
        .map(|spec| (unsafe { &*spec.port }, spec.pin, spec.dt_flags))
}
