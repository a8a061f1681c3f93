/// What the client is told about the device.
#[derive(Debug, Clone, Copy)]
pub struct Probe {
    /// The name that the client shows.
    pub name: &'static str,
    /// How many lines there are, 1 to 32. If fewer than 32, one more channel tells of losses: the one above the lines.
    pub lines: u8,
    /// The highest sample rate on offer, in Hz, 200,000 to 100,000,000. The client misreads anything lower.
    pub rate_max: u32,
    /// The sample memory on offer, in bytes. A sample takes one byte for each group of eight channels.
    ///
    /// The memory is not real, for edges are stored and not samples. It bounds how many samples a client asks for, and
    /// so how long an acquisition and its transmission take.
    pub memory: u32,
}

impl Probe {
    pub(crate) const fn is_valid(&self) -> bool {
        matches!(self.lines, 1..=32) && matches!(self.rate_max, 200_000..=100_000_000)
    }

    /// The lines, and the channel that tells of losses.
    pub(crate) fn channels(&self) -> u8 {
        32.min(self.lines + 1)
    }

    /// A bit for each line.
    pub(crate) fn mask(&self) -> u32 {
        u32::MAX >> (32 - self.lines)
    }

    /// The bit of the channel that tells of losses, if there is one.
    pub(crate) fn told(&self) -> u32 {
        1u32.checked_shl(self.lines.into()).unwrap_or(0)
    }
}
