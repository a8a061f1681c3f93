//! A wire that shows where edges were lost.

use std::io;

use edgepipe_recording::Output;

/// The id code, beyond those of the lines.
pub(crate) const ID_CODE: u8 = b'~';

/// A wire that is high while edges were lost. It is declared when the first are lost; until then, blanks keep its place.
#[derive(Debug)]
pub(crate) struct LossWire {
    /// Its declaration and its first level, and where in the file they go. Empty when it is declared.
    to_declare: Vec<(u64, String)>,
    /// It goes high one unit after the last time.
    pub(crate) rises: bool,
    /// It goes low one unit after the last time.
    pub(crate) falls: bool,
}

impl LossWire {
    /// Puts the wire behind the others of this header, as blanks if it can be declared later. `names` are theirs.
    pub(crate) fn add_to(header: &mut String, names: &[String], later: bool) -> Self {
        let mut name = "LOSS".to_string();
        while names.contains(&name) {
            name.push('_');
        }
        let id = char::from(ID_CODE);
        let declaration = format!("$var wire 1 {id} {name} $end\n");
        let wires_end = header.find("$upscope").unwrap_or(header.len());
        header.insert_str(wires_end, &declaration);
        let level_at = header.len();
        let level = format!("0{id}\n");
        header.push_str(&level);
        let mut to_declare = Vec::new();
        if later {
            for (at, text) in [(wires_end, declaration), (level_at, level)] {
                let blanks = " ".repeat(text.len() - 1);
                header.replace_range(at..at + blanks.len(), &blanks);
                to_declare.push((at as u64, text));
            }
        }
        Self {
            to_declare,
            rises: false,
            falls: false,
        }
    }

    /// Declares it, if it is not yet.
    pub(crate) fn declare(&mut self, output: &mut Output) -> io::Result<()> {
        for (at, text) in self.to_declare.drain(..) {
            output.overwrite(at, text.as_bytes())?;
        }
        Ok(())
    }

    /// Whether something changes one unit after the last time.
    pub(crate) fn changes(&self) -> bool {
        self.rises || self.falls
    }
}
