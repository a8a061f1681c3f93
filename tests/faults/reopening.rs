//! A device that is opened and closed again and again, while edges arrive and threads wait.

use edgepipe::{Edge, Error, Event, PollSet, Token, Wake};
use zephyr::sim::{self, Thread};
use zephyr::time::Forever;

use crate::explore::{Bench, sample, twin, watch};
use crate::support::{check_recovered, sleep_ticks};

const ROUNDS: u64 = 12;

#[test]
fn opening_and_closing_under_load_loses_nobody_and_leaves_nothing_behind() {
    static SET: PollSet<1> = PollSet::new();
    let bench = Bench::on(0);
    sample(10, move || {
        for round in 0..ROUNDS {
            // The edges of the round before go on until here.
            let (capture, reader, seen) = bench.open(4, 2);
            assert_eq!(seen.ledger().delivered, 0, "new books");
            watch([&seen]);
            let poller = SET.open().expect("the poller of the round before is gone");
            poller.register(&reader, Token(7)).unwrap();
            bench.edges.start(200, 3);

            let threads = [
                sim::spawn("reader", 0, {
                    let mut reader = twin(&reader);
                    move || while reader.read_edges(&mut [Edge::default(); 3]) != Ok(0) {}
                }),
                sim::spawn("waiter", 1, {
                    let reader = twin(&reader);
                    move || {
                        // Once the reader has come to the end, there is nothing more to wait for.
                        while !matches!(
                            reader.wait_ready(Forever),
                            Ok(Wake::Closed) | Err(Error::CLOSED)
                        ) {
                            sleep_ticks(2);
                        }
                    }
                }),
                sim::spawn("poller", -1, move || {
                    let closed = Event {
                        token: Token(7),
                        wake: Wake::Closed,
                    };
                    while poller.wait(Forever).unwrap() != [closed] {
                        sleep_ticks(2);
                    }
                }),
            ];
            sleep_ticks(7 * round % 23 + 1);
            seen.close(capture);
            threads.iter().for_each(Thread::join);
            let ledger = seen.ledger();
            assert!(ledger.balances() && ledger.pending == 0, "{ledger:?}");
            watch([]);
        }
        bench.edges.stop();
        let (_capture, mut reader, _) = bench.open(4, 2);
        check_recovered(&mut reader, bench.edges.pin());
    });
}
