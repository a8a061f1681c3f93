use crate::trigger::Stage;

/// One step of the client's divider: its clock has 100 MHz.
const STEP_NS: u64 = 10;

/// More samples than any client can hold: libsigrok 0.5.2 fails above 2^29.
const SAMPLES_MAX: u32 = 1 << 30;

/// The client's registers.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    divider: u32,
    /// How many samples the client reads, and how many of these come after the trigger.
    read: u32,
    delay: u32,
    flags: u32,
    stages: [Stage; 4],
}

impl Settings {
    pub(crate) const fn new() -> Self {
        Self {
            divider: 0,
            read: 4,
            delay: 4,
            flags: 0,
            stages: [Stage::NEVER; 4],
        }
    }

    pub(crate) fn set(&mut self, register: u8, value: u32) {
        match register {
            0x80 => self.divider = value & 0xff_ffff,
            0x81 => {
                self.read = fourfold(value & 0xffff);
                self.delay = fourfold(value >> 16);
            }
            0x82 => self.flags = value,
            0x83 => self.delay = fourfold(value),
            0x84 => self.read = fourfold(value),
            0xc0..=0xcf => {
                let stage = &mut self.stages[usize::from(register >> 2 & 3)];
                match register & 3 {
                    0 => stage.mask = value,
                    1 => stage.value = value,
                    2 => stage.configure(value),
                    _ => {}
                }
            }
            // libsigrok 0.5.2 has START in a stage after the last, which always matches. But after the fourth its mask is
            // random.
            0xd2 => self.stages[3].start |= value & Stage::START != 0,
            _ => {}
        }
    }

    /// The time from one sample to the next.
    pub(crate) fn period_ns(&self) -> u64 {
        STEP_NS * (u64::from(self.divider) + 1)
    }

    /// How many samples the client reads.
    pub(crate) fn samples(&self) -> u32 {
        self.read
    }

    /// How many of them come before the trigger.
    pub(crate) fn before(&self) -> u32 {
        // A client that wants none after the trigger sends -1, and so the largest number.
        self.read.checked_sub(self.delay).unwrap_or(self.read)
    }

    pub(crate) fn stages(&self) -> &[Stage; 4] {
        &self.stages
    }

    /// Whether equal samples are counted.
    pub(crate) fn rle(&self) -> bool {
        self.flags & 1 << 8 != 0
    }

    /// The bytes of a sample that the client reads, from the lowest.
    pub(crate) fn groups(&self) -> impl Iterator<Item = u32> + use<> {
        let flags = self.flags;
        (0..4).filter(move |group| flags & 1 << (2 + group) == 0)
    }
}

/// Counts are sent in units of four samples, less one.
fn fourfold(count: u32) -> u32 {
    count.saturating_add(1).saturating_mul(4).min(SAMPLES_MAX)
}
