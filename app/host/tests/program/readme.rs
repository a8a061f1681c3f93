//! What the README shows is what the program prints.

use super::common::{Run, edgepipe};

#[test]
fn the_readme_shows_what_cargo_run_prints() {
    let readme = include_str!("../../../../README.md");
    let Run { stdout, stderr, .. } = edgepipe(&[]);
    assert!(
        readme.contains(&format!("```text\n{stderr}{stdout}```\n")),
        "not in the README:\n{stderr}{stdout}"
    );
}
