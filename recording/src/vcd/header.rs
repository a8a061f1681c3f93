//! The declarations of a VCD: its time unit, and which of its variables are wires.

use super::ids::{IDS_MAX, Ids};
use super::timescale;
use super::tokens::Tokens;
use crate::error::{quoted, quoted_bytes};
use crate::names::{Declared, Wire, add_word, is_command, text};
use crate::{Error, TimeUnit};

/// The most wires that are kept, to bound memory; they may share id codes.
const WIRES_MAX: usize = 1 << 20;
/// The most scopes that are open at once.
const SCOPES_MAX: usize = 1 << 20;
/// The most bytes of one name, and of all names, paths of scopes and id codes together.
const NAME_MAX_BYTES: usize = 64 << 10;
const NAMES_MAX_BYTES: usize = 128 << 20;

pub(super) struct Header {
    unit: Option<TimeUnit>,
    wires: Vec<Wire>,
    /// The paths of all scopes. The first is that of what is in none.
    scopes: Vec<String>,
    /// The scopes that are open, outermost first.
    open: Vec<usize>,
    ids: Ids,
    /// The bytes of names so far.
    bytes: usize,
}

impl Header {
    /// Reads up to and including `$enddefinitions $end`.
    pub(super) fn read(tokens: &mut Tokens) -> Result<(Declared, Ids), Error> {
        let mut header = Self {
            unit: None,
            wires: Vec::new(),
            scopes: vec![String::new()],
            open: Vec::new(),
            ids: Ids::default(),
            bytes: 0,
        };
        tokens.skip_byte_order_mark()?;
        while !header.command(tokens)? {}
        let Some(unit) = header.unit else {
            return Err(tokens.error("no $timescale, so its times have no unit"));
        };
        let declared = Declared {
            unit,
            wires: header.wires,
            scopes: header.scopes,
            signals: header.ids.signals(),
        };
        Ok((declared, header.ids))
    }

    /// Reads a command; `true` if it was the last one.
    fn command(&mut self, tokens: &mut Tokens) -> Result<bool, Error> {
        match tokens.next_or_beginning()? {
            Some(b"$var") => self.variable(tokens)?,
            Some(b"$scope") => self.scope(tokens)?,
            Some(b"$upscope") => {
                // One too many does no harm.
                self.open.pop();
                end(tokens, "$upscope")?;
            }
            Some(b"$timescale") => self.timescale(tokens)?,
            Some(b"$enddefinitions") => {
                end(tokens, "$enddefinitions")?;
                return Ok(true);
            }
            Some(b"$end") => return Err(tokens.error("$end without a command")),
            Some(b"$dumpvars" | b"$dumpall" | b"$dumpon" | b"$dumpoff") => {
                return Err(tokens.error("a change before $enddefinitions"));
            }
            Some([b'$', ..]) => skip_command(tokens)?,
            Some(token) => {
                let cause = match token {
                    [b'#', ..] => "a change before $enddefinitions".into(),
                    _ => format!(
                        "{} before $enddefinitions: this is not VCD",
                        quoted_bytes(token)
                    ),
                };
                return Err(tokens.error(cause));
            }
            None => return Err(tokens.truncated("the file ends before $enddefinitions")),
        }
        Ok(false)
    }

    fn timescale(&mut self, tokens: &mut Tokens) -> Result<(), Error> {
        let text = words(tokens, "$timescale")?;
        let unit = timescale::parse(&text).map_err(|cause| tokens.error(cause))?;
        // The same one twice does no harm.
        if self.unit.replace(unit).is_some_and(|before| before != unit) {
            return Err(tokens.error("a second $timescale, which is another"));
        }
        Ok(())
    }

    fn scope(&mut self, tokens: &mut Tokens) -> Result<(), Error> {
        if self.open.len() == SCOPES_MAX {
            return Err(tokens.error(format_args!("more than {SCOPES_MAX} open scopes")));
        }
        let around = self.current();
        // Some tools leave out the name, or even the kind.
        let name = match tokens.next()? {
            Some(b"$end") => String::new(),
            _ => words(tokens, "$scope")?,
        };
        if name.is_empty() {
            self.open.push(around);
            return Ok(());
        }
        let path = match self.scopes[around].as_str() {
            "" => name,
            around => format!("{around}.{name}"),
        };
        self.count_bytes(path.len(), tokens)?;
        self.open.push(self.scopes.len());
        self.scopes.push(path);
        Ok(())
    }

    fn variable(&mut self, tokens: &mut Tokens) -> Result<(), Error> {
        let kind_has_levels = has_levels(word(tokens)?);
        let width = word(tokens)?;
        if !width.iter().all(u8::is_ascii_digit) {
            let cause = format!("{} is no width", quoted_bytes(width));
            return Err(tokens.error(cause));
        }
        let one_bit = kind_has_levels && width == b"1";
        let id = word(tokens)?.to_vec();
        self.count_bytes(id.len(), tokens)?;
        let signal = match one_bit {
            true => self.ids.declare_signal(&id),
            false => self.ids.declare(&id).then_some(0),
        };
        let Some(signal) = signal else {
            return Err(tokens.error(format_args!("more than {IDS_MAX} id codes")));
        };
        let mut name = words(tokens, "$var")?;
        if !one_bit {
            return Ok(());
        }
        if self.wires.len() == WIRES_MAX {
            return Err(tokens.error(format_args!("more than {WIRES_MAX} wires")));
        }
        if name.is_empty() {
            // It must have one to be chosen by.
            add_word(&mut name, &text(&id));
        }
        self.count_bytes(name.len(), tokens)?;
        self.wires.push(Wire {
            name,
            scope: self.current(),
            signal,
        });
        Ok(())
    }

    /// The innermost open scope.
    fn current(&self) -> usize {
        self.open.last().copied().unwrap_or(0)
    }

    fn count_bytes(&mut self, bytes: usize, tokens: &Tokens) -> Result<(), Error> {
        self.bytes += bytes;
        match self.bytes <= NAMES_MAX_BYTES {
            true => Ok(()),
            false => Err(tokens.error(format_args!("more than {NAMES_MAX_BYTES} bytes of names"))),
        }
    }
}

/// Whether a variable of this type has levels. Of one bit, all others have.
fn has_levels(kind: &[u8]) -> bool {
    let kind = kind.to_ascii_lowercase();
    let without: [&[u8]; 8] = [
        b"event",
        b"parameter",
        b"real",
        b"real_parameter",
        b"realtime",
        b"shortreal",
        b"string",
        b"localparam",
    ];
    !without.contains(&kind.as_slice())
}

/// A word inside a `$var`.
fn word(tokens: &mut Tokens) -> Result<&[u8], Error> {
    // The borrow checker does not see that the word is not used where an error is returned.
    match tokens.next()? {
        None => return Err(tokens.truncated("the file ends inside $var")),
        Some(b"$end") => return Err(tokens.error("$var is incomplete")),
        Some(_) => {}
    }
    Ok(tokens.latest())
}

/// The words up to `$end`, as a name.
fn words(tokens: &mut Tokens, command: &str) -> Result<String, Error> {
    let begins = tokens.line();
    let mut name = String::new();
    loop {
        let Some(token) = tokens.next()? else {
            return Err(tokens.truncated(format_args!("the file ends inside {command}")));
        };
        if token == b"$end" {
            return Ok(name);
        }
        let word = text(token);
        if is_command(&word) {
            return Err(tokens.error_at(begins, format_args!("{command} has no $end")));
        }
        add_word(&mut name, &word);
        if name.len() > NAME_MAX_BYTES {
            let cause = format!("{} has more than {NAME_MAX_BYTES} bytes", quoted(&name));
            return Err(tokens.error(cause));
        }
    }
}

/// The `$end` of a command without content.
fn end(tokens: &mut Tokens, command: &str) -> Result<(), Error> {
    match tokens.next()? {
        Some(b"$end") => Ok(()),
        Some(_) => Err(tokens.error(format_args!("{command} has no $end"))),
        None => Err(tokens.truncated(format_args!("the file ends inside {command}"))),
    }
}

/// Skips the rest of the latest token's command, which may be any. Nothing of it is kept.
pub(super) fn skip_command(tokens: &mut Tokens) -> Result<(), Error> {
    read_command(tokens, |_| {})
}

/// The same, with a look at each word. Of a long one it is the beginning.
pub(super) fn read_command(tokens: &mut Tokens, mut word: impl FnMut(&[u8])) -> Result<(), Error> {
    let begins = tokens.line();
    let command = quoted_bytes(tokens.latest());
    // What is free text may say anything. If an unknown command has no `$end`, it must not swallow declarations.
    let is_text = matches!(tokens.latest(), b"$comment" | b"$date" | b"$version");
    loop {
        match tokens.next_or_beginning()? {
            Some(b"$end") => return Ok(()),
            Some(token) => {
                if !is_text && token.starts_with(b"$") && is_command(&text(token)) {
                    return Err(tokens.error_at(begins, format_args!("{command} has no $end")));
                }
                word(token);
            }
            None => {
                let cause = format!("truncated: {command} has no $end");
                return Err(tokens.error_at(begins, cause));
            }
        }
    }
}
