/// What the client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    Reset,
    Run,
    Id,
    Metadata,
    /// A register and its new value.
    Set(u8, u32),
}

/// Cuts the client's bytes into commands.
///
/// A byte below 0x80 is a command. Any other is followed by four bytes of argument. So of five zero bytes at least the
/// last one is a command, whatever came before.
#[derive(Debug)]
pub(crate) struct Parser {
    register: u8,
    argument: u32,
    missing: u8,
}

impl Parser {
    pub(crate) const fn new() -> Self {
        Self {
            register: 0,
            argument: 0,
            missing: 0,
        }
    }

    /// The command that this byte completes, if it is a known one.
    pub(crate) fn take(&mut self, byte: u8) -> Option<Command> {
        if self.missing > 0 {
            // The first byte is the lowest.
            self.argument = self.argument >> 8 | u32::from(byte) << 24;
            self.missing -= 1;
            let complete = self.missing == 0;
            return complete.then_some(Command::Set(self.register, self.argument));
        }
        match byte {
            0x00 => Some(Command::Reset),
            0x01 => Some(Command::Run),
            0x02 => Some(Command::Id),
            0x04 => Some(Command::Metadata),
            0x80.. => {
                self.register = byte;
                self.missing = 4;
                None
            }
            _ => None,
        }
    }
}
