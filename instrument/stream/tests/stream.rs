//! What a board sends, a host reads: whole, cut, damaged, and after a reset.

mod common;

use common::{EDGES_MAX, Given, HEAD, Host, Stream, random};
use edgepipe_stream::{Cause, Decoder, Encoder, Error, Event, FRAME_MAX, Head, LINES_MAX, Point};

fn short_stream(seed: u64) -> Stream {
    Stream::of(HEAD, &random(&mut fastrand::Rng::with_seed(seed), 150))
}

#[test]
fn random_streams_are_read_whole_in_pieces_of_any_size() {
    for seed in 0..200 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let stream = [Stream::of(HEAD, &random(&mut rng, 2_000))];
        let mut host = Host::new(&stream);
        let mut rest = &stream[0].bytes[..];
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rng.usize(1..=rest.len().min(300)));
            host.hear(piece);
            rest = after;
        }
        let heard = host.hear(&[]);
        let lost = stream[0].edges.iter().filter(|edge| edge.is_none()).count();
        assert_eq!((heard.heads, heard.restarts), (1, 0));
        assert_eq!(heard.number, stream[0].edges.len());
        assert_eq!((heard.lost_by_board, heard.lost_on_line), (lost as u64, 0));
        assert!(!host.in_doubt());
    }
}

#[test]
fn every_damaged_byte_costs_a_frame_at_most_and_is_counted() {
    let stream = [short_stream(1)];
    let total = stream[0].edges.len();
    for place in 0..stream[0].bytes.len() {
        for flip in 1..=255 {
            let mut bytes = stream[0].bytes.clone();
            bytes[place] ^= flip;
            let mut host = Host::new(&stream);
            let heard = host.hear(&bytes);
            // The end of a frame may become another byte, and then two frames are one.
            assert!(
                heard.lost_on_line <= 2 * EDGES_MAX as u64,
                "byte {place} ^ {flip}"
            );
            if heard.heads > 0 {
                assert!(
                    heard.number == total || host.in_doubt(),
                    "byte {place} ^ {flip}"
                );
            }
        }
    }
}

#[test]
fn every_cut_of_a_stream_is_read_up_to_the_cut_and_from_there_on() {
    let stream = [short_stream(2)];
    let bytes = &stream[0].bytes;
    for cut in 0..bytes.len() {
        let mut host = Host::new(&stream);
        host.hear(&bytes[..cut]);
        let in_frame = bytes[..cut].last().is_some_and(|last| *last != 0);
        assert_eq!(host.in_doubt(), in_frame);
        // A host that joins late, at the next head.
        let mut host = Host::new(&stream);
        let heard = host.hear(&bytes[cut..]);
        assert!(heard.heads == 0 || heard.number == stream[0].edges.len());
    }
}

#[test]
fn what_is_cut_out_of_a_stream_is_counted() {
    let stream = [short_stream(3)];
    let bytes = &stream[0].bytes;
    let end = bytes.len() - 1;
    let last_frame = bytes[..end].iter().rposition(|byte| *byte == 0).unwrap();
    for from in (0..last_frame).step_by(3) {
        for to in (from..last_frame).step_by(7) {
            let mut host = Host::new(&stream);
            let heard = host.hear(&[&bytes[..from], &bytes[to..]].concat());
            let all = heard.number == stream[0].edges.len();
            assert!(heard.heads == 0 || all || host.in_doubt(), "{from} to {to}");
        }
    }
}

#[test]
fn a_reset_of_the_device_is_told_wherever_it_happens() {
    let first = short_stream(4);
    let second = Head { session: 7, ..HEAD };
    let second = Stream::of(second, &random(&mut fastrand::Rng::with_seed(5), 300));
    let total = second.edges.len();
    for cut in 0..first.bytes.len() {
        let sessions = [first.clone(), second.clone()];
        let mut host = Host::new(&sessions);
        // The first session is not joined before its head and names have come.
        if host.hear(&first.bytes[..cut]).heads == 0 {
            continue;
        }
        let heard = host.hear(&second.bytes);
        assert_eq!((heard.restarts, heard.number), (1, total));
        assert_eq!(heard.lost_on_line, 0);
    }
}

#[test]
fn a_reset_is_told_when_the_first_head_was_lost_and_what_came_before_the_next_is_a_loss() {
    let first = short_stream(4);
    let second = Head { session: 7, ..HEAD };
    let given: Vec<_> = (1..40)
        .flat_map(|n| {
            [
                Given::Edge(n * 99_000, 1, n % 2 == 1),
                Given::Tick(n * 100_000),
            ]
        })
        .collect();
    let second = Stream::of(second, &given);
    let sessions = [first, second];
    let mut host = Host::new(&sessions);
    host.hear(&sessions[0].bytes);
    let mut damaged = sessions[1].bytes.clone();
    damaged[5] ^= 1;
    let heard = host.hear(&damaged);
    assert_eq!((heard.restarts, heard.number), (1, 39));
    assert!((9..=11).contains(&heard.lost_on_line), "{heard:?}");
}

#[test]
fn a_device_that_starts_again_with_the_same_number_is_noticed_if_it_counts_less() {
    let sessions = [short_stream(6), short_stream(6)];
    let mut host = Host::new(&sessions);
    host.hear(&sessions[0].bytes);
    let heard = host.hear(&sessions[1].bytes);
    assert_eq!((heard.restarts, heard.number), (1, sessions[1].edges.len()));
}

#[test]
fn garbage_before_and_between_frames_is_skipped() {
    let stream = [short_stream(8)];
    let ends = stream[0]
        .bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == 0);
    for (end, _) in ends {
        let (before, after) = stream[0].bytes.split_at(end + 1);
        for garbage in [
            &b"*** Booting Zephyr OS ***\r\n"[..],
            &[0xff; 1_000],
            &[0; 9],
            &[1, 2, 3],
        ] {
            let mut host = Host::new(&stream);
            let heard = host.hear(&[before, garbage, &[0], after].concat());
            if heard.heads > 0 && end > 100 {
                assert_eq!(heard.number, stream[0].edges.len());
                assert_eq!(heard.lost_on_line, 0);
            }
        }
    }
}

#[test]
fn random_bytes_tell_nothing() {
    let mut rng = fastrand::Rng::with_seed(9);
    let mut decoder = Decoder::new();
    for _ in 0..2_000 {
        let bytes: Vec<u8> = (0..500).map(|_| rng.u8(..) % 64).collect();
        decoder.decode(&bytes, |event| panic!("{event:?}"));
    }
    assert!(decoder.refused() > 10_000);
}

#[test]
fn an_encoder_refuses_what_it_has_no_room_for_and_takes_it_later() {
    let mut encoder = Encoder::new(HEAD, 0, 0).unwrap();
    assert!(!encoder.has_room(), "the head goes first");
    while encoder.has_output() {
        encoder.transmit(&mut [0; 7]);
    }
    let mut taken = 0;
    while encoder.has_room() {
        encoder.edge(taken, 0, true).unwrap();
        taken += 1;
    }
    // The frame that is being filled may still have room for some.
    while encoder.edge(taken, 0, true).is_ok() {
        taken += 1;
    }
    assert_eq!(encoder.edge(taken, 0, true), Err(Error::Full));
    assert_eq!(encoder.gap(1, 0), Err(Error::Full));
    assert!((200..=3 * EDGES_MAX as u64).contains(&taken), "{taken}");
    let mut bytes = [0; 3 * FRAME_MAX];
    encoder.flush();
    encoder.transmit(&mut bytes);
    assert!(encoder.has_room() && !encoder.has_output());
    encoder.gap(1, 0).unwrap();
    encoder.edge(taken, 0, true).unwrap();
}

#[test]
fn room_stays_whatever_is_transmitted_or_ticks_in_between() {
    for seed in 0..300 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut encoder = Encoder::new(HEAD, 0, 0).unwrap();
        for now in 0..1_000 {
            if encoder.has_room() {
                for _ in 0..rng.u8(..4) {
                    encoder.tick(now * 90_000);
                    encoder.transmit(&mut vec![0; rng.usize(..200)]);
                }
                encoder.gap(1, 1).unwrap();
                encoder.edge(now, 2, true).unwrap();
            } else {
                encoder.transmit(&mut [0; 10]);
            }
        }
    }
}

#[test]
fn edges_that_go_back_in_time_are_read_as_they_were_given() {
    let given = [500, 900, 300, 301, 0, u64::MAX, u64::MAX, 5, 1 << 60]
        .map(|ticks| Given::Edge(ticks, 4, true));
    let stream = Stream::of(HEAD, &given);
    let mut ticks = Vec::new();
    Decoder::new().decode(&stream.bytes, |event| {
        if let Event::Edge { ticks: at, .. } = event {
            ticks.push(at);
        }
    });
    assert_eq!(
        ticks,
        [500, 900, 300, 301, 0, u64::MAX, u64::MAX, 5, 1 << 60]
    );
}

#[test]
fn a_quiet_device_tells_that_it_lives_and_repeats_its_head() {
    let given: Vec<_> = (1..=40).map(|n| Given::Tick(n * 100_000)).collect();
    let stream = Stream::of(HEAD, &given);
    let mut alive = Vec::new();
    Decoder::new().decode(&stream.bytes, |event| {
        if let Event::Alive { ticks } = event {
            alive.push(ticks);
        }
    });
    alive.dedup();
    let expected: Vec<u64> = (1..=13).map(|n| n * 300_000).collect();
    assert_eq!(alive, expected);
    let heads = stream.bytes.windows(HEAD.device.len());
    assert_eq!(
        heads.filter(|text| *text == HEAD.device.as_bytes()).count(),
        5
    );
}

#[test]
fn a_loss_at_the_end_is_told_without_an_edge_after_it() {
    let stream = Stream::of(
        HEAD,
        &[Given::Edge(10, 0, true), Given::Gap(4, 3), Given::Tick(90)],
    );
    let mut losses = Vec::new();
    Decoder::new().decode(&stream.bytes, |event| {
        if let Event::Loss { .. } = event {
            losses.push(format!("{event:?}"));
        }
    });
    let told = Event::Loss {
        lost: 4,
        levels: 3,
        until: 90,
        cause: Cause::Board,
    };
    assert_eq!(losses, [format!("{told:?}")]);
}

#[test]
fn a_head_has_up_to_32_lines_and_long_names_are_cut() {
    let names: Vec<String> = (0..LINES_MAX)
        .map(|n| format!("a line with a long näme {n}"))
        .collect();
    let lines: Vec<&str> = names.iter().map(String::as_str).collect();
    let head = Head {
        lines: &lines,
        ..HEAD
    };
    let stream = Stream::of(head, &[Given::Edge(1, 31, true)]);
    let mut told = 0;
    Decoder::new().decode(&stream.bytes, |event| {
        if let Event::Head(head, at) = event {
            assert_eq!(
                (head.session, head.rate_hz, head.device),
                (HEAD.session, 1_000_000, "test device")
            );
            assert_eq!(at, Point::default());
            assert_eq!(head.lines, ["a line with a long näme"; LINES_MAX]);
            told += 1;
        }
    });
    assert_eq!(told, 1);
    for lines in [&[][..], &["x"; 33]] {
        assert_eq!(
            Encoder::new(Head { lines, ..HEAD }, 0, 0).err(),
            Some(Error::Head)
        );
    }
    assert_eq!(
        Encoder::new(Head { rate_hz: 0, ..HEAD }, 0, 0).err(),
        Some(Error::Head)
    );
    assert_eq!(
        Encoder::new(HEAD, 0, 0).unwrap().edge(0, 5, true),
        Err(Error::NoSuchLine)
    );
}

/// A frame of a session with this kind and these fields.
fn frame(session: u32, content: &[u8]) -> Vec<u8> {
    let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let mut digest = crc.digest_with_initial(!session);
    digest.update(content);
    let whole = [content, &digest.finalize().to_le_bytes()].concat();
    let mut bytes = vec![0; FRAME_MAX];
    let len = cobs::encode(&whole, &mut bytes);
    bytes.truncate(len + 1);
    bytes
}

/// What a stream of two lines tells, apart from the head.
fn told(frames: &[Vec<u8>]) -> Vec<String> {
    let lines = &["A", "B"];
    let head = Head {
        session: 300,
        rate_hz: 1_000,
        device: "x",
        lines,
    };
    let mut bytes = vec![0; FRAME_MAX];
    let mut encoder = Encoder::new(head, 1_000, 0b10).unwrap();
    let len = encoder.transmit(&mut bytes);
    bytes.truncate(len);
    // Session, rate and time are of two bytes, the low seven bits first.
    let head = [
        b"H\x01\x02".as_slice(),
        &[0xac, 2, 0xe8, 7, 0, 0xe8, 7, 0b10],
        b"\x01x",
    ]
    .concat();
    let names = b"N\x00\x01A\x01B".as_slice();
    assert_eq!(
        bytes,
        [vec![0], frame(0, &head), frame(300, names)].concat()
    );
    bytes.extend(frames.concat());
    let mut told = Vec::new();
    Decoder::new().decode(&bytes, |event| told.push(format!("{event:?}")));
    told.split_off(1)
}

#[test]
fn frames_are_as_documented() {
    let lines = &["A", "B"];
    let head = Head {
        session: 300,
        rate_hz: 1_000,
        device: "x",
        lines,
    };
    let mut encoder = Encoder::new(head, 1_000, 0b10).unwrap();
    encoder.transmit(&mut [0; 200]);
    encoder.edge(1_001, 0, true).unwrap();
    encoder.edge(1_101, 1, false).unwrap();
    encoder.flush();
    let mut bytes = vec![0; FRAME_MAX];
    let len = encoder.transmit(&mut bytes);
    // No loss; no edge before, tick 1001, levels; line 0 to high; 100 ticks later, line 1 to low.
    let edges = [b'E', 0, 0, 0xe9, 7, 0b10, 0b01, 0x92, 3];
    assert_eq!(bytes[..len], frame(300, &edges));
    let edge = |ticks, line, high| format!("{:?}", Event::Edge { ticks, line, high });
    let expected = [edge(1_001, 0, true), edge(1_101, 1, false)];
    assert_eq!(told(&[frame(300, &edges)]), expected);
}

#[test]
fn a_frame_that_makes_no_sense_tells_nothing() {
    let good = [b'E', 0, 0, 0xe9, 7, 0b10, 0b01];
    for (fields, wrong) in [
        (&[0, 0, 1, 0, 1, 0x80][..], "a number without an end"),
        (
            &[
                0, 0, 1, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
            ],
            "a number of more than 64 bits",
        ),
        (&[0, 0, 1], "no levels"),
        (&[1, 0, 1, 0, 1], "more edges were lost than there were"),
        (
            &[0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0x7f],
            "levels of more than 32 lines",
        ),
    ] {
        let bad = [b"E".as_slice(), fields].concat();
        assert_eq!(
            told(&[frame(300, &bad), frame(300, &good)]).len(),
            1,
            "{wrong}"
        );
    }
    for kind in [
        b"X".as_slice(),
        b"",
        b"N\xff",
        b"N\x00\x02\xff\xff",
        b"H",
        b"H\x01",
    ] {
        assert_eq!(told(&[frame(300, kind), frame(0, kind)]), [""; 0]);
    }
}

#[test]
fn an_edge_of_no_line_spoils_its_frame() {
    let lines = &["A", "B", "C"];
    let head = Head {
        session: 300,
        rate_hz: 1_000,
        device: "x",
        lines,
    };
    let mut encoder = Encoder::new(head, 0, 0).unwrap();
    let mut bytes = vec![0; FRAME_MAX];
    let len = encoder.transmit(&mut bytes);
    bytes.truncate(len);
    // Line 0 to high; then line 3, of 0 to 2, to high.
    bytes.extend(frame(300, &[b'E', 0, 0, 1, 0, 0b001, 0b111]));
    let mut told = 0;
    let mut decoder = Decoder::new();
    decoder.decode(&bytes, |_| told += 1);
    assert_eq!((told, decoder.refused()), (1, 1), "only the head");
}

#[test]
fn a_frame_that_comes_twice_is_told_once() {
    let stream = [short_stream(8)];
    let mut host = Host::new(&stream);
    let frames = stream[0].bytes.split_inclusive(|byte| *byte == 0);
    let twice: Vec<u8> = frames.flat_map(|frame| [frame, frame].concat()).collect();
    let heard = host.hear(&twice);
    assert_eq!(heard.number, stream[0].edges.len());
    assert_eq!((heard.restarts, heard.lost_on_line), (0, 0));
}

#[test]
fn edges_wait_until_the_head_was_sent() {
    let mut encoder = Encoder::new(HEAD, 0, 0).unwrap();
    let mut taken = 0;
    while encoder.edge(taken, 0, true).is_ok() {
        taken += 1;
    }
    assert!(
        (50..=EDGES_MAX as u64).contains(&taken),
        "one frame: {taken}"
    );
    encoder.flush();
    let mut bytes = [0; 3 * FRAME_MAX];
    let len = encoder.transmit(&mut bytes);
    let mut edges = 0;
    Decoder::new().decode(&bytes[..len], |event| {
        edges += u64::from(matches!(event, Event::Edge { .. }))
    });
    assert_eq!(edges, taken);
}

#[test]
fn an_encoder_is_small() {
    assert!(
        size_of::<Encoder>() <= 600,
        "{} bytes",
        size_of::<Encoder>()
    );
}

#[test]
fn another_version_is_told() {
    let mut told = Vec::new();
    Decoder::new().decode(&frame(0, &[b'H', 9]), |event| {
        told.push(format!("{event:?}"))
    });
    assert_eq!(told, ["Version(9)"]);
}
