//! Records: any eight bytes are decoded, or refused.
//!
//! This is a second implementation of the table in `edgepipe::record`.

use edgepipe::{
    Error, Level,
    record::{GAP_LOST_MAX, Record},
};

/// Checks how `Record::decode` decodes the first eight bytes of `data`; there may be more.
pub fn check(data: &[u8]) {
    let Some(bytes) = data.first_chunk() else {
        return;
    };
    let word = u64::from_le_bytes(*bytes);
    let decoded = Record::decode(*bytes);
    match field(word, 54, 2) {
        0 => {
            let Ok(Record::Edge { cycles, .. }) = decoded else {
                panic!("{word:#x} is an edge: {decoded:?}");
            };
            check_edge(word, cycles, decoded);
        }
        1 => {
            let gap = Record::Gap {
                lost: (field(word, 32, 16) | field(word, 56, 8) << 16) as u32,
                levels: field(word, 0, 32) as u32,
            };
            assert_eq!(decoded, Ok(gap));
        }
        _ => assert_eq!(decoded, Err(Error::INVALID_INPUT)),
    }
    if let Ok(record) = decoded {
        assert_eq!(Record::decode(encode(record)), decoded);
    }
}

/// Every field is right, and the half wraps are those at the edge or just before.
fn check_edge(word: u64, cycles: u64, decoded: Result<Record, Error>) {
    let edge = Record::Edge {
        cycles,
        line: field(word, 48, 5) as u8,
        level: Level::from(field(word, 53, 1) == 1),
        sequence: field(word, 56, 8) as u8,
    };
    assert_eq!(decoded, Ok(edge));
    assert_eq!(field(cycles, 0, 32), field(word, 0, 32), "{word:#x}");
    let (now, looked) = ((cycles >> 31) as u16, field(word, 32, 16) as u16);
    assert!(now.wrapping_sub(looked) <= 1, "{word:#x}: {cycles:#x}");
}

/// The bytes of a record whose half wraps were counted exactly at the edge.
fn encode(record: Record) -> [u8; 8] {
    let word = match record {
        Record::Edge {
            cycles,
            line,
            level,
            sequence,
        } => {
            let half_wraps = field(cycles, 31, 16);
            let upper = half_wraps << 32 | u64::from(line) << 48 | u64::from(sequence) << 56;
            field(cycles, 0, 32) | upper | u64::from(bool::from(level)) << 53
        }
        Record::Gap { lost, levels } => {
            assert!(lost <= GAP_LOST_MAX);
            let lost = u64::from(lost);
            u64::from(levels) | field(lost, 0, 16) << 32 | 1 << 54 | lost >> 16 << 56
        }
    };
    word.to_le_bytes()
}

/// `bits` bits of `word`, from bit `from` on.
fn field(word: u64, from: u32, bits: u32) -> u64 {
    word >> from & ((1 << bits) - 1)
}
