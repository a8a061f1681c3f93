//! The trigger of a line.

/// Which edges of a line are captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// Rising and falling edges.
    // Not 0, so that 0 means "no handler": then a device that is not open is all zero, and takes no flash.
    #[default]
    Both = 1,
    /// Edges to the active level only.
    Rising,
    /// Edges to the inactive level only.
    Falling,
}

impl Trigger {
    /// Whether an edge to `high` is captured.
    pub(crate) const fn is_for(self, high: bool) -> bool {
        match self {
            Self::Both => true,
            Self::Rising => high,
            Self::Falling => !high,
        }
    }
}
