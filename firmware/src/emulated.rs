//! Emulated lines, and a stimulus that a timer's interrupt plays into them.

use edgepipe::{Capture, LINES_MAX, Line};
use edgepipe_app::{EmulatedPin, Player, read_all};
use heapless::Vec;
use log::error;
use zephyr::kconfig::CONFIG_EDGEPIPE_PLAYER_STACK_SIZE;

use crate::{
    DEVICE,
    files::{self, Input, Setup},
    lines::lines,
};

static PLAYER: Player<Input> = Player::new();

pub(crate) fn run() {
    let Setup {
        count,
        initial_levels,
        config,
        input,
    } = match files::open() {
        Ok(setup) => setup,
        Err(status) => return files::exit(status),
    };
    // SAFETY: the overlays of boards with CONFIG_GPIO_EMUL put emulated lines only into the node.
    let pin = |(port, pin, _)| unsafe { EmulatedPin::new(port, pin) };
    let pins: Vec<EmulatedPin, LINES_MAX> = lines().take(count).map(pin).collect();
    if pins.len() < count {
        error!(
            "the stimulus has {count} lines, the devicetree only {}",
            pins.len()
        );
        return files::exit(1);
    }
    for (index, pin) in pins.iter().enumerate() {
        pin.prepare(initial_levels >> index & 1 == 1);
    }
    let lines: Vec<Line, LINES_MAX> = pins.iter().map(EmulatedPin::line).collect();
    let (capture, mut reader) = match DEVICE.open(&lines, config) {
        Ok(ends) => ends,
        Err(error) => {
            error!("cannot open the capture: {error}");
            return files::exit(1);
        }
    };
    let origin = PLAYER.start(&capture, pins, input);
    close_at_end(capture).start();
    match read_all(&mut reader, origin, files::edge) {
        Ok(summary) => files::exit(files::finish(&summary)),
        Err(error) => {
            error!("cannot read the capture: {error}");
            files::exit(1);
        }
    }
}

/// Ends the capture when the stimulus has ended, which wakes the reader.
#[zephyr::thread(stack_size = CONFIG_EDGEPIPE_PLAYER_STACK_SIZE as usize)]
fn close_at_end(capture: Capture) {
    PLAYER.wait_end();
    capture.close();
}
