//! The line to a board.

use std::fmt::{self, Display};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// A read waits this long at most.
const READ_WAIT: Duration = Duration::from_millis(50);
/// A host answers a connection within this time.
const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// A line that takes nothing for so long is broken.
const WRITE_WAIT: Duration = Duration::from_secs(1);

/// Which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PortName {
    Serial(String),
    Tcp(String),
    Unix(PathBuf),
}

impl FromStr for PortName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = match text.split_once(':') {
            Some(("tcp", address)) => match address.rsplit_once(':') {
                Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
                    Self::Tcp(address.into())
                }
                _ => return Err("expected tcp:HOST:PORT".into()),
            },
            Some(("unix", path)) if cfg!(unix) && !path.is_empty() => Self::Unix(path.into()),
            Some(("unix", _)) => return Err("expected unix:PATH, on a Unix".into()),
            _ => Self::Serial(text.into()),
        };
        Ok(name)
    }
}

impl Display for PortName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(path) => write!(f, "{path}"),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

trait Line: Read + Write + Send {}
impl<T: Read + Write + Send> Line for T {}

/// An open line. Reads return after [`READ_WAIT`] at most.
pub(super) struct Port(Box<dyn Line>);

impl Port {
    pub(super) fn open(name: &PortName, baud: u32) -> io::Result<Self> {
        let line: Box<dyn Line> = match name {
            PortName::Serial(path) => {
                let port = serialport::new(path, baud).timeout(READ_WAIT).open();
                Box::new(port.map_err(|error| explained(path, error))?)
            }
            PortName::Tcp(address) => {
                let stream = connect(address)?;
                stream.set_read_timeout(Some(READ_WAIT))?;
                stream.set_write_timeout(Some(WRITE_WAIT))?;
                stream.set_nodelay(true)?;
                Box::new(stream)
            }
            #[cfg(unix)]
            PortName::Unix(path) => {
                let stream = std::os::unix::net::UnixStream::connect(path)?;
                stream.set_read_timeout(Some(READ_WAIT))?;
                stream.set_write_timeout(Some(WRITE_WAIT))?;
                Box::new(stream)
            }
            #[cfg(not(unix))]
            PortName::Unix(_) => return Err(ErrorKind::Unsupported.into()),
        };
        Ok(Self(line))
    }

    /// The next bytes; 0 if none came in time.
    pub(super) fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self.0.read(bytes) {
            Ok(0) => Err(io::Error::new(
                ErrorKind::UnexpectedEof,
                "the line was closed",
            )),
            Err(error) if is_wait(error.kind()) => Ok(0),
            other => other,
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)?;
        self.0.flush()
    }
}

/// An error of the crate, as something that a user knows.
fn explained(path: &str, error: serialport::Error) -> io::Error {
    match error.kind {
        // The crate's kind for a lock, but not elsewhere.
        serialport::ErrorKind::NoDevice if cfg!(unix) => {
            io::Error::new(ErrorKind::ResourceBusy, "another program uses this port")
        }
        #[cfg(unix)]
        serialport::ErrorKind::Unknown if !is_terminal(path) => {
            io::Error::new(ErrorKind::InvalidInput, "this is no serial port")
        }
        _ => error.into(),
    }
}

/// Whether there is a terminal, as far as one can tell without waiting, as for the other end of a FIFO.
#[cfg(unix)]
fn is_terminal(path: &str) -> bool {
    use std::{fs, io::IsTerminal, os::unix::fs::FileTypeExt};
    fs::metadata(path).is_ok_and(|it| it.file_type().is_char_device())
        && fs::File::open(path).is_ok_and(|file| file.is_terminal())
}

fn is_wait(kind: ErrorKind) -> bool {
    use ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(kind, Interrupted | TimedOut | WouldBlock)
}

fn connect(address: &str) -> io::Result<TcpStream> {
    let mut last = ErrorKind::AddrNotAvailable.into();
    for address in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_WAIT) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

impl fmt::Debug for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Port").finish_non_exhaustive()
    }
}
