//! Frames: COBS of a kind, fields and a CRC-32, with a zero at the end.

use crc::{CRC_32_ISO_HDLC, Crc};

use crate::FRAME_MAX;

/// What a frame is about: its first byte.
pub(crate) mod kind {
    pub(crate) const HEAD: u8 = b'H';
    pub(crate) const NAMES: u8 = b'N';
    pub(crate) const EDGES: u8 = b'E';
}

const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
const CRC_BYTES: usize = 4;
/// What COBS and the zero add. COBS adds one byte to at most 254.
const WRAP_BYTES: usize = 2;
/// The most bytes of kind and fields.
pub(crate) const CONTENT_MAX: usize = FRAME_MAX - WRAP_BYTES - CRC_BYTES;

/// The session of a head's checksum: anybody can read a head.
pub(crate) const ANY_SESSION: u32 = 0;

/// The content of a frame that is being written, and its checksum.
#[derive(Debug)]
pub(crate) struct Frame {
    bytes: [u8; CONTENT_MAX + CRC_BYTES],
    len: usize,
}

impl Frame {
    pub(crate) const EMPTY: Self = Self {
        bytes: [0; CONTENT_MAX + CRC_BYTES],
        len: 0,
    };

    pub(crate) fn of(kind: u8) -> Self {
        let mut frame = Self::EMPTY;
        frame.put(&[kind]);
        frame
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.len + bytes <= CONTENT_MAX
    }

    /// Adds bytes, or tells that there is no room for them.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> bool {
        let end = self.len + bytes.len();
        let fits = self.has_room(bytes.len());
        if fits && let Some(place) = self.bytes.get_mut(self.len..end) {
            place.copy_from_slice(bytes);
            self.len = end;
        }
        fits
    }

    /// Writes the whole frame into `out`, which has room for [`FRAME_MAX`] bytes, and empties it. Returns its length.
    ///
    /// The checksum begins with the session's number. So a frame of another session never passes for one of this.
    pub(crate) fn seal(&mut self, session: u32, out: &mut [u8]) -> usize {
        let (content, rest) = self.bytes.split_at_mut(self.len);
        let sum = checksum(session, content).to_le_bytes();
        rest.iter_mut().zip(sum).for_each(|(to, from)| *to = from);
        let source = self.bytes.get(..self.len + CRC_BYTES);
        let len = cobs::try_encode(source.unwrap_or_default(), out).unwrap_or(0);
        self.len = 0;
        match out.get_mut(len) {
            Some(end) => {
                *end = 0;
                len + 1
            }
            None => len,
        }
    }
}

/// Undoes COBS, in place. What comes back begins with the kind; [`checked`] has to say whether it is whole.
pub(crate) fn open(frame: &mut [u8]) -> Option<&[u8]> {
    let len = cobs::decode_in_place(frame).ok()?;
    frame.get(..len)
}

/// The fields of a frame of this session, without kind and checksum; `None` if it is damaged or of another session.
pub(crate) fn checked(session: u32, frame: &[u8]) -> Option<&[u8]> {
    let (content, sum) = frame.split_last_chunk::<CRC_BYTES>()?;
    let whole = checksum(session, content) == u32::from_le_bytes(*sum);
    content.get(1..).filter(|_| whole)
}

fn checksum(session: u32, content: &[u8]) -> u32 {
    let mut digest = CRC.digest_with_initial(!session);
    digest.update(content);
    digest.finalize()
}
