//! The model of a poller: a list of captures, some of which are ready.

use edgepipe::{Error, Event, Token};

use super::{
    op::Which,
    world::{Waited, World},
};

/// The number of captures that the poller has room for: one less than there are.
pub(super) const PLACES: usize = 2;

#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    pub(super) open: bool,
    registered: Vec<Registration>,
    /// The next wait that finds no event ends at once.
    woken: bool,
}

#[derive(Clone, Copy, Debug)]
struct Registration {
    which: Which,
    /// The number of its reader.
    generation: u32,
    token: Token,
}

impl Set {
    pub(super) fn wake(&mut self) {
        self.woken = self.open;
    }
}

impl World {
    pub(super) fn open_set(&mut self) -> Result<(), Error> {
        if self.set.open {
            return Err(Error::BUSY);
        }
        self.set = Set {
            open: true,
            ..Set::default()
        };
        Ok(())
    }

    pub(super) fn register(&mut self, which: Which, token: Token) -> Result<(), Error> {
        self.forget_the_dropped();
        let generation = self.device(which).generation;
        let registered = &mut self.set.registered;
        if let Some(known) = registered.iter_mut().find(|it| it.which == which) {
            known.token = token;
            return Ok(());
        }
        if registered.len() == PLACES {
            return Err(Error::NO_SPACE);
        }
        registered.push(Registration {
            which,
            generation,
            token,
        });
        Ok(())
    }

    pub(super) fn deregister(&mut self, which: Which) -> Result<(), Error> {
        self.forget_the_dropped();
        let registered = &mut self.set.registered;
        let place = registered.iter().position(|it| it.which == which);
        registered.remove(place.ok_or(Error::INVALID_INPUT)?);
        Ok(())
    }

    fn forget_the_dropped(&mut self) {
        let devices = &self.devices;
        self.set
            .registered
            .retain(|it| devices[it.which as usize].generation == it.generation);
    }

    /// Waits for `ticks`, or for ever. The events are [`in_order`].
    pub(super) fn poll(&mut self, ticks: Option<u64>) -> Waited<Vec<Event>> {
        for it in &self.set.registered {
            self.devices[it.which as usize].left_up += 1;
        }
        self.wait(ticks, |world| {
            world.forget_the_dropped();
            let events = in_order(world.ready_ones().collect());
            let ends = !events.is_empty() || core::mem::take(&mut world.set.woken);
            ends.then_some(events)
        })
    }

    fn ready_ones(&self) -> impl Iterator<Item = Event> {
        self.set.registered.iter().filter_map(|it| {
            let queue = self.devices[it.which as usize].queue.as_ref()?;
            let wake = queue.ready(self.now)?;
            Some(Event {
                token: it.token,
                wake,
            })
        })
    }
}

/// Events are returned in any order; this one is for comparing them. Captures can have the same
/// token.
pub(super) fn in_order(mut events: Vec<Event>) -> Vec<Event> {
    events.sort_by_key(|event| (event.token, event.wake as u8));
    events
}
