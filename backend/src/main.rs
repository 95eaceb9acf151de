//! The sign-in server as a program.

fn main() {}
