//! Checks that Rust has the values of the nodes in `app.overlay`. A failing case panics,
//! which ends the run.
#![no_std]

mod same;

// C's half of the interface, for `same.c`.
use edgepipe_c_api as _;

use edgepipe::{Capture, Config, Delivery, OpenError, Overflow, Reader, Readiness, Timed};
use edgepipe_devicetree::{EDGES, EdgeNode, STROBES, StrobeNode, edges, strobe};
use zephyr::time::Duration;

#[no_mangle]
extern "C" fn devicetree_nodes_are_found_by_label_and_alias() {
    assert!(core::ptr::eq(
        edges!(labels::pulses),
        edges!(aliases::captured)
    ));
    assert_eq!(edges!(labels::buttons).name(), "buttons");
    assert_eq!(strobe!(labels::sampler).name(), "sampler");
    assert!(EDGES.iter().all(|node| node.name() != "disabled"));
    assert_eq!(STROBES.len(), 2);
}

#[no_mangle]
extern "C" fn devicetree_a_node_has_its_device() {
    let pulses = edges!(labels::pulses);
    let [first, second] = STROBES else {
        panic!("there are two");
    };
    let found = EdgeNode::of_device(pulses.device());
    assert!(found.is_some_and(|node| core::ptr::eq(node, pulses)));
    let found = StrobeNode::of_device(second.device());
    assert!(found.is_some_and(|node| core::ptr::eq(node, second)));
    assert!(EdgeNode::of_device(first.device()).is_none());
    assert!(StrobeNode::of_device(pulses.device()).is_none());
}

#[no_mangle]
extern "C" fn devicetree_configurations_are_as_written() {
    let pulses = edges!(labels::pulses);
    assert_eq!(pulses.records(), 8);
    let strict = Config {
        headroom: Some(0),
        ..Config::DEFAULT
    };
    let at_four = Config {
        ready: Readiness::Records(4),
        ..strict
    };
    assert_eq!(pulses.config(), at_four);
    assert_eq!(edges!(labels::buttons).config(), strict);
    assert_eq!(edges!(labels::untouched).config(), Config::DEFAULT);
    let piped = Config {
        deliver: Delivery::Pipe,
        headroom: None,
        ..at_four
    };
    assert_eq!(edges!(labels::piped).config(), piped);
    let patient = Config {
        headroom: Some(1),
        flush_after: Some(Duration::micros_at_least(20_000)),
        overflow: Overflow::Freeze,
        ..Config::DEFAULT
    };
    assert_eq!(edges!(labels::debounced).config(), patient);
    let newest = Config {
        overflow: Overflow::DropOldest,
        ..strict
    };
    assert_eq!(edges!(labels::newest).config(), newest);
    assert_eq!(strobe!(labels::sampler).samples(), 16);
    assert_eq!(edges!(labels::untouched).records(), 16, "the default");
}

#[no_mangle]
extern "C" fn devicetree_lines_are_in_their_order() {
    let pins = |lines: &[edgepipe::Line]| lines.iter().fold(0, |all, line| all << 4 | line.pin());
    assert_eq!(pins(edges!(labels::buttons).lines()), 0x23);
    let sampler = strobe!(labels::sampler);
    assert_eq!(sampler.strobe().pin(), 12);
    assert_eq!(sampler.data().len(), 3);
    assert_eq!(sampler.data()[2].pin(), 10);
    assert!(core::ptr::eq(
        sampler.strobe().port(),
        edges!(labels::pulses).lines()[0].port()
    ));
}

#[no_mangle]
extern "C" fn devicetree_a_node_can_be_opened_once() {
    let pulses = edges!(labels::pulses);
    let ends = pulses.open().expect("its lines are there");
    assert!(pulses.open().is_err());
    drop(ends);
    assert!(pulses.open().is_ok());
    assert!(strobe!(labels::sampler).open().is_ok());
    // The lines and `timestamps` of a node decide the type of its samples.
    let opened: Result<(Capture, Reader<Timed<u16>>), OpenError> = strobe!(labels::bus).open();
    assert!(opened.is_ok());
}

#[no_mangle]
extern "C" fn devicetree_a_node_that_delivers_through_a_pipe_has_one() {
    let (_capture, reader) = edges!(labels::piped).open().expect("its line is there");
    assert!(reader.pipe().is_some());
    let (_capture, reader) = edges!(labels::untouched).open().expect("its line is there");
    assert!(reader.pipe().is_none());
}

/// Never called (see `CMakeLists.txt`), but zephyr-lang-rust's `main.c` names it.
#[no_mangle]
extern "C" fn rust_main() {}
