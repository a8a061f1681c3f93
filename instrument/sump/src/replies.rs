use crate::Probe;

const ID: &[u8] = b"1ALS";

/// Answers on their way to the client. Of each kind one is enough.
#[derive(Debug)]
pub(crate) struct Replies {
    /// How many bytes of it have been sent, if it is wanted.
    id: Option<usize>,
    metadata: Option<usize>,
}

impl Replies {
    pub(crate) const NONE: Self = Self {
        id: None,
        metadata: None,
    };

    pub(crate) fn want_id(&mut self) {
        self.id = Some(0);
    }

    pub(crate) fn want_metadata(&mut self) {
        self.metadata = Some(0);
    }

    /// Puts bytes into `out`, and returns how many.
    pub(crate) fn transmit(&mut self, probe: &Probe, out: &mut [u8]) -> usize {
        let id = part(ID.iter().copied(), &mut self.id, out);
        id + part(metadata(probe), &mut self.metadata, &mut out[id..])
    }
}

/// Copies what is left of a reply, as far as there is room.
fn part(reply: impl Iterator<Item = u8>, sent: &mut Option<usize>, out: &mut [u8]) -> usize {
    let Some(before) = *sent else { return 0 };
    let mut left = reply.skip(before);
    let mut count = 0;
    for place in &mut *out {
        let Some(byte) = left.next() else {
            *sent = None;
            return count;
        };
        *place = byte;
        count += 1;
    }
    *sent = Some(before + count);
    count
}

/// Pairs of a key and a value: text up to a zero byte, a number of 32 bits from the highest byte, or one byte.
fn metadata(probe: &Probe) -> impl Iterator<Item = u8> + use<> {
    let text = |key, value: &'static str| {
        let value = value.bytes().take_while(|&byte| byte != 0);
        core::iter::once(key).chain(value).chain([0])
    };
    let number = |key, value: u32| core::iter::once(key).chain(value.to_be_bytes());
    text(0x01, probe.name)
        .chain(text(0x02, env!("CARGO_PKG_VERSION")))
        .chain(number(0x21, probe.memory))
        .chain(number(0x23, probe.rate_max))
        .chain([0x40, probe.channels()])
        // The version of the protocol, and the end.
        .chain([0x41, 2, 0])
}
