//! What the documents say can be done: their C compiles, and their links lead somewhere.
//!
//! Their Rust is compiled as documentation tests, see `src/lib.rs`. On Zephyr, `tests/zephyr/snippets` compiles and
//! runs the same snippets.

#[path = "documents/links.rs"]
mod links;
#[path = "documents/markdown.rs"]
mod markdown;
#[path = "documents/snippets.rs"]
mod snippets;
