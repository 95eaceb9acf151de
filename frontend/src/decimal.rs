//! Decimal numbers as people write them. The standard library's exact conversion adds 20 KB of tables.

/// The typed number: digits, with an optional sign and an optional point.
pub(crate) fn read(words: &str) -> Option<f64> {
    let (sign, digits) = match words.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, words),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let number = |digits: &str| digits.parse::<u32>().ok().filter(|_| !digits.starts_with('+'));
    let scale = (0..part.len()).fold(1.0, |scale, _| scale * 10.0);
    Some(sign * (f64::from(number(whole)?) + f64::from(number(part)?) / scale))
}

/// A number as text, to six places; `None` for NaN and for numbers too large for a form.
pub(crate) fn words(number: f64) -> Option<String> {
    let (sign, size) = if number < 0.0 { ("-", -number) } else { ("", number) };
    if size.is_nan() || size >= 1e12 {
        return None;
    }
    let scaled = (size * 1e6 + 0.5) as u64;
    let (whole, part) = (scaled / 1_000_000, scaled % 1_000_000);
    let words = format!("{sign}{whole}.{part:06}");
    Some(words.trim_end_matches('0').trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_are_read() {
        for (words, number) in
            [("0", 0.0), ("42", 42.0), ("-7", -7.0), ("2.5", 2.5), ("0.125", 0.125), ("-10.75", -10.75)]
        {
            assert_eq!(read(words), Some(number), "{words}");
        }
    }

    #[test]
    fn other_text_is_no_number() {
        for words in ["", "-", ".", "1.", ".5", "1e3", "1,5", "+1", "1.+2", "nan", "99999999999"] {
            assert_eq!(read(words), None, "{words}");
        }
    }

    #[test]
    fn a_number_is_written_as_it_was_read() {
        for written in ["0", "42", "-7", "2.5", "0.125", "-10.75"] {
            assert_eq!(read(written).and_then(words).as_deref(), Some(written));
        }
        assert_eq!(words(f64::NAN), None);
        assert_eq!(words(f64::INFINITY), None);
    }
}
