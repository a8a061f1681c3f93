//! Finds the list of nodes that `zephyr/nodes.cmake` makes from the devicetree.

use std::{env, fs, path::Path};

fn main() {
    println!("cargo:rustc-check-cfg=cfg(edgepipe_clock)");
    println!("cargo:rustc-check-cfg=cfg(edgepipe_pm)");
    if is_on("CONFIG_EDGEPIPE_CLOCK") {
        println!("cargo:rustc-cfg=edgepipe_clock");
    }
    if is_on("CONFIG_PM_DEVICE") {
        println!("cargo:rustc-cfg=edgepipe_pm");
    }
    // zephyr-lang-rust sets this to the folder of generated files. If it is not set, the build is
    // not for Zephyr, and there are no nodes.
    println!("cargo:rerun-if-env-changed=BINARY_DIR_INCLUDE_GENERATED");
    let nodes = match env::var("BINARY_DIR_INCLUDE_GENERATED") {
        Ok(generated) => Path::new(&generated).join("edgepipe_nodes.rs"),
        Err(_) => env::current_dir().unwrap().join("src/no_nodes.rs"),
    };
    assert!(
        nodes.exists(),
        "{} is missing: the crate edgepipe-devicetree needs CONFIG_EDGEPIPE=y",
        nodes.display()
    );
    println!("cargo:rerun-if-changed={}", nodes.display());
    println!("cargo:rustc-env=EDGEPIPE_NODES={}", nodes.display());
}

/// Whether an option is on in Zephyr's `.config`.
fn is_on(option: &str) -> bool {
    println!("cargo:rerun-if-env-changed=DOTCONFIG");
    let Ok(dotconfig) = env::var("DOTCONFIG") else {
        return false;
    };
    println!("cargo:rerun-if-changed={dotconfig}");
    let options = fs::read_to_string(&dotconfig).expect("Zephyr's .config can be read");
    options.lines().any(|line| line == format!("{option}=y"))
}
