//! The books of a capture, read while its reader is lent to the thread that reads.

use core::fmt::{Debug, Write};

/// What a device's `Debug` text says of its ledger; reading it takes the lock, as for anyone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Books {
    pub(crate) captured: u64,
    pub(crate) delivered: u64,
    pub(crate) pending: u64,
    /// By all causes together.
    pub(crate) lost: u64,
    pub(crate) high_water: u64,
    pub(crate) wakes: u64,
    pub(crate) spurious_wakes: u64,
}

impl Books {
    pub(crate) fn of(device: &dyn Debug) -> Books {
        let mut clerk = Clerk::default();
        write!(clerk, "{device:?}").expect("the clerk takes all text");
        assert_eq!(clerk.entries, 9, "the ledger's text has changed");
        clerk.books
    }
}

/// Reads the text as it is written, because that is done at every step of millions of runs.
#[derive(Default)]
struct Clerk {
    books: Books,
    /// Which entry the next number belongs to.
    entry: Option<fn(&mut Books) -> &mut u64>,
    entries: u32,
}

impl Write for Clerk {
    /// Names and numbers come in pieces of their own.
    fn write_str(&mut self, piece: &str) -> core::fmt::Result {
        if piece.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            if let Some(entry) = self.entry.take() {
                *entry(&mut self.books) += piece.parse::<u64>().expect("a number");
                self.entries += 1;
            }
            return Ok(());
        }
        match piece {
            "captured" => self.entry = Some(|books| &mut books.captured),
            "delivered" => self.entry = Some(|books| &mut books.delivered),
            "pending" => self.entry = Some(|books| &mut books.pending),
            "full" | "closed" | "unreadable" => self.entry = Some(|books| &mut books.lost),
            "high_water" => self.entry = Some(|books| &mut books.high_water),
            "wakes" => self.entry = Some(|books| &mut books.wakes),
            "spurious_wakes" => self.entry = Some(|books| &mut books.spurious_wakes),
            _ => {}
        }
        Ok(())
    }
}
