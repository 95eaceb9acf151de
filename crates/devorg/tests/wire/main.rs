//! The org as others meet it: over HTTP, by its own addresses.

mod control;
mod protocol;
mod world;
