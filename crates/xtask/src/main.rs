//! run, test, check, e2e, bench and dist.

fn main() {}
