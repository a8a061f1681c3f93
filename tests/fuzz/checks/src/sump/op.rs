//! What clients and lines do.

use arbitrary::{Arbitrary, Result, Unstructured};

/// A whole run.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) lines: u8,
    pub(super) memory: Memory,
    pub(super) ops: Vec<Op>,
}

/// How many edges there is room for.
#[derive(Arbitrary, Debug)]
pub(super) enum Memory {
    Least,
    Small,
    Large,
}

/// Times are in nanoseconds.
#[derive(Debug)]
pub(super) enum Op {
    /// From the client; most likely garbage.
    Bytes([u8; 3]),
    Run(Setup),
    Begin(u32),
    Edge(i16, u8, bool),
    Gap(i16, u32, u32),
    /// Time passes.
    Pass(u32),
    /// So much time passes that the model, which keeps every sample, does not follow.
    Leap(u64),
    Transmit(u8),
}

/// An acquisition as a client asks for it.
#[derive(Arbitrary, Debug)]
pub(super) struct Setup {
    is_reset: bool,
    divider: u8,
    read: u8,
    delay: u8,
    is_long: bool,
    is_wide: bool,
    flags: u16,
    stages: [Stage; 4],
    stage_count: u8,
}

#[derive(Arbitrary, Debug)]
struct Stage {
    mask: u8,
    value: u8,
    level: u8,
    start: bool,
}

impl Case {
    pub(super) fn of(bytes: &mut Unstructured<'_>) -> Result<Self> {
        let mut case = Self {
            lines: bytes.arbitrary()?,
            memory: bytes.arbitrary()?,
            ops: Vec::new(),
        };
        let is_steady = bytes.arbitrary()?;
        if is_steady {
            case.ops.push(Op::Run(bytes.arbitrary()?));
            case.ops.push(Op::Begin(bytes.arbitrary()?));
        }
        while !bytes.is_empty() {
            let op = bytes.arbitrary()?;
            // A steady client lets the acquisition go on to its end.
            if !is_steady
                || matches!(
                    op,
                    Op::Edge(..) | Op::Gap(..) | Op::Pass(_) | Op::Transmit(_)
                )
            {
                case.ops.push(op);
            }
        }
        Ok(case)
    }
}

impl<'a> Arbitrary<'a> for Op {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        // Most are edges, so that an acquisition has some before a command ends it.
        Ok(match bytes.int_in_range(0..=63)? {
            0 => Self::Bytes(bytes.arbitrary()?),
            1..=3 => Self::Run(bytes.arbitrary()?),
            4..=11 => Self::Begin(bytes.arbitrary()?),
            12..=15 => {
                let (after, levels) = bytes.arbitrary()?;
                // Losses of one edge and of all.
                let lost = u32::MAX.checked_shr(bytes.int_in_range(0..=32)?);
                Self::Gap(after, lost.unwrap_or(0), levels)
            }
            // Mostly less than an acquisition.
            16..=21 => Self::Pass(u32::arbitrary(bytes)? % (1 << 20)),
            22 => Self::Leap(bytes.arbitrary()?),
            23..=31 => Self::Transmit(bytes.arbitrary()?),
            _ => Self::Edge(bytes.arbitrary()?, bytes.arbitrary()?, bytes.arbitrary()?),
        })
    }
}

impl Setup {
    /// What the client sends.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.is_reset {
            bytes.extend([0; 5]);
        }
        let mut set = |register: u8, value: u32| {
            bytes.push(register);
            bytes.extend(value.to_le_bytes());
        };
        let stages = &self.stages[..usize::from(self.stage_count % 5)];
        for (stage, register) in stages.iter().zip((0xc0..).step_by(4)) {
            // Few lines, so that they often match.
            set(register, u32::from(stage.mask & 7));
            set(register + 1, stage.value.into());
            let start = u32::from(stage.start) << 27;
            set(register + 2, u32::from(stage.level & 3) << 16 | start);
        }
        set(0x80, self.divider.into());
        let scale = if self.is_long { 4 } else { 0 };
        let (read, delay) = (
            u32::from(self.read) << scale,
            u32::from(self.delay) << scale,
        );
        if self.is_wide {
            set(0x84, read);
            set(0x83, delay);
        } else {
            set(0x81, read | delay << 16);
        }
        set(0x82, self.flags.into());
        bytes.push(1);
        bytes
    }
}
