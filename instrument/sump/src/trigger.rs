use core::ops::Range;

/// One of the client's conditions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stage {
    /// The lines that count, and the levels that they must have.
    pub(crate) mask: u32,
    pub(crate) value: u32,
    /// From which level on it is looked at. The level begins at 0, and rises by one with each sample that meets a stage.
    level: u8,
    /// Whether it is the trigger, and not only a step towards it.
    pub(crate) start: bool,
    /// Whether one line is to be looked at for 32 samples in a row, which is not implemented.
    serial: bool,
}

impl Stage {
    /// The bit of a configuration that makes a stage the trigger.
    pub(crate) const START: u32 = 1 << 27;

    /// One that the client has not configured.
    pub(crate) const NEVER: Self = Self {
        mask: 0,
        value: 0,
        level: u8::MAX,
        start: false,
        serial: false,
    };

    /// The delay in the low 16 bits is not implemented.
    pub(crate) fn configure(&mut self, value: u32) {
        self.level = (value >> 16 & 3) as u8;
        self.serial = value & 1 << 26 != 0;
        self.start = value & Self::START != 0;
    }

    fn matches(&self, level: u8, lines: u32) -> bool {
        level >= self.level && !self.serial && (lines ^ self.value) & self.mask == 0
    }
}

/// Looks for the trigger in one sample after the other.
#[derive(Debug)]
pub(crate) struct Trigger {
    level: u8,
    /// A bit for each stage that has been met. It raises the level once.
    met: u8,
}

impl Trigger {
    pub(crate) const fn new() -> Self {
        Self { level: 0, met: 0 }
    }

    /// The sample of the trigger, if it is one of these, all of which have the same levels.
    pub(crate) fn find(
        &mut self,
        stages: &[Stage; 4],
        lines: u32,
        mut samples: Range<u64>,
    ) -> Option<u64> {
        // Each turn but the last meets one more stage.
        while !samples.is_empty() {
            let before = self.met;
            for (index, stage) in stages.iter().enumerate() {
                if stage.matches(self.level, lines) {
                    if stage.start {
                        return Some(samples.start);
                    }
                    self.met |= 1 << index;
                }
            }
            if self.met == before {
                return None;
            }
            self.level += 1;
            samples.start += 1;
        }
        None
    }
}
