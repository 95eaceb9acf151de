//! Programs that we start: each in a group of its own, none of which outlives us.

use std::collections::BTreeSet;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitOptions};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::say::Progress;
use crate::trouble::{About, Trouble};

/// How long a program may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(8);

/// Signals come to the process as a whole, so what they end is known to the process as a whole.
static GROUPS: Mutex<Groups> = Mutex::new(Groups { living: BTreeSet::new(), ending: false });

struct Groups {
    living: BTreeSet<i32>,
    ending: bool,
}

/// A started program. Dropped, it is ended.
pub(crate) struct Living {
    child: Child,
    ended: Option<ExitStatus>,
}

/// What a program said, and whether it was content.
pub(crate) struct Captured {
    pub(crate) success: bool,
    pub(crate) output: String,
}

/// Ctrl-C, a hang-up and a polite kill end what we started first, then us.
pub(crate) fn end_children_on_signals() -> Result<(), Trouble> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).about("Cannot listen for signals")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let mut groups = groups();
            groups.ending = true;
            let living: Vec<Pid> = groups.living.iter().filter_map(|group| Pid::from_raw(*group)).collect();
            drop(groups);
            end(&living);
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Starts a program in a group of its own, with nothing to read.
pub(crate) fn spawn(command: &mut Command) -> Result<Living, Trouble> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut groups = groups_unless_ending();
    let child = command
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|error| Trouble::new(format!("Cannot start `{program}`: {error}.")))?;
    groups.living.insert(group_of(&child));
    Ok(Living { child, ended: None })
}

/// Runs a program that talks to the person directly.
pub(crate) fn run(command: &mut Command) -> Result<(), Trouble> {
    let said = spoken(command);
    let status = spawn(command)?.wait()?;
    if status.success() { Ok(()) } else { Err(Trouble::new(format!("`{said}` failed ({status})."))) }
}

/// Runs a program and keeps what it says on either stream; its last line shows as progress.
pub(crate) fn capture(command: &mut Command, progress: &mut Progress) -> Result<Captured, Trouble> {
    let mut living = spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let (said, heard) = mpsc::channel::<Vec<u8>>();
    if let Some(stdout) = living.stdout() {
        forward(stdout, said.clone());
    }
    if let Some(stderr) = living.stderr() {
        forward(stderr, said.clone());
    }
    drop(said);
    let mut output = Vec::new();
    loop {
        match heard.recv_timeout(Duration::from_secs(1)) {
            Ok(piece) => {
                output.extend_from_slice(&piece);
                progress.show(last_line(&String::from_utf8_lossy(&piece)));
            }
            Err(mpsc::RecvTimeoutError::Timeout) => progress.show(""),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    let success = living.wait()?.success();
    Ok(Captured { success, output: String::from_utf8_lossy(&output).into_owned() })
}

/// What a program prints, when it is short and of no interest to anyone else.
pub(crate) fn answer(command: &mut Command) -> Result<String, Trouble> {
    let said = spoken(command);
    let mut living = spawn(command.stdout(Stdio::piped()).stderr(Stdio::null()))?;
    let mut output = String::new();
    if let Some(mut stdout) = living.stdout() {
        stdout.read_to_string(&mut output).about(format_args!("Cannot read what `{said}` says"))?;
    }
    let status = living.wait()?;
    if status.success() { Ok(output) } else { Err(Trouble::new(format!("`{said}` failed ({status})."))) }
}

impl Living {
    /// What it says, once.
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// What it complains of, once.
    pub(crate) fn stderr(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    /// Its number, for those who measure it.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has ended by itself.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus, Trouble> {
        let status = self.child.wait();
        stay_quiet_while_ending();
        let status = status.about("Cannot wait for a program")?;
        self.has_ended(status);
        Ok(status)
    }

    /// Sends a signal to it and to all that it has started.
    pub(crate) fn signal(&self, signal: Signal) -> Result<(), Trouble> {
        for process in family(self.id()) {
            match rustix::process::kill_process(process, signal) {
                Ok(()) | Err(Errno::SRCH) => {}
                Err(error) => return Err(Trouble::new(format!("Cannot signal a program: {error}."))),
            }
        }
        Ok(())
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>, Trouble> {
        let status = self.child.try_wait();
        stay_quiet_while_ending();
        let status = status.about("Cannot wait for a program")?;
        if let Some(status) = status {
            self.has_ended(status);
        }
        Ok(status)
    }

    fn has_ended(&mut self, status: ExitStatus) {
        self.ended = Some(status);
        groups().living.remove(&group_of(&self.child));
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        if self.ended.is_some() {
            return;
        }
        let group = group_of(&self.child);
        if let Some(pid) = Pid::from_raw(group) {
            // It may have gone in this very moment, which is as good.
            let _ = rustix::process::kill_process_group(pid, Signal::TERM);
            let deadline = Instant::now() + PATIENCE;
            while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
                thread::sleep(Duration::from_millis(10));
            }
            let _ = rustix::process::kill_process_group(pid, Signal::KILL);
        }
        let _ = self.child.wait();
        groups().living.remove(&group);
    }
}

fn groups() -> MutexGuard<'static, Groups> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A process after its children: some put theirs into groups of their own.
fn family(process: u32) -> Vec<Pid> {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
    let children = children.unwrap_or_default();
    let ids = children.split_whitespace().filter_map(|id| id.parse().ok());
    ids.chain([process]).filter_map(|id| Pid::from_raw(i32::try_from(id).ok()?)).collect()
}

fn group_of(child: &Child) -> i32 {
    i32::try_from(child.id()).unwrap_or(i32::MAX)
}

/// Ends the groups, politely and then not, and returns when they are gone.
fn end(living: &[Pid]) {
    for group in living {
        // A group that has gone already is what we want.
        let _ = rustix::process::kill_process_group(*group, Signal::TERM);
    }
    let deadline = Instant::now() + PATIENCE;
    while living.iter().any(|group| is_there(*group)) {
        if Instant::now() > deadline {
            for group in living {
                let _ = rustix::process::kill_process_group(*group, Signal::KILL);
            }
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// Whether anyone of the group is left. Its first member is counted out here, since nobody else waits for it any more.
fn is_there(group: Pid) -> bool {
    let _ = rustix::process::waitpid(Some(group), WaitOptions::NOHANG);
    rustix::process::test_kill_process_group(group).is_ok()
}

/// When the process is about to be ended by the thread that heard a signal, there is nothing more to say or to start.
fn stay_quiet_while_ending() {
    drop(groups_unless_ending());
}

fn groups_unless_ending() -> MutexGuard<'static, Groups> {
    loop {
        let groups = groups();
        if !groups.ending {
            return groups;
        }
        drop(groups);
        thread::park();
    }
}

fn forward(mut stream: impl Read + Send + 'static, said: Sender<Vec<u8>>) {
    thread::spawn(move || {
        let mut piece = [0; 8192];
        while let Ok(length) = stream.read(&mut piece) {
            match piece.get(..length) {
                Some(heard) if length > 0 && said.send(heard.to_vec()).is_ok() => {}
                _ => break,
            }
        }
    });
}

fn last_line(text: &str) -> &str {
    text.trim_end().rsplit('\n').next().unwrap_or_default()
}

fn spoken(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_says_on_either_stream_is_kept() {
        let mut progress = Progress::start("test", "two words");
        let captured =
            capture(Command::new("sh").args(["-c", "echo one; echo two >&2; exit 3"]), &mut progress);
        let captured = captured.unwrap();
        assert!(!captured.success);
        assert!(captured.output.contains("one") && captured.output.contains("two"));
    }

    #[test]
    fn a_program_that_is_dropped_ends_with_all_that_it_started() {
        let mut living =
            spawn(Command::new("sh").args(["-c", "sleep 600 & echo $!; wait"]).stdout(Stdio::piped()))
                .unwrap();
        let group = Pid::from_raw(group_of(&living.child)).unwrap();
        let mut first = [0];
        living.stdout().unwrap().read_exact(&mut first).unwrap();
        drop(living);
        let deadline = Instant::now() + PATIENCE;
        while rustix::process::test_kill_process_group(group).is_ok() {
            assert!(Instant::now() < deadline, "the group is still there");
            thread::yield_now();
        }
    }

    #[test]
    fn a_failing_program_is_named_as_it_was_called() {
        let failed = answer(Command::new("sh").args(["-c", "exit 4"]));
        assert!(failed.is_err_and(|trouble| trouble.to_string().contains("`sh -c exit 4` failed")));
    }
}
