//! Progress on stderr: one line for each step. Results go to stdout.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Shows the start of a step. The line stays on the screen.
pub fn step(area: &str, what: &str) {
    eprintln!("{area:>12}  {what}");
}

/// A step whose own output is captured: its last line is shown while it runs and cleared when it ends.
pub struct Progress {
    area: String,
    what: String,
    started: Instant,
    shown_at: Instant,
    terminal: bool,
}

impl Progress {
    /// Starts the step. Without a terminal its line appears now, and once more at the end.
    pub fn start(area: &str, what: &str) -> Self {
        let now = Instant::now();
        let terminal = io::stderr().is_terminal();
        if terminal {
            // A parallel step may have written on this line; it redraws its own text.
            eprint!("\r\x1b[K{area:>12}  {what} …");
        } else {
            eprintln!("{area:>12}  {what} …");
        }
        Self { area: area.to_owned(), what: what.to_owned(), started: now, shown_at: now, terminal }
    }

    /// Shows a line of the step's output: at most ten times a second on a terminal, every 30 s elsewhere.
    pub fn show(&mut self, line: &str) {
        let now = Instant::now();
        let (interval_ms, worth_showing) =
            if self.terminal { (100, !line.trim().is_empty()) } else { (30_000, true) };
        if !worth_showing || now.duration_since(self.shown_at) < Duration::from_millis(interval_ms) {
            return;
        }
        self.shown_at = now;
        if self.terminal {
            eprint!("\r\x1b[K{:>12}  {} … {}", self.area, self.what, shortened(line, 60));
            // A failed flush only delays the line.
            let _ = io::stderr().flush();
        } else {
            eprintln!("{:>12}  {} … {} s", self.area, self.what, self.started.elapsed().as_secs());
        }
    }

    /// Ends the step with its result and returns how long it took.
    pub fn end(self, result: &str) -> Duration {
        let took = self.started.elapsed();
        let clear = if self.terminal { "\r\x1b[K" } else { "" };
        eprintln!("{clear}{:>12}  {}: {result} in {:.1} s", self.area, self.what, took.as_secs_f64());
        took
    }
}

/// A line cut to `max` characters, without escape sequences and without what a carriage return overwrites.
fn shortened(line: &str, max: usize) -> String {
    let mut short = String::new();
    let mut escaped = false;
    for character in line.trim().chars() {
        match character {
            '\x1b' => escaped = true,
            _ if escaped => escaped = !character.is_ascii_alphabetic(),
            _ if character.is_control() => short.clear(),
            _ => short.push(character),
        }
    }
    match short.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", short.get(..end).unwrap_or_default()),
        None => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_and_its_colours_are_removed() {
        assert_eq!(shortened("\x1b[1m\x1b[32m Compiling\x1b[0m serde", 60), " Compiling serde");
        assert_eq!(shortened("abcdef", 3), "abc…");
    }

    #[test]
    fn only_what_follows_the_last_carriage_return_counts() {
        assert_eq!(shortened("10 %\r20 %", 60), "20 %");
    }
}
