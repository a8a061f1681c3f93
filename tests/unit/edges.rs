//! Tests of the ways to read edges that C uses, in src/reader/edges.rs.

use zephyr::time::NoWait;

use crate::channel::Inlet;
use crate::record::{self, Record};
use crate::{Config, EdgeDevice, Error, Level, Line};

#[test]
fn c_decodes_records_as_it_reads_them_and_afterwards() {
    static DEVICE: EdgeDevice<64> = EdgeDevice::new();
    zephyr::sim::run(|| {
        let lines = [Line::new(zephyr::sim::gpio(0), 3, 0)];
        let (_capture, reader) = DEVICE
            .open(&lines, Config::DEFAULT)
            .expect("they are right");
        let weak = reader.weak();
        let inlet = Inlet::new(weak.channel());
        for edge in 1..=40 {
            assert!(inlet.begin().push(record::line_and_level(0, edge % 2 == 1)));
        }
        let mut sequences = [0; 36];
        let read = weak.read_decoded(36, NoWait.into(), |index, bytes| match Record::of(bytes) {
            Record::Edge { sequence, .. } => {
                sequences[index] = sequence;
                true
            }
            Record::Gap { .. } => false,
        });
        assert_eq!(read, Ok(36));
        assert!(sequences.into_iter().eq(1..=36));

        let mut bytes = reader.into_bytes();
        let mut records = [[0; 8]; 8];
        assert_eq!(bytes.try_read(records.as_flattened_mut()), Ok(32));
        for (record, number) in records.into_iter().zip(37..=40) {
            let edge = bytes.decode(record).expect("the reader exists");
            let edge = edge.expect("it is no gap record");
            assert_eq!((edge.line, edge.sequence), (0, number));
            assert_eq!(edge.level, Level::from(number % 2 == 1));
        }
        let read = weak.read_decoded(36, NoWait.into(), |_, _| false);
        assert_eq!(read, Err(Error::TIMED_OUT));
    });
}
