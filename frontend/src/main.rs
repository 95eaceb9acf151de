//! The client in the browser.

fn main() {}
