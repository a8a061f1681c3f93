//! A recording as a table in C, for a firmware that can read no file.

use std::ffi::OsString;
use std::fmt::Write;
use std::path::Path;

use crate::{Error, PINS_MAX, Session, Setup};

/// The text of a header, for `table.c`. `wire_names` are those of the devicetree node; without any, all wires are chosen.
///
/// # Errors
///
/// The recording cannot be used, does not have these wires, or has no edge on them.
pub fn table(recording: OsString, wire_names: Vec<String>) -> Result<String, Error> {
    let mut session = Session::open(&Setup {
        stimulus: Some(recording.clone()),
        pins: PINS_MAX,
        wire_names: (!wire_names.is_empty()).then_some(wire_names),
        ..Setup::default()
    })?;
    let path = Path::new(&recording);
    let (wires, initial_levels) = session.recording().map_or((String::new(), 0), |it| {
        (it.names().join(", "), it.initial_levels())
    });
    let count = session.recording().map_or(0, |it| it.names().len());

    let mut edges = String::new();
    while let Some(edge) = session.next_event()? {
        let level = u8::from(edge.level);
        // Writing to a string cannot fail.
        let _ = writeln!(edges, "\tEDGE({}, {}, {level}),", edge.at_us, edge.wire);
    }
    if edges.is_empty() {
        return Err(Error::file(path, format_args!("no edge of {wires}")));
    }
    Ok(format!(
        "#define RECORDING {path:?}\n\
         #define WIRES {count}\n\
         #define INITIAL_LEVELS {initial_levels:#x}\n\
         \n\
         static const uint64_t edges[] = {{\n{edges}}};\n"
    ))
}
