//! The declarations of a VCD file: its time unit and which of its variables are lines.

use std::collections::HashMap;

use vcd::{Command, IdCode, ReferenceIndex, VarType};

use super::source::Source;
use super::timescale::Timescale;
use crate::{Error, LINES_MAX};

/// The most id codes that are kept, to bound memory: far above any recording or simulation.
const ID_CODES_MAX: usize = 1 << 20;

#[derive(Debug, PartialEq)]
pub(super) struct Header {
    pub(super) timescale: Timescale,
    /// The lines' names, in order of declaration.
    pub(super) names: Vec<String>,
    /// The lines that follow each declared id code, as a bit mask; 0 for a variable that is not a
    /// line.
    lines: HashMap<IdCode, u32>,
}

impl Header {
    /// Reads up to and including `$enddefinitions`.
    pub(super) fn read(source: &mut Source) -> Result<Self, Error> {
        let mut timescale = None;
        let mut names = Vec::new();
        let mut lines = HashMap::new();
        let mut scopes_open = 0_u64;
        loop {
            let Some(command) = source.command()? else {
                return Err(source.truncated("the file ends before $enddefinitions"));
            };
            match command {
                Command::Comment(_) | Command::Date(_) | Command::Version(_) => {}
                Command::Timescale(..) if timescale.is_some() => {
                    return Err(source.error("malformed VCD: a second $timescale"));
                }
                Command::Timescale(quantity, unit) => {
                    timescale = Timescale::new(quantity, unit);
                    if timescale.is_none() {
                        return Err(source.error("malformed VCD: a $timescale of 0"));
                    }
                }
                Command::ScopeDef(..) => scopes_open += 1,
                Command::Upscope if scopes_open == 0 => {
                    return Err(source.error("malformed VCD: $upscope without $scope"));
                }
                Command::Upscope => scopes_open -= 1,
                Command::VarDef(kind, bits, id_code, name, index) => {
                    if lines.len() == ID_CODES_MAX {
                        return Err(source.error(format_args!("more than {ID_CODES_MAX} id codes")));
                    }
                    let followers: &mut u32 = lines.entry(id_code).or_default();
                    if is_line(kind, bits) {
                        if names.len() == LINES_MAX {
                            let cause = format!("more than {LINES_MAX} single-bit wires");
                            return Err(source.error(cause));
                        }
                        *followers |= 1 << names.len();
                        names.push(full_name(name, index));
                    }
                }
                Command::Enddefinitions if scopes_open > 0 => {
                    return Err(source.error("malformed VCD: $enddefinitions inside a $scope"));
                }
                Command::Enddefinitions => break,
                _ => return Err(source.error("malformed VCD: a change before $enddefinitions")),
            }
        }
        let Some(timescale) = timescale else {
            return Err(source.error("no $timescale, so its times have no unit"));
        };
        if names.is_empty() {
            return Err(source.error("no single-bit wire"));
        }
        Ok(Self {
            timescale,
            names,
            lines,
        })
    }

    /// The lines that follow `id_code`, as a bit mask; `None` if it was not declared.
    pub(super) fn lines(&self, id_code: IdCode) -> Option<u32> {
        self.lines.get(&id_code).copied()
    }
}

/// Whether a variable is a signal with two levels. Simulators write a pin's signal as a `reg` as
/// often as a `wire`; an `event` or a one-bit `parameter` is no signal.
fn is_line(kind: VarType, bits: u32) -> bool {
    use VarType::*;
    let signal = matches!(
        kind,
        Wire | Reg | Supply0 | Supply1 | Tri | TriAnd | TriOr | TriReg | Tri0 | Tri1 | WAnd | WOr
    );
    signal && bits == 1
}

/// The name with its bit select, without the blank between them, which would make it two words in a
/// capture.
fn full_name(name: String, index: Option<ReferenceIndex>) -> String {
    match index {
        Some(index) => format!("{name}{index}"),
        None => name,
    }
}
