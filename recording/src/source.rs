//! Where a recording's bytes come from. They can be read twice.

mod kind;

use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use kind::Kind;

use crate::Error;

/// The bytes at the beginning that tell what a file is.
const HEAD_BYTES: u64 = 512;

/// A stream of bytes, which is read in large pieces.
pub(crate) type Input = Box<dyn Read + Send>;

/// A file that was opened, by what it is.
pub(crate) enum Opened {
    /// Text, with what reads it from its first byte.
    Text(Source, Input),
    /// A zip, under this name.
    Zip(String, File),
}

/// Text that can be read again once it was read to its end.
pub(crate) struct Source {
    /// For messages.
    pub(crate) name: String,
    /// The file itself, or a copy of what came through a pipe.
    file: File,
    gzip: bool,
}

impl Source {
    /// Opens a file, a pipe, or standard input, which is `-`. Tells from its beginning what it is.
    pub(crate) fn open(path: &Path) -> Result<Opened, Error> {
        let stdin = path == Path::new("-");
        let name = match stdin {
            true => "standard input".into(),
            false => path.to_string_lossy().into_owned(),
        };
        let cannot = |error| Error::file(&name, format_args!("cannot open: {error}"));
        let opened = if stdin {
            copied(io::stdin())
        } else {
            open_path(path)
        };
        let Stream {
            mut input,
            mut file,
            is_copied,
        } = opened.map_err(cannot)?;
        let unreadable = |error| Error::file(&name, unreadable(&error));
        let refused = |cause| Error::file(&name, cause);

        let mut head = read_head(&mut input).map_err(unreadable)?;
        let kind = Kind::of(&head).map_err(refused)?;
        input = Box::new(Cursor::new(head).chain(input));
        if kind == Kind::Zip {
            // The directory is at its end: what comes through a pipe has to be there as a whole.
            if is_copied {
                io::copy(&mut input, &mut io::sink()).map_err(unreadable)?;
            }
            file.rewind().map_err(unreadable)?;
            return Ok(Opened::Zip(name, file));
        }
        let gzip = kind == Kind::Gzip;
        if gzip {
            input = Box::new(MultiGzDecoder::new(input));
            head = read_head(&mut input).map_err(unreadable)?;
            if Kind::of(&head).map_err(refused)? != Kind::Text {
                return Err(refused("gzip'ed, but not VCD inside".into()));
            }
            input = Box::new(Cursor::new(head).chain(input));
        }
        Ok(Opened::Text(Self { name, file, gzip }, input))
    }

    /// Reads the text again from the byte `offset` on.
    pub(crate) fn again(&mut self, offset: u64) -> io::Result<Input> {
        if !self.gzip {
            self.file.seek(SeekFrom::Start(offset))?;
            return Ok(Box::new(self.file.try_clone()?));
        }
        self.file.rewind()?;
        let mut input = MultiGzDecoder::new(self.file.try_clone()?);
        io::copy(&mut (&mut input).take(offset), &mut io::sink())?;
        Ok(Box::new(input))
    }
}

/// Why reading failed, in words.
pub(crate) fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        // Only what unpacks gives these.
        ErrorKind::UnexpectedEof => "truncated: the gzip'ed data ends too early".into(),
        ErrorKind::InvalidInput | ErrorKind::InvalidData => {
            format!("the gzip'ed data is damaged: {error}")
        }
        _ => format!("cannot read: {error}"),
    }
}

/// Bytes to be read, and what can read them again.
struct Stream {
    input: Input,
    file: File,
    /// Reading `input` makes `file`, which is a copy.
    is_copied: bool,
}

fn open_path(path: &Path) -> io::Result<Stream> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return copied(file);
    }
    Ok(Stream {
        input: Box::new(file.try_clone()?),
        file,
        is_copied: false,
    })
}

/// For what can be read only once.
fn copied(input: impl Read + Send + 'static) -> io::Result<Stream> {
    let file = tempfile::tempfile()?;
    let tee = Tee {
        input,
        copy: file.try_clone()?,
    };
    Ok(Stream {
        input: Box::new(tee),
        file,
        is_copied: true,
    })
}

fn read_head(input: &mut Input) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

/// Keeps a copy of what is read.
struct Tee<R> {
    input: R,
    copy: File,
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.copy.write_all(&buffer[..read])?;
        Ok(read)
    }
}
