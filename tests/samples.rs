//! The decoders of the samples in C, which know nothing of Zephyr: each `samples/*/tests/*.c` exits with 0.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("a folder of the repository").path());
    let mut found: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|it| it == extension))
        .collect();
    found.sort();
    found
}

#[test]
fn the_decoders_of_the_samples_work() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let samples = fs::read_dir(root.join("samples")).unwrap();
    let mut tested = 0;
    for sample in samples.map(|entry| entry.unwrap().path()) {
        for test in files(&sample.join("tests"), "c") {
            let name = test.file_stem().unwrap().to_str().unwrap();
            // `NAME_test.c` tests `NAME.c`.
            let decoder = name.strip_suffix("_test").expect("the name of a test");
            let program = scratch.join(name);
            let built = Command::new("cc")
                .args([
                    "-std=c11",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-fsanitize=undefined",
                    "-Ibindings/c/include",
                    "-o",
                ])
                .arg(&program)
                .arg(&test)
                .arg(sample.join("src").join(decoder).with_extension("c"))
                .status()
                .expect("there is a C compiler");
            assert!(built.success(), "{} does not compile", test.display());
            let failed = Command::new(&program).status().unwrap();
            assert!(failed.success(), "{}: {failed}", test.display());
            tested += 1;
        }
    }
    assert!(tested > 0);
}
