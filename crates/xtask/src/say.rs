//! What a person sees while we work: one line a step, on stderr; answers go to stdout.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Says what is done now. It stays on the screen.
pub(crate) fn step(room: &str, what: &str) {
    eprintln!("{room:>12}  {what}");
}

/// A step whose own output is kept back: its last line is shown while it works, and goes when it ends.
pub(crate) struct Progress {
    room: String,
    what: String,
    started: Instant,
    shown: Instant,
    terminal: bool,
}

impl Progress {
    /// Starts the step. Without a terminal its line appears now, and once more at the end.
    pub(crate) fn start(room: &str, what: &str) -> Self {
        let now = Instant::now();
        let terminal = io::stderr().is_terminal();
        if terminal {
            // What another step shows meanwhile is on this line, and shows itself again.
            eprint!("\r\x1b[K{room:>12}  {what} …");
        } else {
            eprintln!("{room:>12}  {what} …");
        }
        Self { room: room.to_owned(), what: what.to_owned(), started: now, shown: now, terminal }
    }

    /// Shows what the step says of itself, ten times a second at most.
    pub(crate) fn show(&mut self, line: &str) {
        let now = Instant::now();
        let (pause, worth) = if self.terminal { (100, !line.trim().is_empty()) } else { (30_000, true) };
        if !worth || now.duration_since(self.shown) < Duration::from_millis(pause) {
            return;
        }
        self.shown = now;
        if self.terminal {
            eprint!("\r\x1b[K{:>12}  {} … {}", self.room, self.what, shortened(line, 60));
            // Nothing is lost when the screen cannot be flushed.
            let _ = io::stderr().flush();
        } else {
            eprintln!("{:>12}  {} … {} s", self.room, self.what, self.started.elapsed().as_secs());
        }
    }

    /// Ends the step with how it went, and tells how long it took.
    pub(crate) fn end(self, how: &str) -> Duration {
        let took = self.started.elapsed();
        let clear = if self.terminal { "\r\x1b[K" } else { "" };
        eprintln!("{clear}{:>12}  {}: {how} in {:.1} s", self.room, self.what, took.as_secs_f64());
        took
    }
}

/// A line cut to what fits, without the escape sequences and carriage returns of other people's progress.
fn shortened(line: &str, most: usize) -> String {
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
    match short.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", short.get(..end).unwrap_or_default()),
        None => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_and_its_colours_are_left_out() {
        assert_eq!(shortened("\x1b[1m\x1b[32m Compiling\x1b[0m serde", 60), " Compiling serde");
        assert_eq!(shortened("abcdef", 3), "abc…");
    }

    #[test]
    fn only_what_follows_the_last_carriage_return_counts() {
        assert_eq!(shortened("10 %\r20 %", 60), "20 %");
    }
}
