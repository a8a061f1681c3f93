//! A stimulus in interrupts: one edge of one line in each period.

use edgepipe::{
    Line,
    sys::{
        clock,
        timer::{Expiry, Timer},
    },
};
use edgepipe_app::EmulatedPin;
use zephyr::{sim, sync::SpinMutex};

/// Makes edges on its own pin. It lives for ever, because an interrupt uses it.
pub(crate) struct Edges {
    timer: Timer,
    pin: EmulatedPin,
    plan: SpinMutex<Plan>,
}

struct Plan {
    left: u32,
    high: bool,
    /// In ticks.
    period: u64,
    /// When the timer expires next, in ticks of uptime.
    due: u64,
}

impl Edges {
    /// On pin `pin` of the simulated port.
    pub(crate) fn on(pin: u8) -> &'static Edges {
        Box::leak(Box::new(Edges {
            timer: Timer::new(),
            // SAFETY: the simulated kernel's ports are emulated controllers.
            pin: unsafe { EmulatedPin::new(sim::gpio(0), pin) },
            plan: SpinMutex::new(Plan {
                left: 0,
                high: false,
                period: 0,
                due: 0,
            }),
        }))
    }

    /// The pin.
    pub(crate) fn pin(&self) -> EmulatedPin {
        self.pin
    }

    /// The pin, low, as a line to capture.
    pub(crate) fn low_line(&self) -> Line {
        assert!(self.pin.prepare(false));
        self.pin.line()
    }

    /// Makes `count` edges, the first to high, at each `period`th tick from now.
    pub(crate) fn start(&'static self, count: u32, period: u32) {
        let Ok(mut plan) = self.plan.lock();
        let period = u64::from(period);
        let due = clock::uptime_ticks() + period;
        *plan = Plan {
            left: count,
            high: false,
            period,
            due,
        };
        drop(plan);
        self.timer.init::<Edges>(self);
        self.timer.start_at(due);
    }

    /// Stops making edges.
    pub(crate) fn stop(&'static self) {
        self.timer.stop();
    }

    /// The level of the next edge, if there is one, and the tick of the next expiry.
    fn next(&self) -> Option<(bool, u64)> {
        let Ok(mut plan) = self.plan.lock();
        plan.left = plan.left.checked_sub(1)?;
        plan.high = !plan.high;
        plan.due += plan.period;
        Some((plan.high, plan.due))
    }
}

impl Expiry for Edges {
    type Target = Edges;

    fn expired(edges: &'static Edges) {
        if let Some((high, due)) = edges.next() {
            edges.timer.start_at(due);
            assert!(edges.pin.set(high));
        }
    }
}
