//! The two servers while they run: when each is ready, what each says, how each ended.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::process::{self, Living};
use crate::trouble::Trouble;

/// How long a server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many of its last words are shown when it ends by itself.
const LAST_WORDS: usize = 20;

/// What a server said: to whoever started it, or to whoever looks after it.
enum Line {
    Out(String),
    Err(String),
}

/// A server that we started.
pub(crate) struct Server {
    name: &'static str,
    living: Living,
    lines: Receiver<Line>,
    last_words: VecDeque<String>,
    url: String,
}

impl Server {
    /// Starts it and waits until it says that it listens. `command` is the program with its environment.
    pub(crate) fn start(name: &'static str, command: &Command) -> Result<Self, Trouble> {
        let mut living = process::spawn(bound(command).stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let (said, lines) = mpsc::channel();
        if let Some(stdout) = living.stdout() {
            listen(stdout, said.clone(), Line::Out);
        }
        if let Some(stderr) = living.stderr() {
            listen(stderr, said, Line::Err);
        }
        let mut server = Self { name, living, lines, last_words: VecDeque::new(), url: String::new() };
        let deadline = Instant::now() + PATIENCE;
        while server.url.is_empty() {
            match server.lines.recv_timeout(Duration::from_millis(50)) {
                Ok(line) => {
                    if let Line::Out(line) = &line
                        && let Some(url) = listening(line)
                    {
                        url.clone_into(&mut server.url);
                    }
                    server.remember(line);
                }
                Err(RecvTimeoutError::Disconnected) => return Err(server.gone(None)),
                Err(RecvTimeoutError::Timeout) if Instant::now() > deadline => {
                    return Err(Trouble::new(format!(
                        "{name} does not listen after {} s.",
                        PATIENCE.as_secs()
                    ))
                    .way_out(server.words()));
                }
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(status) = server.living.ended()? {
                        return Err(server.gone(Some(status)));
                    }
                }
            }
        }
        Ok(server)
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The process, for those who measure it.
    pub(crate) fn id(&self) -> u32 {
        self.living.id()
    }

    /// Ends it in the middle of whatever it does.
    pub(crate) fn kill(mut self) -> Result<(), Trouble> {
        self.living.signal(Signal::KILL)?;
        self.living.wait().map(drop)
    }

    /// Passes on what it complained of since, and returns an error when it has ended.
    pub(crate) fn look_after(&mut self) -> Result<(), Trouble> {
        while let Ok(line) = self.lines.try_recv() {
            if let Line::Err(line) = &line {
                eprintln!("{:>12}  {line}", self.name);
            }
            self.remember(line);
        }
        match self.living.ended()? {
            Some(status) => Err(self.gone(Some(status))),
            None => Ok(()),
        }
    }

    fn remember(&mut self, line: Line) {
        let (Line::Out(line) | Line::Err(line)) = line;
        if self.last_words.len() == LAST_WORDS {
            self.last_words.pop_front();
        }
        self.last_words.push_back(line);
    }

    fn gone(&mut self, status: Option<ExitStatus>) -> Trouble {
        while let Ok(line) = self.lines.recv_timeout(Duration::from_millis(200)) {
            self.remember(line);
        }
        let how = status.map_or_else(String::new, |status| format!(" ({status})"));
        Trouble::new(format!("{} ended by itself{how}.", self.name)).way_out(self.words())
    }

    fn words(&self) -> String {
        if self.last_words.is_empty() {
            return "It said nothing.".to_owned();
        }
        let words: Vec<&str> = self.last_words.iter().map(String::as_str).collect();
        format!("Its last words were:\n       {}", words.join("\n       "))
    }
}

/// Turns this process into `program`, which the kernel ends when our parent ends, even by a kill that cannot be heard.
pub(crate) fn become_bound(program: &str, arguments: &[String]) -> Trouble {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{getppid, set_parent_process_death_signal};
        let parent = getppid();
        if let Err(error) = set_parent_process_death_signal(Some(Signal::TERM)) {
            return Trouble::new(format!("Cannot bind `{program}` to us: {error}."));
        }
        // The parent may have ended before the kernel knew of our wish.
        if getppid() != parent {
            return Trouble::new(format!("`{program}` is not started: its parent has ended."));
        }
    }
    let failed: Result<Infallible, _> = Err(Command::new(program).args(arguments).exec());
    match failed {
        Err(error) => Trouble::new(format!("Cannot start `{program}`: {error}.")),
    }
}

/// The same program with the same environment, started through `become_bound`.
fn bound(command: &Command) -> Command {
    // The file may have been rebuilt under us; this name is still the program that runs.
    let own = Path::new("/proc/self/exe");
    let mut through = if own.exists() {
        let mut through = Command::new(own);
        through.arg("bound").arg(command.get_program());
        through
    } else {
        Command::new(command.get_program())
    };
    through.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => through.env(name, value),
            None => through.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        through.current_dir(folder);
    }
    through
}

/// The address in `NAME listening on http://localhost:8080`.
fn listening(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(" listening on ")?;
    rest.split_whitespace().next().filter(|url| url.starts_with("http"))
}

fn listen(stream: impl Read + Send + 'static, said: Sender<Line>, on: fn(String) -> Line) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if said.send(on(line)).is_err() {
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
        assert_eq!(listening("devorg listening on http://localhost:8081"), Some("http://localhost:8081"));
        assert_eq!(listening("console at http://localhost:8081/dev"), None);
        assert_eq!(listening("not listening on anything"), None);
    }
}
