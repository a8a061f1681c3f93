//! The entries of the zip.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

/// Where an entry is in the file.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    start: u64,
    packed_bytes: u64,
    bytes: u64,
    crc: u32,
    deflated: bool,
}

/// The directory of the zip.
pub(super) struct Archive(ZipArchive<File>);

/// The errors are causes.
impl Archive {
    pub(super) fn open(file: File) -> Result<Self, String> {
        ZipArchive::new(file)
            .map(Self)
            .map_err(|error| format!("truncated or damaged zip: {error}"))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.index_for_name(name).is_some()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.file_names()
    }

    /// Finds an entry; `None` if there is none of that name.
    pub(super) fn entry(&mut self, name: &str) -> Result<Option<Entry>, String> {
        let Some(index) = self.0.index_for_name(name) else {
            return Ok(None);
        };
        let damaged = |error: &dyn std::fmt::Display| format!("'{name}' is damaged: {error}");
        let entry = self
            .0
            .by_index_raw(index)
            .map_err(|error| damaged(&error))?;
        if entry.encrypted() {
            return Err(format!("'{name}' is encrypted"));
        }
        let deflated = match entry.compression() {
            CompressionMethod::STORE => false,
            CompressionMethod::DEFLATE => true,
            other => return Err(format!("'{name}' is packed by {other}, not by deflate")),
        };
        let start = entry
            .data_start()
            .ok_or_else(|| damaged(&"it has no content"))?;
        Ok(Some(Entry {
            name: name.into(),
            start,
            packed_bytes: entry.compressed_size(),
            bytes: entry.size(),
            crc: entry.crc32(),
            deflated,
        }))
    }
}

impl Entry {
    /// Reads the content. Only one entry of a file can be read at a time.
    pub(super) fn open(&self, file: &File) -> io::Result<Content> {
        let mut file = file.try_clone()?;
        file.seek(SeekFrom::Start(self.start))?;
        let packed = file.take(self.packed_bytes);
        Ok(Content {
            input: match self.deflated {
                true => Box::new(DeflateDecoder::new(packed)),
                false => Box::new(packed),
            },
            read: Crc::new(),
            bytes: self.bytes,
            crc: self.crc,
        })
    }
}

/// The content of an entry. Its end is an error if it is not what the directory says.
pub(super) struct Content {
    input: Box<dyn Read + Send>,
    /// The checksum and number of all bytes so far. The number is modulo 2³².
    read: Crc,
    bytes: u64,
    crc: u32,
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.read.update(&buffer[..read]);
        // The number is that of the directory, modulo 2³² too.
        let complete = self.read.sum() == self.crc && self.read.amount() == self.bytes as u32;
        if read == 0 && !buffer.is_empty() && !complete {
            return Err(io::Error::new(
                ErrorKind::InvalidData,
                "the checksum is wrong",
            ));
        }
        Ok(read)
    }
}
