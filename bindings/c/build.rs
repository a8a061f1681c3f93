//! On Zephyr, Kconfig decides: with CONFIG_EDGEPIPE_FD there is `edgepipe_fd`.

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
}
