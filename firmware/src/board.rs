//! A board: whatever happens on the pins, for ever.

use edgepipe::{Config, LINES_MAX, Line};
use edgepipe_app::{Origin, read_all};
use heapless::Vec;
use log::{error, info};

use crate::{DEVICE, lines::lines};

pub(crate) fn run() {
    let lines: Vec<Line, LINES_MAX> = lines()
        .map(|(port, pin, flags)| Line::new(port, pin, flags))
        .collect();
    let (capture, mut reader) = match DEVICE.open(&lines, Config::default()) {
        Ok(ends) => ends,
        Err(error) => return error!("cannot open the capture: {error}"),
    };
    info!("capturing {} lines", lines.len());
    if let Err(error) = read_all(&mut reader, Origin::now(&capture), |_, _| {}) {
        error!("cannot read the capture: {error}");
    }
}
