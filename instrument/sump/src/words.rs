use crate::{acquisition::Acquisition, samples::Run, samples::Samples, settings::Settings};

/// Makes the client's bytes from samples.
#[derive(Debug)]
pub(crate) struct Words {
    samples: Samples,
    /// What is left of the latest run, its levels packed into a word.
    run: Run,
    /// The value that follows a count.
    value: Option<u32>,
    /// The bytes of the latest word, and how many of them are left.
    bytes: [u8; 4],
    left: usize,
}

impl Words {
    pub(crate) fn new(acquisition: &Acquisition<'_>) -> Self {
        Self {
            samples: Samples::new(acquisition),
            run: Run { levels: 0, len: 0 },
            value: None,
            bytes: [0; 4],
            left: 0,
        }
    }

    /// The next byte, if there is one. There is none if the client has turned off all groups.
    pub(crate) fn next_byte(
        &mut self,
        acquisition: &Acquisition<'_>,
        settings: &Settings,
        told: u32,
    ) -> Option<u8> {
        let width = settings.groups().count();
        if width == 0 {
            return None;
        }
        if self.left == 0 {
            let word = self.next_word(acquisition, settings, told)?;
            self.bytes = word.to_le_bytes();
            self.left = width;
        }
        let place = width - self.left;
        self.left -= 1;
        Some(self.bytes[place])
    }

    fn next_word(
        &mut self,
        acquisition: &Acquisition<'_>,
        settings: &Settings,
        told: u32,
    ) -> Option<u32> {
        if let Some(value) = self.value.take() {
            return Some(value);
        }
        if self.run.len == 0 {
            self.run = self.samples.next(acquisition, told)?;
            self.run.levels = packed(self.run.levels, settings);
        }
        if !settings.rle() {
            self.run.len -= 1;
            return Some(self.run.levels);
        }
        // The top bit says that a word is a count: how many equal samples there are besides the one that follows.
        let top = 1 << (8 * settings.groups().count() - 1);
        let count = self.run.len.min(top.into());
        self.run.len -= count;
        let value = self.run.levels & (top - 1);
        if count == 1 {
            return Some(value);
        }
        self.value = Some(value);
        Some(top | (count - 1) as u32)
    }
}

/// The bytes that the client reads, as one number.
fn packed(levels: u32, settings: &Settings) -> u32 {
    let groups = settings.groups().enumerate();
    groups
        .map(|(place, group)| (levels >> (8 * group) & 0xff) << (8 * place))
        .sum()
}
