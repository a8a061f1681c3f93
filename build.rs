//! Passes on what the library needs to know of Zephyr's configuration and of the processor.
//!
//! All choices are made in Kconfig: CONFIG_EDGEPIPE_FD turns the feature `fd` on.

use std::{env, fs};

/// Lines of Zephyr's `.config` with which the library cannot work, and why. `zephyr/config.c` reports the same to
/// applications that have CONFIG_EDGEPIPE or CONFIG_EDGEPIPE_FD, before Rust is compiled.
const UNSUPPORTED: [(&str, &str); 4] = [
    (
        "CONFIG_SMP=y",
        "CONFIG_SMP=y: its locks are those of one processor",
    ),
    (
        "# CONFIG_TIMEOUT_64BIT is not set",
        "CONFIG_TIMEOUT_64BIT=n: its time-outs are absolute",
    ),
    (
        "CONFIG_TIMER_READS_ITS_FREQUENCY_AT_RUNTIME=y",
        "CONFIG_TIMER_READS_ITS_FREQUENCY_AT_RUNTIME=y: it has to know CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC \
         when it is compiled",
    ),
    (
        "CONFIG_PIPES=y",
        "CONFIG_PIPES=y: it needs the pipes that replace those",
    ),
];

/// Numbers on which every time depends.
const NUMBERS: [&str; 2] = [
    "CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC",
    "CONFIG_SYS_CLOCK_TICKS_PER_SEC",
];

fn main() {
    println!("cargo:rustc-check-cfg=cfg(edgepipe_mask, values(any()))");
    println!("cargo:rustc-check-cfg=cfg(edgepipe_clock)");
    println!("cargo:rustc-check-cfg=cfg(edgepipe_cortex_m7)");
    println!("cargo:rustc-check-cfg=cfg(edgepipe_pm)");
    println!("cargo:rustc-check-cfg=cfg(edgepipe_large_ring_buffers)");
    println!("cargo:rustc-check-cfg=cfg(edgepipe_user)");
    let target = env::var("TARGET").expect("Cargo sets it");
    match target.as_str() {
        arm if arm.starts_with("thumbv6m") || arm.starts_with("thumbv8m.base") => mask("primask"),
        arm if arm.starts_with("thumb") => mask("basepri"),
        _ => {}
    }
    // The path of Zephyr's `.config`, from zephyr-lang-rust; it is not set on the host.
    println!("cargo:rerun-if-env-changed=DOTCONFIG");
    // For tests on the host, as with CONFIG_USERSPACE.
    println!("cargo:rerun-if-env-changed=EDGEPIPE_USER");
    let Ok(dotconfig) = env::var("DOTCONFIG") else {
        println!("cargo:rustc-cfg=edgepipe_clock");
        println!("cargo:rustc-cfg=edgepipe_pm");
        if env::var_os("EDGEPIPE_USER").is_some() {
            println!("cargo:rustc-cfg=edgepipe_user");
        }
        return;
    };
    println!("cargo:rerun-if-changed={dotconfig}");
    let options = fs::read_to_string(&dotconfig).expect("Zephyr's .config can be read");
    for (line, what) in UNSUPPORTED {
        if options.lines().any(|it| it == line) {
            println!("cargo::error=edgepipe cannot be used with {what}");
        }
    }
    // The crate `zephyr` of zephyr-lang-rust, up to ab3e546, is not built again when a number changes. The compiler
    // compares its numbers with these: src/sys/clock.rs.
    for option in NUMBERS {
        let line = options
            .lines()
            .find_map(|line| line.strip_prefix(option)?.strip_prefix('='));
        println!("cargo:rustc-env={option}={}", line.unwrap_or_default());
    }
    let is_on = |option: &str| options.lines().any(|line| line == format!("{option}=y"));
    for (option, cfg) in [
        ("CONFIG_EDGEPIPE_FD", "feature=\"fd\""),
        ("CONFIG_EDGEPIPE_CLOCK", "edgepipe_clock"),
        ("CONFIG_CPU_CORTEX_M7", "edgepipe_cortex_m7"),
        ("CONFIG_RING_BUFFER_LARGE", "edgepipe_large_ring_buffers"),
        ("CONFIG_EDGEPIPE_USER", "edgepipe_user"),
    ] {
        if is_on(option) {
            println!("cargo:rustc-cfg={cfg}");
        }
    }
    // Zephyr's power management suspends the devices of nodes.
    if is_on("CONFIG_EDGEPIPE") && is_on("CONFIG_PM_DEVICE") {
        println!("cargo:rustc-cfg=edgepipe_pm");
    }
}

/// Selects what masks interrupts, of src/sys/mask/.
fn mask(kind: &str) {
    println!("cargo:rustc-cfg=edgepipe_mask=\"{kind}\"");
}
