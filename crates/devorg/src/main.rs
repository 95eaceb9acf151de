//! The dev org as a program.

fn main() {}
