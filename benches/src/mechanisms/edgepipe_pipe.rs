//! edgepipe, delivering through a pipe.

use edgepipe::{Config, Delivery};

use super::edgepipe::{MECHANISM, open_as};
use crate::mechanism::{Mechanism, Setup};

#[no_mangle]
static mechanism_edgepipe_pipe: Mechanism = Mechanism {
    name: c"edgepipe:pipe".as_ptr(),
    open,
    ..MECHANISM
};

extern "C" fn open(setup: &Setup) {
    let config = Config {
        deliver: Delivery::Pipe,
        ..Config::DEFAULT
    };
    open_as(setup, config);
}
