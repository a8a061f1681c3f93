//! Runs the program.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

/// How a run ended.
pub(super) struct Run {
    pub(super) status: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// Standard output as JSON, or null.
    pub(super) json: serde_json::Value,
}

pub(super) fn edgepipe(arguments: &[&OsStr]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_edgepipe"))
        .args(arguments)
        .output()
        .expect("the program starts");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    Run {
        status: output.status.code().expect("no signal"),
        json: serde_json::from_str(&stdout).unwrap_or_default(),
        stdout,
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// The folder of recordings, if there is one.
pub(super) fn recordings() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures");
    if !folder.is_dir() {
        println!("SKIP: no recordings at {}", folder.display());
        return None;
    }
    Some(folder)
}
