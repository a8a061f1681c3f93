//! The captured edges, as a VCD file.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;
use vcd::{IdCode, TimescaleUnit, Writer};

use crate::{Error, LINES_MAX};

/// A VCD file that appears under its name when it is complete, and not at all if it never is.
///
/// It is written next to its destination under a temporary name, and replaces the destination in
/// [`finish`](Self::finish). So the destination may even be the stimulus itself. A destination that
/// is not a regular file, such as `/dev/stdout` or a FIFO, is written directly.
pub struct CaptureFile {
    path: PathBuf,
    writer: Writer<BufWriter<Box<dyn Write + Send>>>,
    /// The temporary file, which is removed when this is dropped, and the path that it replaces.
    replace: Option<(TempPath, PathBuf)>,
    id_codes: Vec<IdCode>,
    /// The last time written.
    at_us: u64,
}

impl CaptureFile {
    /// Begins a capture of the lines with these names, 1 to [`LINES_MAX`] of them, whose levels at
    /// time 0 are the bits of `initial_levels` (bit *n* is line *n*, 1 is high).
    ///
    /// # Errors
    ///
    /// `path` cannot be written, or a name is not one VCD word.
    pub fn create(path: &Path, names: &[String], initial_levels: u32) -> Result<Self, Error> {
        if names.is_empty() || names.len() > LINES_MAX {
            let cause = format!("{} lines; expected 1 to {LINES_MAX}", names.len());
            return Err(Error::file(path, cause));
        }
        if let Some(name) = names.iter().find(|name| !is_word(name)) {
            return Err(Error::file(
                path,
                format_args!("line name '{name}' is not one word"),
            ));
        }
        let (output, replace) = open(path).map_err(|error| cannot_write(path, &error))?;
        let mut writer = Writer::new(BufWriter::new(output));
        let id_codes = write_header(&mut writer, names, initial_levels)
            .map_err(|error| cannot_write(path, &error))?;
        Ok(Self {
            path: path.to_path_buf(),
            writer,
            replace,
            id_codes,
            at_us: 0,
        })
    }

    /// Adds one edge: `line` (counted from 0) is at `level` from `at_us` on, in microseconds.
    ///
    /// # Errors
    ///
    /// The write failed, the time is before the last one, or there is no such line.
    pub fn edge(&mut self, at_us: u64, line: u8, level: bool) -> Result<(), Error> {
        let Some(&id_code) = self.id_codes.get(usize::from(line)) else {
            let cause = format!("an edge of line {line}; there are {}", self.id_codes.len());
            return Err(Error::file(&self.path, cause));
        };
        self.move_to(at_us)?;
        let written = self.writer.change_scalar(id_code, level);
        written.map_err(|error| cannot_write(&self.path, &error))
    }

    /// Completes the file and gives it its name.
    ///
    /// `end_us` is the end of the capture, in microseconds, if known. From it a decoder knows how
    /// long the last level lasted. It is left out if it is not after the last edge.
    ///
    /// # Errors
    ///
    /// The file cannot be written or renamed; then the old file is still there.
    pub fn finish(mut self, end_us: Option<u64>) -> Result<(), Error> {
        if let Some(end_us) = end_us.filter(|&end_us| end_us > self.at_us) {
            self.move_to(end_us)?;
        }
        self.writer
            .flush()
            .map_err(|error| cannot_write(&self.path, &error))?;
        if let Some((temporary, path)) = self.replace {
            let renamed = temporary.persist(&path);
            renamed.map_err(|error| cannot_write(&self.path, &error.error))?;
        }
        Ok(())
    }

    fn move_to(&mut self, at_us: u64) -> Result<(), Error> {
        if at_us < self.at_us {
            let cause = format!("time runs backwards: {at_us} us after {} us", self.at_us);
            return Err(Error::file(&self.path, cause));
        }
        if at_us > self.at_us {
            self.at_us = at_us;
            let written = self.writer.timestamp(at_us);
            written.map_err(|error| cannot_write(&self.path, &error))?;
        }
        Ok(())
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::file(path, format_args!("cannot write: {error}"))
}

/// Whether a name is read back as it is written.
fn is_word(name: &str) -> bool {
    !name.is_empty() && !name.contains([' ', '\n', '\r', '\t'])
}

fn write_header<W: Write>(
    writer: &mut Writer<W>,
    names: &[String],
    initial_levels: u32,
) -> io::Result<Vec<IdCode>> {
    writer.timescale(1, TimescaleUnit::US)?;
    writer.add_module("capture")?;
    let id_codes = names
        .iter()
        .map(|name| writer.add_wire(1, name))
        .collect::<io::Result<Vec<_>>>()?;
    writer.upscope()?;
    writer.enddefinitions()?;
    writer.timestamp(0)?;
    for (line, &id_code) in id_codes.iter().enumerate() {
        writer.change_scalar(id_code, initial_levels >> line & 1 == 1)?;
    }
    Ok(id_codes)
}

type Output = (Box<dyn Write + Send>, Option<(TempPath, PathBuf)>);

/// The file to write and, if that is temporary, the path that it replaces.
fn open(path: &Path) -> io::Result<Output> {
    // Use the stream itself. Opened as a file, it could have a position of its own, and the
    // summary, which is printed later, would overwrite the capture.
    if path == Path::new("/dev/stdout") {
        return Ok((Box::new(io::stdout()), None));
    }
    let (existing, path) = match fs::metadata(path) {
        Ok(metadata) => {
            // Renaming would not check this permission, and would replace a link with a file.
            let file = OpenOptions::new().write(true).open(path)?;
            if !metadata.is_file() {
                return Ok((Box::new(file), None));
            }
            (Some(metadata), fs::canonicalize(path)?)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => (None, path.to_path_buf()),
        Err(error) => return Err(error),
    };
    let (file, temporary) = temporary_beside(&path, existing.as_ref())?;
    Ok((Box::new(file), Some((temporary, path))))
}

/// A temporary file in the directory of `path`, where a rename is atomic, with the permissions that
/// an ordinary file at `path` has or would get.
fn temporary_beside(path: &Path, existing: Option<&Metadata>) -> io::Result<(File, TempPath)> {
    let directory = match path.parent() {
        None => return Err(ErrorKind::NotFound.into()),
        Some(parent) if parent == Path::new("") => Path::new("."),
        Some(parent) => parent,
    };
    // A file cannot be renamed to `new/` later, and `Path` ignores the slash.
    if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
        return Err(ErrorKind::IsADirectory.into());
    }
    // `create_new` gives the permissions of any new file. tempfile's own are for the owner only.
    let (file, temporary) = tempfile::Builder::new()
        .prefix(".edgepipe-")
        .suffix(".tmp")
        .make_in(directory, |path| File::create_new(path))?
        .into_parts();
    if let Some(existing) = existing {
        file.set_permissions(existing.permissions())?;
    }
    Ok((file, temporary))
}

// The writer has no `Debug`.
impl fmt::Debug for CaptureFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
