//! What an `.sr` says about its samples.

use std::collections::BTreeMap;

use crate::TimeUnit;
use crate::error::quoted;
use crate::names::{add_word, is_command};

/// The largest sample, in bytes.
pub(super) const SAMPLE_MAX_BYTES: usize = 8;

#[derive(Debug, PartialEq)]
pub(super) struct Metadata {
    /// The name of the entry with the samples, or of its pieces.
    pub(super) capture_file: String,
    /// The time from sample to sample.
    pub(super) unit: TimeUnit,
    /// The size of a sample, from 1 to [`SAMPLE_MAX_BYTES`].
    pub(super) sample_bytes: usize,
    /// The channels, as their bits in a sample, and their names.
    pub(super) channels: Vec<(u32, String)>,
}

impl Metadata {
    /// Reads the first device that has logic. The error is the cause.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut devices: Vec<Device> = Vec::new();
        for line in text.lines().map(str::trim) {
            if line.starts_with('[') {
                devices.push(Device::default());
            } else if let (Some((key, value)), Some(device)) =
                (line.split_once('='), devices.last_mut())
            {
                device.set(key.trim_end(), value.trim_start());
            }
        }
        let analog = devices.iter().any(|device| device.analog);
        let mut with_logic = devices
            .into_iter()
            .filter(|device| device.capture_file.is_some());
        match (with_logic.next(), with_logic.next()) {
            (Some(device), None) => device.metadata(),
            (Some(_), Some(_)) => Err("the samples of more than one device".into()),
            (None, _) if analog => Err("it has analog channels only, and no logic".into()),
            (None, _) => Err("'metadata' names no file with samples of logic".into()),
        }
    }
}

/// A section of the text.
#[derive(Default)]
struct Device {
    capture_file: Option<String>,
    sample_rate: Option<String>,
    sample_bytes: Option<String>,
    total_channels: Option<String>,
    /// By number, from 1.
    channels: BTreeMap<u32, String>,
    analog: bool,
}

impl Device {
    fn set(&mut self, key: &str, value: &str) {
        match key {
            "capturefile" => self.capture_file = Some(value.into()),
            "samplerate" => self.sample_rate = Some(value.into()),
            "unitsize" => self.sample_bytes = Some(value.into()),
            "total probes" => self.total_channels = Some(value.into()),
            "total analog" => self.analog |= value != "0",
            _ => {
                if let Some(number) = key.strip_prefix("probe").and_then(|n| n.parse().ok()) {
                    self.channels.insert(number, name(value));
                }
            }
        }
    }

    fn metadata(self) -> Result<Metadata, String> {
        let Some(rate) = self.sample_rate else {
            return Err("no sample rate, so its times have no unit".into());
        };
        let total: Option<usize> = match self.total_channels {
            None => None,
            Some(total) => Some(
                total
                    .parse()
                    .map_err(|_| format!("{} is no number of channels", quoted(&total)))?,
            ),
        };
        let sample_bytes = match (&self.sample_bytes, total) {
            (Some(bytes), _) => bytes
                .parse()
                .map_err(|_| format!("{} is no size of a sample", quoted(bytes)))?,
            // The first version of the format had none.
            (None, Some(total)) => total.div_ceil(8),
            (None, None) => return Err("no size of a sample".into()),
        };
        if !(1..=SAMPLE_MAX_BYTES).contains(&sample_bytes) {
            return Err(format!(
                "samples of {sample_bytes} bytes: 1 to {SAMPLE_MAX_BYTES} can be read"
            ));
        }
        let bits = 8 * sample_bytes as u32;
        let mut named = self.channels;
        if named.is_empty() {
            let total = total.unwrap_or(0).min(bits as usize) as u32;
            named = (1..=total).map(|number| (number, String::new())).collect();
        }
        let mut channels = Vec::new();
        for (number, name) in named {
            if !(1..=bits).contains(&number) {
                return Err(format!("probe{number} is not in samples of {bits} bits"));
            }
            let bit = number - 1;
            // Without a name, as sigrok names it.
            let name = if name.is_empty() {
                bit.to_string()
            } else {
                name
            };
            channels.push((bit, name));
        }
        Ok(Metadata {
            capture_file: self.capture_file.unwrap_or_default(),
            unit: period(&rate)?,
            sample_bytes,
            channels,
        })
    }
}

/// A channel's name, as it would be in a VCD. Sigrok writes some characters with a backslash.
fn name(value: &str) -> String {
    let mut raw = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        raw.push(match c {
            '\\' => match characters.next() {
                Some('s') => ' ',
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    let mut name = String::new();
    for word in raw.split_ascii_whitespace() {
        // It would end the declaration.
        match is_command(word) {
            true => add_word(&mut name, &word.replace('$', "_")),
            false => add_word(&mut name, word),
        }
    }
    name
}

/// The time from sample to sample at a rate as `24 MHz` or `12.5 kHz`.
fn period(rate: &str) -> Result<TimeUnit, String> {
    let wrong = || format!("{} is no sample rate", quoted(rate));
    let end = rate
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(rate.len());
    let (number, unit) = rate.split_at(end);
    let hertz: u64 = match unit.trim_start().to_ascii_lowercase().as_str() {
        "" | "hz" => 1,
        "k" | "khz" => 1_000,
        "m" | "mhz" => 1_000_000,
        "g" | "ghz" => 1_000_000_000,
        "t" | "thz" => 1_000_000_000_000,
        _ => return Err(wrong()),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits: u64 = format!("{whole}{fraction}").parse().map_err(|_| wrong())?;
    let rate = digits.checked_mul(hertz).ok_or_else(wrong)?;
    let scale = u32::try_from(fraction.len())
        .ok()
        .and_then(|n| 10_u64.checked_pow(n));
    if rate == 0 {
        return Err("a sample rate of 0, so its times have no unit".into());
    }
    scale
        .and_then(|scale| TimeUnit::new(scale, rate))
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\ntotal probes=10\n\
        samplerate=24 MHz\ntotal analog=0\nprobe1=CLK (in)\nprobe10=Pin\\s1\nunitsize=2\n";

    #[test]
    fn all_that_is_needed_is_read() {
        assert_eq!(
            Metadata::parse(TEXT),
            Ok(Metadata {
                capture_file: "logic-1".into(),
                unit: TimeUnit::new(1, 24_000_000).unwrap(),
                sample_bytes: 2,
                channels: vec![(0, "CLK (in)".into()), (9, "Pin 1".into())],
            })
        );
    }

    #[test]
    fn the_first_version_has_no_size_and_maybe_no_names() {
        let text = "[device 1]\ncapturefile = logic-1\ntotal probes = 9\nsamplerate = 1 MHz\n";
        let metadata = Metadata::parse(text).unwrap();
        assert_eq!(metadata.sample_bytes, 2);
        assert_eq!(metadata.channels.len(), 9);
        assert_eq!(metadata.channels[8], (8, "8".into()));
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        let (rate, size) = ("samplerate=24 MHz\n", "unitsize=2\n");
        for (text, cause) in [
            (
                String::new(),
                "'metadata' names no file with samples of logic",
            ),
            (
                "[device 1]\nsamplerate=1 MHz\ntotal analog=2\n".into(),
                "it has analog channels only, and no logic",
            ),
            (
                TEXT.replace(rate, ""),
                "no sample rate, so its times have no unit",
            ),
            (
                TEXT.replace(rate, "samplerate=0 Hz\n"),
                "a sample rate of 0, so its times have no unit",
            ),
            (
                TEXT.replace(rate, "samplerate=fast\n"),
                "'fast' is no sample rate",
            ),
            (
                TEXT.replace(size, "unitsize=x\n"),
                "'x' is no size of a sample",
            ),
            (
                TEXT.replace(size, "unitsize=0\n"),
                "samples of 0 bytes: 1 to 8 can be read",
            ),
            (
                TEXT.replace(size, "unitsize=9\n"),
                "samples of 9 bytes: 1 to 8 can be read",
            ),
            (
                TEXT.replace(size, "unitsize=1\n"),
                "probe10 is not in samples of 8 bits",
            ),
            (
                format!("{TEXT}[device 2]\ncapturefile=logic-2\n"),
                "the samples of more than one device",
            ),
        ] {
            assert_eq!(Metadata::parse(&text), Err(cause.into()));
        }
    }

    #[test]
    fn a_rate_gives_an_exact_period() {
        for (rate, fraction) in [
            ("24 MHz", (1, 24_000_000)),
            ("1 Hz", (1, 1)),
            ("200 kHz", (1, 200_000)),
            ("12.5 MHz", (1, 12_500_000)),
            ("0.5 Hz", (2, 1)),
            ("1000000", (1, 1_000_000)),
            ("1.000000001 GHz", (1, 1_000_000_001)),
        ] {
            assert_eq!(period(rate).map(TimeUnit::fraction), Ok(fraction), "{rate}");
        }
        for rate in [
            "",
            ".",
            "1..5 MHz",
            "-1 Hz",
            "1 Mhzz",
            "99999999999999999999 Hz",
            "20000000000 GHz",
        ] {
            assert!(period(rate).is_err(), "{rate}");
        }
    }

    #[test]
    fn a_name_is_one_that_a_vcd_can_have() {
        assert_eq!(name("\\s a\\tb \\\\ "), "a b \\");
        assert_eq!(name("a $end"), "a _end");
        assert_eq!(name("D [3]"), "D[3]");
    }
}
