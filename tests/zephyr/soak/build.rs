//! Makes Kconfig's switches available as `cfg`s. (The crate `zephyr-build` can do that, but its
//! function has another name in each revision.)

use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-env-changed=DOTCONFIG");
    let dotconfig =
        env::var("DOTCONFIG").expect("zephyr-lang-rust sets it to the path of Zephyr's .config");
    println!("cargo:rerun-if-changed={dotconfig}");
    let options = fs::read_to_string(&dotconfig).expect("Zephyr's .config can be read");
    for switch in options.lines().filter_map(|line| line.strip_suffix("=y")) {
        println!("cargo:rustc-cfg={switch}");
    }
}
