//! The org as others meet it: over HTTP, by its own addresses.

#[cfg(test)]
mod control;
#[cfg(test)]
mod federation;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod world;
