//! From one device to several clients.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

use edgepipe_stream::{Event, Head, Point};

use crate::live::sampler::Step;
use crate::live::timeline::Timeline;

/// Steps that may wait for a client.
const STEPS_MAX: usize = 1 << 16;

/// Passes on what a device tells. Nobody waits for a client: one that is too slow loses steps, and is told so.
#[derive(Debug)]
pub(super) struct Hub(Mutex<State>);

#[derive(Debug)]
struct State {
    timeline: Timeline,
    levels: u32,
    listeners: Vec<Listener>,
}

#[derive(Debug)]
struct Listener {
    steps: SyncSender<Step>,
    /// It has lost steps.
    behind: bool,
}

impl Hub {
    pub(super) fn new(head: Head<'_>, at: Point) -> Self {
        Self(Mutex::new(State {
            timeline: Timeline::begin(&head, at),
            levels: at.levels,
            listeners: Vec::new(),
        }))
    }

    pub(super) fn take(&self, event: Event<'_>) {
        self.lock().take(event);
    }

    /// The steps from now on, the present one, and the ticks of a second.
    pub(super) fn listen(&self) -> (Receiver<Step>, Step, u32) {
        let mut state = self.lock();
        let (steps, receiver) = sync_channel(STEPS_MAX);
        state.listeners.push(Listener {
            steps,
            behind: false,
        });
        let now = Step {
            time: state.timeline.now(),
            levels: state.levels,
            lost: false,
        };
        (receiver, now, state.timeline.rate_hz())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, event: Event<'_>) {
        let (time, lost) = match event {
            Event::Head(_, at) => {
                self.levels = at.levels;
                (self.timeline.restart(at), true)
            }
            Event::Edge { ticks, line, high } => {
                let bit = 1_u32.checked_shl(line.into()).unwrap_or(0);
                self.levels = if high {
                    self.levels | bit
                } else {
                    self.levels & !bit
                };
                (self.timeline.reach(ticks), false)
            }
            Event::Loss { levels, until, .. } => {
                self.levels = levels;
                (self.timeline.reach(until), true)
            }
            Event::Alive { ticks } => (self.timeline.reach(ticks), false),
            Event::Restart | Event::Version(_) => return,
        };
        let levels = self.levels;
        self.listeners.retain_mut(|listener| {
            let step = Step {
                time,
                levels,
                lost: lost || listener.behind,
            };
            let sent = listener.steps.try_send(step);
            listener.behind = matches!(sent, Err(TrySendError::Full(_)));
            !matches!(sent, Err(TrySendError::Disconnected(_)))
        });
    }
}
