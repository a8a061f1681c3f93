//! A board: captures the real pins, for ever.

use edgepipe::{Edge, PollSet};
use edgepipe_app::{Origin, read_all};
use edgepipe_devicetree::EdgeNode;
use log::{error, info};

static POLLER: PollSet<1> = PollSet::new();

pub(crate) fn run(node: &EdgeNode) {
    let (capture, mut reader) = match node.open() {
        Ok(ends) => ends,
        Err(error) => return error!("cannot open the capture: {error}"),
    };
    info!("capturing {} lines", node.lines().len());
    let origin = Origin::now(&capture);
    // Nothing requests a stop.
    let summary = POLLER.open().and_then(|poller| {
        read_all(
            capture,
            &mut reader,
            &poller,
            origin,
            "us",
            |at_us, _: &Edge| at_us,
        )
    });
    if let Err(error) = summary {
        error!("cannot read the capture: {error}");
    }
}
