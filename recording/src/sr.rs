//! Recordings as samples: the `.sr` of sigrok and PulseView.
//!
//! It is a zip. `metadata` says what the samples are, `logic-1-1`, `logic-1-2` and so on, or `logic-1` alone, hold them.
//!
//! - [`archive`] reads the entries of the zip;
//! - [`metadata`] reads the text;
//! - [`samples`] finds the changes.

mod archive;
mod metadata;
mod samples;

pub(crate) use samples::Samples;
