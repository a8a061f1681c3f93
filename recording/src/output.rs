//! A file that is written.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

/// A file that appears under its name when it is complete, and not at all if it never is.
///
/// It is written next to its destination under a temporary name, and replaces the destination in
/// [`commit`](Self::commit). So the destination may even be a file that is being read. A destination that is not a
/// regular file, such as `/dev/stdout` or a FIFO, is written directly.
pub struct Output {
    writer: BufWriter<Box<dyn Write + Send>>,
    /// The temporary file, which is removed when this is dropped, and the path that it replaces.
    replace: Option<(TempPath, PathBuf)>,
    /// The temporary file once more, to write at an earlier place.
    again: Option<File>,
}

impl Output {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// `path` cannot be written.
    pub fn create(path: &Path) -> io::Result<Self> {
        let Opened {
            output,
            replace,
            again,
        } = open(path)?;
        Ok(Self {
            writer: BufWriter::new(output),
            replace,
            again,
        })
    }

    /// Whether [`overwrite`](Self::overwrite) works: not if the destination is written directly.
    pub fn can_overwrite(&self) -> bool {
        self.again.is_some()
    }

    /// Writes these bytes over others that were written before, `at` bytes from the beginning.
    ///
    /// # Errors
    ///
    /// It cannot be written, or it is not a file.
    pub fn overwrite(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.writer.flush()?;
        let file = self.again.as_mut().ok_or(ErrorKind::NotSeekable)?;
        // Both handles have one position.
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)?;
        file.seek(SeekFrom::End(0)).map(drop)
    }

    /// Completes the file and gives it its name.
    ///
    /// # Errors
    ///
    /// It cannot be written or renamed; then the old file is still there.
    pub fn commit(mut self) -> io::Result<()> {
        self.writer.flush()?;
        match self.replace {
            Some((temporary, path)) => temporary.persist(path).map_err(|error| error.error),
            None => Ok(()),
        }
    }
}

impl Write for Output {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

struct Opened {
    output: Box<dyn Write + Send>,
    /// If that is a temporary file: it, and the path that it replaces.
    replace: Option<(TempPath, PathBuf)>,
    again: Option<File>,
}

impl Opened {
    fn directly(output: impl Write + Send + 'static) -> Self {
        Self {
            output: Box::new(output),
            replace: None,
            again: None,
        }
    }
}

fn open(path: &Path) -> io::Result<Opened> {
    // Use the stream itself. Opened as a file, it could have a position of its own, and the
    // summary, which is printed later, would overwrite the capture.
    if path == Path::new("/dev/stdout") {
        return Ok(Opened::directly(io::stdout()));
    }
    let (existing, path) = match fs::metadata(path) {
        Ok(metadata) => {
            // Renaming would not check this permission, and would replace a link with a file.
            let file = OpenOptions::new().write(true).open(path)?;
            if !metadata.is_file() {
                return Ok(Opened::directly(file));
            }
            (Some(metadata), fs::canonicalize(path)?)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => (None, path.to_path_buf()),
        Err(error) => return Err(error),
    };
    let (file, temporary) = temporary_beside(&path, existing.as_ref())?;
    Ok(Opened {
        again: Some(file.try_clone()?),
        output: Box::new(file),
        replace: Some((temporary, path)),
    })
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
impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output")
            .field("replace", &self.replace)
            .finish_non_exhaustive()
    }
}
