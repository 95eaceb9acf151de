//! A server as a child process: started, ready once it says that it listens, watched until it ends.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::error::Error;
use crate::parent_death;
use crate::process::{self, ProcessGroup};

/// How long a server may take until it listens.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// How many lines of its output are shown when it ends by itself.
const MAX_LINES_SHOWN: usize = 20;

/// A line of output, by its stream.
enum Line {
    Out(String),
    Err(String),
}

/// A running server. Dropping it ends it.
pub struct ServerProcess {
    name: &'static str,
    process: ProcessGroup,
    lines: Receiver<Line>,
    last_lines: VecDeque<String>,
    url: String,
}

impl ServerProcess {
    /// Starts a server and waits until it says that it listens.
    pub fn start(name: &'static str, command: &Command) -> Result<Self, Error> {
        let mut command = parent_death::ending_with_us(command);
        let mut process = process::spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let (sender, lines) = mpsc::channel();
        if let Some(stdout) = process.stdout() {
            forward_lines(stdout, sender.clone(), Line::Out);
        }
        if let Some(stderr) = process.stderr() {
            forward_lines(stderr, sender, Line::Err);
        }
        let mut server = Self { name, process, lines, last_lines: VecDeque::new(), url: String::new() };
        server.wait_until_listening()?;
        Ok(server)
    }

    /// The address at which it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Ends it with SIGKILL.
    pub fn kill(mut self) -> Result<(), Error> {
        self.process.signal(Signal::KILL)?;
        self.process.wait().map(drop)
    }

    /// Prints what it has written to standard error since the last call. An error means that it has ended.
    pub fn check(&mut self) -> Result<(), Error> {
        while let Ok(line) = self.lines.try_recv() {
            if let Line::Err(line) = &line {
                eprintln!("{:>12}  {line}", self.name);
            }
            self.remember(line);
        }
        match self.process.exit_status()? {
            Some(status) => Err(self.ended(Some(status))),
            None => Ok(()),
        }
    }

    fn wait_until_listening(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + START_TIMEOUT;
        while self.url.is_empty() {
            match self.lines.recv_timeout(Duration::from_millis(50)) {
                Ok(line) => {
                    if let Line::Out(line) = &line
                        && let Some(url) = announced_url(line)
                    {
                        url.clone_into(&mut self.url);
                    }
                    self.remember(line);
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended(None)),
                Err(RecvTimeoutError::Timeout) if Instant::now() > deadline => {
                    let seconds = START_TIMEOUT.as_secs();
                    let error = Error::new(format!("{} does not listen after {seconds} s.", self.name));
                    return Err(error.hint(self.shown_lines()));
                }
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(status) = self.process.exit_status()? {
                        return Err(self.ended(Some(status)));
                    }
                }
            }
        }
        Ok(())
    }

    fn remember(&mut self, line: Line) {
        let (Line::Out(line) | Line::Err(line)) = line;
        if self.last_lines.len() == MAX_LINES_SHOWN {
            self.last_lines.pop_front();
        }
        self.last_lines.push_back(line);
    }

    fn ended(&mut self, status: Option<ExitStatus>) -> Error {
        while let Ok(line) = self.lines.recv_timeout(Duration::from_millis(200)) {
            self.remember(line);
        }
        let status = status.map_or_else(String::new, |status| format!(" ({status})"));
        Error::new(format!("{} ended by itself{status}.", self.name)).hint(self.shown_lines())
    }

    fn shown_lines(&self) -> String {
        if self.last_lines.is_empty() {
            return "It printed nothing.".to_owned();
        }
        let lines: Vec<&str> = self.last_lines.iter().map(String::as_str).collect();
        format!("Its last output was:\n       {}", lines.join("\n       "))
    }
}

/// The address in `NAME listening on http://localhost:8080`.
fn announced_url(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(" listening on ")?;
    rest.split_whitespace().next().filter(|url| url.starts_with("http"))
}

fn forward_lines(stream: impl Read + Send + 'static, sender: Sender<Line>, kind: fn(String) -> Line) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(kind(line)).is_err() {
                break;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_the_line_that_announces_it() {
        assert_eq!(announced_url("devorg listening on http://localhost:8081"), Some("http://localhost:8081"));
        assert_eq!(announced_url("console at http://localhost:8081/dev"), None);
        assert_eq!(announced_url("not listening on anything"), None);
    }
}
