//! `edgepipe-player-table RECORDING OUT [WIRE...]` writes a recording as a table in C, while a firmware is built.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    match run(env::args_os().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            // If standard error itself fails, there is nowhere to report it.
            let _ = writeln!(io::stderr(), "{cause}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<OsString>) -> Result<(), String> {
    let [recording, out, names @ ..] = &arguments[..] else {
        return Err("usage: edgepipe-player-table RECORDING OUT [WIRE...]".into());
    };
    let names = names.iter().map(|it| it.to_string_lossy().into_owned());
    let table = edgepipe_player::table(recording.clone(), names.collect())
        .map_err(|error| error.to_string())?;
    // A file that stays as it is makes no work for the build.
    if fs::read(out).is_ok_and(|old| old == table.as_bytes()) {
        return Ok(());
    }
    fs::write(out, table).map_err(|error| format!("{}: cannot write: {error}", out.display()))
}
