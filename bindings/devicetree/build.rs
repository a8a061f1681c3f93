//! Finds the list of nodes that `zephyr/nodes.cmake` makes from the devicetree.

use std::{env, path::Path};

fn main() {
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
