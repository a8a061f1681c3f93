//! Emulated lines, and a stimulus that a timer's interrupt plays into them.

use edgepipe::{Config, LINES_MAX, Line, PollSet, Trigger};
use edgepipe_app::{EmulatedPin, Player, read_all};
use edgepipe_devicetree::EdgeNode;
use heapless::{String, Vec};
use log::error;

use crate::files::{self, Edges, Input};

static PLAYER: Player<Input> = Player::new();
static POLLER: PollSet<1> = PollSet::new();

/// The room for the text of a unit of time, with its zero byte.
pub(crate) const UNIT_MAX: usize = 27;

/// A unit of time, as text.
pub(crate) type Unit = String<UNIT_MAX>;

/// The lines and the configuration of the capture.
pub(crate) struct Setup {
    pub(crate) count: usize,
    pub(crate) initial_levels: u32,
    pub(crate) config: Config,
    pub(crate) trigger: Trigger,
    pub(crate) debounce_us: u32,
    /// The unit of the times that `Edges` returns.
    pub(crate) unit: Unit,
    pub(crate) input: Input,
}

pub(crate) fn run(node: &EdgeNode) {
    let Setup {
        count,
        initial_levels,
        config,
        trigger,
        debounce_us,
        unit,
        input,
    } = match files::open(node.config()) {
        Ok(setup) => setup,
        Err(status) => return files::exit(status),
    };
    let Some(lines) = node.lines().get(..count) else {
        error!(
            "the stimulus has {count} lines, the devicetree only {}",
            node.lines().len()
        );
        return files::exit(1);
    };
    // SAFETY: with CONFIG_EDGEPIPE_STIMULUS, the overlays put only such lines into the node.
    let pins: Vec<EmulatedPin, LINES_MAX> = lines
        .iter()
        .map(|line| unsafe { EmulatedPin::new(line.port(), line.pin()) })
        .collect();
    for (index, pin) in pins.iter().enumerate() {
        pin.prepare(initial_levels >> index & 1 == 1);
    }
    let lines: Vec<Line, LINES_MAX> = lines
        .iter()
        .map(|line| line.with_trigger(trigger).with_debounce_us(debounce_us))
        .collect();
    let (capture, mut reader) = match node.open_with(&lines, config) {
        Ok(ends) => ends,
        Err(error) => {
            error!("cannot open the capture: {error}");
            return files::exit(1);
        }
    };
    let poller = match POLLER.open() {
        Ok(poller) => poller,
        Err(error) => {
            error!("cannot wait: {error}");
            return files::exit(1);
        }
    };
    PLAYER.wake_at_end(poller.waker());
    let origin = PLAYER.start(&capture, pins, input);
    match read_all(capture, &mut reader, &poller, origin, &unit, Edges) {
        Ok(summary) => files::exit(files::finish(&summary)),
        Err(error) => {
            error!("cannot read the capture: {error}");
            files::exit(1);
        }
    }
}
