//! Comparison in constant time.

/// Whether two texts are equal. The time it takes does not depend on where they differ.
pub(crate) fn equal(one: &str, other: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}
