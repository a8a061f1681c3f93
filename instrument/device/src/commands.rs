//! Which bytes from the client are commands of the stream.

/// The byte that starts the stream.
pub const START: u8 = b'S';

/// The byte that stops it. Five of them are SUMP's reset.
pub const STOP: u8 = 0;

/// SUMP's commands with this bit have arguments.
const HAS_ARGUMENTS: u8 = 0x80;
const ARGUMENTS: u8 = 4;

/// Tells commands from arguments of SUMP's long commands, in which any byte may be. Of five zero bytes the last one is a
/// command, whatever came before.
#[derive(Debug)]
pub(crate) struct Commands {
    arguments_left: u8,
}

impl Commands {
    pub(crate) const fn new() -> Self {
        Self { arguments_left: 0 }
    }

    /// Whether this byte, the next, is a command.
    pub(crate) fn is_command(&mut self, byte: u8) -> bool {
        if self.arguments_left > 0 {
            self.arguments_left -= 1;
            return false;
        }
        if byte & HAS_ARGUMENTS != 0 {
            self.arguments_left = ARGUMENTS;
        }
        true
    }
}
