//! The copy of the repository in which faults are made and undone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::list::Fault;

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the package is in a folder of tests/")
}

/// A copy of all tracked files, as in the work tree.
pub(crate) struct Tree {
    directory: TempDir,
}

impl Tree {
    pub(crate) fn copy() -> Result<Tree, String> {
        let directory = tempfile::Builder::new()
            .prefix("edgepipe-mutants-")
            .tempdir()
            .map_err(|error| format!("no temporary directory: {error}"))?;
        let tree = Tree { directory };
        for file in tracked_files()? {
            let (from, to) = (root().join(&file), tree.path(&file));
            // A file that was deleted, but not committed yet, is still tracked.
            if !from.exists() {
                continue;
            }
            let parent = to.parent().expect("a file is in a folder");
            fs::create_dir_all(parent)
                .and_then(|()| fs::copy(&from, &to))
                .map_err(|error| format!("{file} cannot be copied: {error}"))?;
        }
        Ok(tree)
    }

    pub(crate) fn root(&self) -> &Path {
        self.directory.path()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.root().join(file)
    }

    pub(crate) fn read(&self, file: &str) -> Result<String, String> {
        fs::read_to_string(self.path(file)).map_err(|error| format!("{file}: {error}"))
    }

    fn write(&self, file: &str, text: &str) -> Result<(), String> {
        fs::write(self.path(file), text).map_err(|error| format!("{file}: {error}"))
    }

    /// Makes a fault.
    pub(crate) fn apply<'a>(&'a self, fault: &'a Fault) -> Result<Broken<'a>, String> {
        let original = self.read(&fault.file)?;
        self.write(&fault.file, &fault.apply(&original)?)?;
        Ok(Broken {
            tree: self,
            file: &fault.file,
            original,
        })
    }
}

/// A file with a fault in it.
#[must_use = "the next fault needs it mended"]
pub(crate) struct Broken<'a> {
    tree: &'a Tree,
    file: &'a str,
    original: String,
}

impl Broken<'_> {
    /// Restores the file.
    pub(crate) fn restore(self) -> Result<(), String> {
        self.tree.write(self.file, &self.original)
    }
}

fn tracked_files() -> Result<Vec<String>, String> {
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .map_err(|error| format!("git, which knows the tracked files, does not run: {error}"))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(format!("git ls-files: {}", reason.trim()));
    }
    let names = String::from_utf8(output.stdout)
        .map_err(|error| format!("git ls-files: a name is not UTF-8: {error}"))?;
    Ok(names.split_terminator('\0').map(str::to_owned).collect())
}
