//! The nodes, from the list that `zephyr/nodes.cmake` makes from `zephyr/nodes.rs.in`.
#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    unreachable_pub,
    reason = "a devicetree may have no node, or none of a kind"
)]

use edgepipe::{
    Bytes, Clock, Config, Delivery, EdgeDevice, Line, Overflow, Readiness, StrobeDevice, Timed,
    Trigger,
};
#[cfg(edgepipe_clock)]
use edgepipe::{CoreCounter, CounterDevice};
use zephyr::time::Duration;

use crate::{EdgeNode, Ordinal, StrobeAt, StrobeNode, device::Device};

/// Makes the two tables of the list.
macro_rules! nodes {
    (
        clocks [$($clocks:tt)*] edges [$($edges:tt)*] strobes [$($strobes:tt)*]
        probe [$($probe:literal)?]
    ) => {
        /// The clock of each node that names one. Nodes may name the same; the first entry is for all of them.
        static CLOCKS: &[NodeClock] = &[$(node_clock! $clocks),*];
        /// All enabled `edgepipe,capture` nodes.
        pub static EDGES: &[EdgeNode] = &[$(edge_node! $edges),*];
        /// All enabled `edgepipe,strobe` nodes.
        pub static STROBES: &[StrobeNode<Bytes>] = &[$(strobe_node! $strobes),*];
        $(strobe_at! $strobes)*
        /// The node that is `chosen` as `edgepipe,probe`: the channels of the instrument.
        pub static PROBE: Option<&EdgeNode> = probe!($($probe)?);
    };
}

/// The chosen node, if there is one.
macro_rules! probe {
    () => {
        None
    };
    ($ordinal:literal) => {
        Some($crate::__edges($ordinal))
    };
}

/// One `edgepipe,capture` node. The lists of debouncing times and of triggers are empty, or have
/// one value for all lines, or one for each.
macro_rules! edge_node {
    {
        ordinal $ordinal:literal, name $name:literal, device $device:ident,
        gpios [$({$port:literal $($line:tt)*})*],
        debounce_us [$($debounce_us:literal)*], trigger [$($trigger:ident)*],
        records $records:literal, $($config:tt)*
    } => {{
        const DEBOUNCE_US: &[u32] = &[$($debounce_us),*];
        const TRIGGERS: &[Trigger] = &[$(trigger!($trigger)),*];
        const PORTS: &[u32] = &[$($port),*];
        const NUMBERS: Numbers = Numbers::of(PORTS, DEBOUNCE_US);
        const PIPE: usize = pipe!($records, $($config)*);
        static DEVICE: EdgeDevice<$records, { NUMBERS.ports }, { NUMBERS.debounced }, PIPE> =
            EdgeDevice::new();
        static LINES: [Line; PORTS.len()] =
            with_each([$(line!($($line)*)),*], DEBOUNCE_US, TRIGGERS);
        EdgeNode {
            open: |lines, config| DEVICE.open(lines, config),
            name: $name,
            ordinal: $ordinal,
            device: device!($device),
            #[cfg(edgepipe_pm)]
            power: $crate::power::Power {
                suspend: || DEVICE.suspend(),
                resume: || DEVICE.resume(),
            },
            lines: &LINES,
            records: $records,
            config: config!($($config)*).assert_fits($records),
        }
    }};
}

/// One `edgepipe,strobe` node.
macro_rules! strobe_node {
    {
        ordinal $ordinal:literal, name $name:literal, device $device:ident,
        strobe [{$strobe_port:literal $($strobe:tt)*}], trigger $trigger:ident,
        data [$({$port:literal $($line:tt)*})*], timestamps $timestamps:literal,
        samples $samples:literal, $($config:tt)*
    } => {{
        const PIPE: usize = pipe!($samples, $($config)*);
        static DEVICE: StrobeDevice<
            <Ordinal<$ordinal> as StrobeAt>::Sample, $samples, PIPE,
        > = StrobeDevice::new();
        static DATA: &[Line] = &[$(line!($($line)*)),*];
        StrobeNode {
            open: |strobe, data, config| {
                let (capture, reader) = DEVICE.open(strobe, data, config)?;
                Ok((capture, reader.into_bytes()))
            },
            name: $name,
            ordinal: $ordinal,
            device: device!($device),
            #[cfg(edgepipe_pm)]
            power: $crate::power::Power {
                suspend: || DEVICE.suspend(),
                resume: || DEVICE.resume(),
            },
            strobe: line!($($strobe)*).with_trigger(trigger!($trigger)),
            data: DATA,
            samples: $samples,
            config: config!($($config)*).assert_fits($samples),
            kind: core::marker::PhantomData,
        }
    }};
}

/// The type of the samples of one `edgepipe,strobe` node.
macro_rules! strobe_at {
    {
        ordinal $ordinal:literal, name $name:literal, device $device:ident, strobe $strobe:tt, trigger $trigger:ident,
        data [$($data:tt)*], timestamps $timestamps:literal, $($rest:tt)*
    } => {
        impl StrobeAt for Ordinal<$ordinal> {
            type Sample = <Samples<{ bytes_for([$(stringify!($data)),*].len()) }, { $timestamps == 1 }> as SamplesOf>::Sample;
        }
    };
}

/// Samples of so many bytes, with or without times.
#[derive(Debug)]
pub struct Samples<const BYTES: usize, const TIMED: bool>;

/// Their type.
pub trait SamplesOf {
    /// As a `StrobeDevice` has it.
    type Sample;
}

macro_rules! samples {
    ($($bytes:literal $timed:literal $sample:ty,)*) => {
        $(impl SamplesOf for Samples<$bytes, $timed> {
            type Sample = $sample;
        })*
    };
}

samples! {
    1 false u8,
    2 false u16,
    4 false u32,
    1 true Timed<u8>,
    2 true Timed<u16>,
    4 true Timed<u32>,
}

/// Bytes of a sample of so many lines, at most 32.
const fn bytes_for(lines: usize) -> usize {
    lines.div_ceil(8).next_power_of_two()
}

/// A node that `clock` names. A child of `/cpus` is the core's own cycle counter, any other a counter.
macro_rules! node_clock {
    { ordinal $ordinal:literal, parent $parent:literal, cpus $cpus:literal, $device:ident } => {{
        #[cfg(not(edgepipe_clock))]
        compile_error!("the property `clock` needs CONFIG_EDGEPIPE_CLOCK=y");
        #[cfg(edgepipe_clock)]
        {
            // SAFETY: it is a counter; `zephyr/nodes.c` does not compile for a node that is not enabled.
            static COUNTER: CounterDevice = unsafe { CounterDevice::new(&zephyr::raw::$device) };
            static CLOCK: Clock = match $parent == $cpus {
                true => Clock::new(&CoreCounter),
                false => Clock::new(&COUNTER),
            };
            NodeClock { ordinal: $ordinal, clock: &CLOCK }
        }
    }};
}

macro_rules! device {
    ($device:ident) => {
        // SAFETY: `zephyr/devices.c` defines it, and it never changes.
        Device(unsafe { &zephyr::raw::$device })
    };
}

macro_rules! line {
    ($device:ident $pin:literal $flags:literal) => {
        // SAFETY: Zephyr defines one constant device for each enabled node with a driver;
        // `zephyr/nodes.c` does not compile for any other node.
        Line::new(unsafe { &zephyr::raw::$device }, $pin, $flags)
    };
}

macro_rules! trigger {
    (both) => {
        Trigger::Both
    };
    (rising) => {
        Trigger::Rising
    };
    (falling) => {
        Trigger::Falling
    };
}

macro_rules! overflow {
    (drop_newest) => {
        Overflow::DropNewest
    };
    (freeze) => {
        Overflow::Freeze
    };
    (drop_oldest) => {
        Overflow::DropOldest
    };
}

macro_rules! deliver {
    (direct) => {
        Delivery::Direct
    };
    (pipe) => {
        Delivery::Pipe
    };
}

/// Records that the pipe of a node holds; 0 for no pipe.
macro_rules! pipe {
    ($records:literal, headroom $headroom:tt, threshold $threshold:tt, flush_after_us $us:tt,
     idle_after_us $idle_us:tt, overflow $overflow:ident, deliver $deliver:ident, pipe $pipe:tt, clock $clock:tt) => {
        pipe!($records, $deliver $pipe)
    };
    ($records:literal, direct []) => {
        0
    };
    ($records:literal, pipe []) => {
        if $records < PIPE_DEFAULT {
            $records
        } else {
            PIPE_DEFAULT
        }
    };
    ($records:literal, pipe [$pipe:literal]) => {
        $pipe
    };
}

/// The most records that a pipe holds if its node does not give a number. `zephyr/devices.c` has the
/// same value.
const PIPE_DEFAULT: usize = 64;

macro_rules! config {
    (
        headroom [$($headroom:literal)?], threshold [$($threshold:literal)?],
        flush_after_us [$($us:literal)?], idle_after_us [$($idle_us:literal)?], overflow $overflow:ident,
        deliver $deliver:ident, pipe [$($pipe:literal)?], clock [$($clock:literal)?]
    ) => {{
        #[allow(unused_mut, reason = "a node may have none of them")]
        let mut config = Config {
            overflow: overflow!($overflow),
            deliver: deliver!($deliver),
            ..Config::DEFAULT
        };
        $(config.headroom = Some($headroom);)?
        $(config.ready = Readiness::Records($threshold);)?
        $(config.flush_after = Some(Duration::micros_at_least($us));)?
        $(config.idle_after = Some(Duration::micros_at_least($idle_us));)?
        $(config.clock = Some(clock_of($clock));)?
        config
    }};
}

include!(env!("EDGEPIPE_NODES"));

/// A clock, and the ordinal of its node.
struct NodeClock {
    ordinal: u32,
    clock: &'static Clock,
}

/// The first clock with this ordinal. There is one.
const fn clock_of(ordinal: u32) -> &'static Clock {
    let mut index = 0;
    while CLOCKS[index].ordinal != ordinal {
        index += 1;
    }
    CLOCKS[index].clock
}

/// The sizes of the `EdgeDevice` for a node.
struct Numbers {
    /// GPIO controllers of lines that are not debounced; at least 1.
    ports: usize,
    debounced: usize,
}

impl Numbers {
    /// `ports` has the ordinal of each line's controller.
    const fn of(ports: &[u32], debounce_us: &[u32]) -> Self {
        let mut numbers = Self {
            ports: 0,
            debounced: 0,
        };
        let mut index = 0;
        while index < ports.len() {
            if debounce_us_of(debounce_us, index) > 0 {
                numbers.debounced += 1;
            } else if !is_before(ports, debounce_us, index) {
                numbers.ports += 1;
            }
            index += 1;
        }
        if numbers.ports == 0 {
            numbers.ports = 1;
        }
        numbers
    }
}

/// Whether an earlier line that is not debounced has the same controller.
const fn is_before(ports: &[u32], debounce_us: &[u32], index: usize) -> bool {
    let mut before = 0;
    while before < index {
        if ports[before] == ports[index] && debounce_us_of(debounce_us, before) == 0 {
            return true;
        }
        before += 1;
    }
    false
}

const fn debounce_us_of(debounce_us: &[u32], line: usize) -> u32 {
    match debounce_us {
        [] => 0,
        [all] => *all,
        each => each[line],
    }
}

const fn with_each<const N: usize>(
    mut lines: [Line; N],
    debounce_us: &[u32],
    triggers: &[Trigger],
) -> [Line; N] {
    let mut index = 0;
    while index < N {
        let trigger = match triggers {
            [] => Trigger::Both,
            [all] => *all,
            each => each[index],
        };
        lines[index] = lines[index]
            .with_debounce_us(debounce_us_of(debounce_us, index))
            .with_trigger(trigger);
        index += 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Numbers, bytes_for};

    fn numbers(ports: &[u32], debounce_us: &[u32]) -> (usize, usize) {
        let Numbers { ports, debounced } = Numbers::of(ports, debounce_us);
        (ports, debounced)
    }

    #[test]
    fn each_controller_counts_once() {
        assert_eq!(numbers(&[7, 7, 9, 7], &[]), (2, 0));
    }

    #[test]
    fn a_debounced_line_needs_no_callback_of_its_controller() {
        assert_eq!(numbers(&[7, 9, 9], &[5_000, 0, 1]), (1, 2));
        assert_eq!(numbers(&[7, 7], &[0, 5_000]), (1, 1));
        assert_eq!(numbers(&[7, 7], &[5_000, 0]), (1, 1));
    }

    #[test]
    fn a_sample_is_as_wide_as_its_lines_need() {
        let bytes = [1, 8, 9, 16, 17, 24, 32].map(bytes_for);
        assert_eq!(bytes, [1, 1, 2, 2, 4, 4, 4]);
    }

    #[test]
    fn one_time_is_for_all_lines_and_a_device_has_a_callback_at_least() {
        assert_eq!(numbers(&[7, 9], &[5_000]), (1, 2));
    }
}
