//! A board: whatever happens on the pins, for ever.

use edgepipe_app::{Origin, read_all};
use edgepipe_devicetree::EdgeNode;
use log::{error, info};

pub(crate) fn run(node: &EdgeNode) {
    let (capture, mut reader) = match node.open() {
        Ok(ends) => ends,
        Err(error) => return error!("cannot open the capture: {error}"),
    };
    info!("capturing {} lines", node.lines().len());
    if let Err(error) = read_all(&mut reader, Origin::now(&capture), |_, _| {}) {
        error!("cannot read the capture: {error}");
    }
}
