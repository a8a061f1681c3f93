//! `edgepipe serve`: a board's edges, live in PulseView, as from a BeagleLogic over TCP.

mod channels;
mod client;
mod commands;
mod hub;

use std::io::{self, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use edgepipe_host::{Error, interrupt};
use edgepipe_stream::Event;

use self::channels::Channels;
use self::hub::Hub;
use super::device::Device;
use super::options::Serve;

/// A device that went away is looked for this often.
const AGAIN: Duration = Duration::from_secs(1);

pub(super) fn run(options: &Serve) -> Result<(), Error> {
    interrupt::catch();
    let mut device = Device::open(&options.port, options.baud)?;
    let Some((hub, channels)) = first_head(&mut device)? else {
        return Ok(());
    };
    let listener = TcpListener::bind(options.listen)
        .map_err(|error| Error::failure(&format!("{}: {error}", options.listen)))?;
    tell(&listener, &channels)
        .map_err(|error| Error::failure(&format!("cannot print: {error}")))?;
    let for_clients = Arc::clone(&hub);
    thread::spawn(move || accept(&listener, &for_clients, channels));
    loop {
        match follow(&mut device, &hub) {
            Ok(()) => return Ok(()),
            Err(error) => eprintln!("{error}; waiting for it"),
        }
        // The old one may still have the port.
        drop(device);
        match open_again(options) {
            Some(again) => device = again,
            None => return Ok(()),
        }
    }
}

/// Waits for the head. `None` after Ctrl-C.
fn first_head(device: &mut Device) -> Result<Option<(Arc<Hub>, Channels)>, Error> {
    let mut begun = None;
    while begun.is_none() && !interrupt::is_requested() {
        device.listen(|event| match (event, &begun) {
            (Event::Head(head, at), None) => {
                begun = Some((Arc::new(Hub::new(head, at)), Channels::of(head.lines)));
            }
            (event, Some((hub, _))) => hub.take(event),
            _ => {}
        })?;
    }
    Ok(begun)
}

/// Passes on what the device tells, until Ctrl-C.
fn follow(device: &mut Device, hub: &Hub) -> Result<(), Error> {
    while !interrupt::is_requested() {
        device.listen(|event| hub.take(event))?;
    }
    Ok(())
}

/// Waits until the device is back. `None` after Ctrl-C.
fn open_again(options: &Serve) -> Option<Device> {
    while !interrupt::is_requested() {
        thread::sleep(AGAIN);
        if let Ok(device) = Device::open(&options.port, options.baud) {
            return Some(device);
        }
    }
    None
}

fn tell(listener: &TcpListener, channels: &Channels) -> io::Result<()> {
    let address = listener.local_addr()?;
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {address}")?;
    writeln!(
        out,
        "PulseView: connect to a BeagleLogic, TCP/IP, 127.0.0.1, {}, tcp-raw",
        address.port()
    )?;
    writeln!(
        out,
        "sigrok-cli -d beaglelogic:conn=tcp-raw/127.0.0.1/{} -c samplerate=1m -C {channels} --continuous",
        address.port()
    )?;
    out.flush()
}

/// Serves every client in a thread of its own.
fn accept(listener: &TcpListener, hub: &Arc<Hub>, channels: Channels) {
    for stream in listener.incoming().flatten() {
        let hub = Arc::clone(hub);
        thread::spawn(move || {
            // A client that goes away is no error.
            let _ = client::serve(stream, &hub, channels.loss);
        });
    }
}
