//! Several trees, in each of which a thread makes its faults: a build does not keep all processors busy.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The most lanes: each takes a copy of the tree, and a target directory.
const MOST: usize = 4;

/// Makes something for each lane, of its number.
pub(crate) fn each<T>(make: impl Fn(usize) -> Result<T, String>) -> Result<Vec<T>, String> {
    let processors = thread::available_parallelism().map_or(1, Into::into);
    (0..processors.min(MOST)).map(make).collect()
}

/// Does `work` for every item once, in whichever lane is free; a lane ends at its first error.
pub(crate) fn share<L: Sync, T: Sync>(
    lanes: &[L],
    items: &[T],
    work: impl Fn(&L, &T) -> Result<(), String> + Sync,
) -> Result<(), String> {
    let next = AtomicUsize::new(0);
    let run = |lane| {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(lane, item)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = lanes.iter().map(|lane| scope.spawn(|| run(lane))).collect();
        let ended = threads.into_iter().map(|thread| match thread.join() {
            Ok(result) => result,
            Err(_) => Err("a lane has panicked".to_owned()),
        });
        // Every thread is joined before the first error is returned.
        ended.collect::<Vec<_>>().into_iter().collect()
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::share;

    #[test]
    fn every_item_is_done_once_and_an_error_is_returned() {
        let done = Mutex::new(Vec::new());
        let work = |_: &(), item: &u32| {
            done.lock().map_err(|error| error.to_string())?.push(*item);
            if *item == 7 {
                Err("7".to_owned())
            } else {
                Ok(())
            }
        };
        assert_eq!(share(&[(), ()], &[1, 2, 3], work), Ok(()));
        assert_eq!(share(&[(), ()], &[7], work), Err("7".to_owned()));
        let mut done = done.into_inner().expect("no lane has panicked");
        done.sort_unstable();
        assert_eq!(done, [1, 2, 3, 7]);
    }
}
