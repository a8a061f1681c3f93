//! Makes Kconfig's switches available as `cfg`s.

fn main() {
    zephyr_build::export_kconfig_bool_options();
}
