//! On Zephyr, Kconfig decides: whether there is `edgepipe_fd`, and how many threads can wait in `edgepipe_wait_any`.

use std::{env, fs};

fn main() {
    // zephyr-lang-rust sets this to Zephyr's `.config`; elsewhere it is not set.
    println!("cargo:rerun-if-env-changed=DOTCONFIG");
    let Ok(dotconfig) = env::var("DOTCONFIG") else {
        return;
    };
    println!("cargo:rerun-if-changed={dotconfig}");
    let options = fs::read_to_string(&dotconfig).expect("Zephyr's .config can be read");
    if options.lines().any(|line| line == "CONFIG_EDGEPIPE_FD=y") {
        println!("cargo:rustc-cfg=feature=\"fd\"");
    }
    let threads = options
        .lines()
        .find_map(|line| line.strip_prefix("CONFIG_EDGEPIPE_WAIT_ANY_THREADS="));
    println!(
        "cargo:rustc-env=CONFIG_EDGEPIPE_WAIT_ANY_THREADS={}",
        threads.unwrap_or("1")
    );
}
