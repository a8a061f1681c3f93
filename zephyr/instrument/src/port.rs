//! The serial port: `port.h`.

use core::ffi::c_int;

unsafe extern "C" {
    fn edgepipe_instrument_port_open() -> c_int;
    fn edgepipe_instrument_port_receive(bytes: *mut u8, size: usize) -> usize;
    fn edgepipe_instrument_port_room() -> usize;
    fn edgepipe_instrument_port_transmit(bytes: *const u8, size: usize);
    fn edgepipe_instrument_port_discard();
}

/// The instrument's port. There is one, and one thread has it.
pub(crate) struct Port(());

impl Port {
    /// Opens it. To be called once. Fails with a negative errno.
    pub(crate) fn open() -> Result<Self, c_int> {
        // SAFETY: in a thread; it needs nothing else.
        match unsafe { edgepipe_instrument_port_open() } {
            0 => Ok(Self(())),
            error => Err(error),
        }
    }

    /// Takes what was received, as much as fits into `bytes`.
    pub(crate) fn receive<'a>(&mut self, bytes: &'a mut [u8]) -> &'a [u8] {
        // SAFETY: the pointer is valid for as many bytes as are said.
        let count = unsafe { edgepipe_instrument_port_receive(bytes.as_mut_ptr(), bytes.len()) };
        bytes.get(..count).unwrap_or_default()
    }

    /// How many bytes [`transmit`](Self::transmit) takes now.
    pub(crate) fn room(&self) -> usize {
        // SAFETY: it reads a counter.
        unsafe { edgepipe_instrument_port_room() }
    }

    /// Sends no more bytes than there is room for.
    pub(crate) fn transmit(&mut self, bytes: &[u8]) {
        // SAFETY: the pointer is valid for as many bytes as are said.
        unsafe { edgepipe_instrument_port_transmit(bytes.as_ptr(), bytes.len()) }
    }

    /// Forgets what was not sent yet.
    pub(crate) fn discard(&mut self) {
        // SAFETY: in a thread; it needs nothing else.
        unsafe { edgepipe_instrument_port_discard() }
    }
}
