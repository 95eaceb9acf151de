//! Child processes, each in a process group of its own that ends with this program.

use std::collections::BTreeSet;
use std::env;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitOptions};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::error::{Context, Error};
use crate::progress::Progress;

/// How long a program may take to end after SIGTERM, before it gets SIGKILL.
const TERM_TIMEOUT: Duration = Duration::from_secs(8);

/// The groups of this process. A signal reaches the whole process, so they are kept for the whole process.
static GROUPS: Mutex<Groups> = Mutex::new(Groups { running: BTreeSet::new(), ending: false });

struct Groups {
    running: BTreeSet<i32>,
    ending: bool,
}

/// A started program with the processes that it starts. Dropping it ends them.
pub struct ProcessGroup {
    child: Child,
    status: Option<ExitStatus>,
}

/// The output of a program that has ended, both streams in one.
pub struct Captured {
    /// Whether it ended with status 0.
    pub success: bool,
    /// Standard output and standard error as they came.
    pub output: String,
}

/// Ends all children, then this process, on SIGINT, SIGTERM and SIGHUP.
pub fn end_children_on_signals() -> Result<(), Error> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("Cannot handle signals")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let mut groups = groups();
            groups.ending = true;
            let running: Vec<Pid> = groups.running.iter().filter_map(|group| Pid::from_raw(*group)).collect();
            drop(groups);
            end(&running);
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Finds a program of this name on the path.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// Starts a program in a new process group, without standard input.
pub fn spawn(command: &mut Command) -> Result<ProcessGroup, Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut groups = groups_unless_ending();
    let child = command
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|error| Error::new(format!("Cannot start `{program}`: {error}.")))?;
    groups.running.insert(group_of(&child));
    Ok(ProcessGroup { child, status: None })
}

/// Runs a program whose output the person sees directly.
pub fn run(command: &mut Command) -> Result<(), Error> {
    let line = command_line(command);
    let status = spawn(command)?.wait()?;
    if status.success() { Ok(()) } else { Err(Error::new(format!("`{line}` failed ({status})."))) }
}

/// Runs a program and captures its output; the last line is shown as progress.
pub fn capture(command: &mut Command, progress: &mut Progress) -> Result<Captured, Error> {
    let mut group = spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let (sender, receiver) = mpsc::channel::<Vec<u8>>();
    if let Some(stdout) = group.stdout() {
        forward(stdout, sender.clone());
    }
    if let Some(stderr) = group.stderr() {
        forward(stderr, sender.clone());
    }
    drop(sender);
    let mut output = Vec::new();
    loop {
        match receiver.recv_timeout(Duration::from_secs(1)) {
            Ok(piece) => {
                output.extend_from_slice(&piece);
                progress.show(last_line(&String::from_utf8_lossy(&piece)));
            }
            Err(mpsc::RecvTimeoutError::Timeout) => progress.show(""),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    let success = group.wait()?.success();
    Ok(Captured { success, output: String::from_utf8_lossy(&output).into_owned() })
}

/// Runs a program and returns its standard output; standard error is discarded.
pub fn stdout_of(command: &mut Command) -> Result<String, Error> {
    let line = command_line(command);
    let mut group = spawn(command.stdout(Stdio::piped()).stderr(Stdio::null()))?;
    let mut output = String::new();
    if let Some(mut stdout) = group.stdout() {
        stdout.read_to_string(&mut output).context(format_args!("Cannot read the output of `{line}`"))?;
    }
    let status = group.wait()?;
    if status.success() { Ok(output) } else { Err(Error::new(format!("`{line}` failed ({status})."))) }
}

impl ProcessGroup {
    /// Takes its standard output; there is one only once.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Takes its standard error; there is one only once.
    pub fn stderr(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    /// The process id of the program.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the program ends by itself.
    pub fn wait(&mut self) -> Result<ExitStatus, Error> {
        let status = self.child.wait();
        block_while_ending();
        let status = status.context("Cannot wait for a program")?;
        self.record_end(status);
        Ok(status)
    }

    /// Sends a signal to the program and to its direct children.
    pub fn signal(&self, signal: Signal) -> Result<(), Error> {
        for process in with_children(self.id()) {
            match rustix::process::kill_process(process, signal) {
                Ok(()) | Err(Errno::SRCH) => {}
                Err(error) => return Err(Error::new(format!("Cannot signal a program: {error}."))),
            }
        }
        Ok(())
    }

    /// The exit status, if the program has ended.
    pub fn exit_status(&mut self) -> Result<Option<ExitStatus>, Error> {
        let status = self.child.try_wait();
        block_while_ending();
        let status = status.context("Cannot wait for a program")?;
        if let Some(status) = status {
            self.record_end(status);
        }
        Ok(status)
    }

    fn record_end(&mut self, status: ExitStatus) {
        self.status = Some(status);
        groups().running.remove(&group_of(&self.child));
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if self.status.is_some() {
            return;
        }
        let group = group_of(&self.child);
        if let Some(pid) = Pid::from_raw(group) {
            // An error means that it has just ended by itself.
            let _ = rustix::process::kill_process_group(pid, Signal::TERM);
            let deadline = Instant::now() + TERM_TIMEOUT;
            while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
                thread::sleep(Duration::from_millis(10));
            }
            let _ = rustix::process::kill_process_group(pid, Signal::KILL);
        }
        let _ = self.child.wait();
        groups().running.remove(&group);
    }
}

fn groups() -> MutexGuard<'static, Groups> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A process after its children, which may have process groups of their own.
fn with_children(process: u32) -> Vec<Pid> {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
    let children = children.unwrap_or_default();
    let ids = children.split_whitespace().filter_map(|id| id.parse().ok());
    ids.chain([process]).filter_map(|id| Pid::from_raw(i32::try_from(id).ok()?)).collect()
}

fn group_of(child: &Child) -> i32 {
    i32::try_from(child.id()).unwrap_or(i32::MAX)
}

/// Ends the groups with SIGTERM, and with SIGKILL after the timeout.
fn end(groups: &[Pid]) {
    for group in groups {
        // An error means that the group has ended already.
        let _ = rustix::process::kill_process_group(*group, Signal::TERM);
    }
    let deadline = Instant::now() + TERM_TIMEOUT;
    while groups.iter().any(|group| is_running(*group)) {
        if Instant::now() > deadline {
            for group in groups {
                let _ = rustix::process::kill_process_group(*group, Signal::KILL);
            }
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// Whether a process of the group is left. The first one is reaped here, since no other thread waits for it any more.
fn is_running(group: Pid) -> bool {
    let _ = rustix::process::waitpid(Some(group), WaitOptions::NOHANG);
    rustix::process::test_kill_process_group(group).is_ok()
}

/// Parks this thread if the signal thread is ending the process: it must neither report a failure nor start a program.
fn block_while_ending() {
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

fn forward(mut stream: impl Read + Send + 'static, sender: Sender<Vec<u8>>) {
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(length) = stream.read(&mut buffer) {
            match buffer.get(..length) {
                Some(piece) if length > 0 && sender.send(piece.to_vec()).is_ok() => {}
                _ => break,
            }
        }
    });
}

fn last_line(text: &str) -> &str {
    text.trim_end().rsplit('\n').next().unwrap_or_default()
}

fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_of_both_streams_is_captured() {
        let mut progress = Progress::start("test", "two words");
        let captured =
            capture(Command::new("sh").args(["-c", "echo one; echo two >&2; exit 3"]), &mut progress);
        let captured = captured.unwrap();
        assert!(!captured.success);
        assert!(captured.output.contains("one") && captured.output.contains("two"));
    }

    #[test]
    fn dropping_a_program_ends_all_processes_of_its_group() {
        let mut program =
            spawn(Command::new("sh").args(["-c", "sleep 600 & echo $!; wait"]).stdout(Stdio::piped()))
                .unwrap();
        let group = Pid::from_raw(group_of(&program.child)).unwrap();
        let mut first = [0];
        program.stdout().unwrap().read_exact(&mut first).unwrap();
        drop(program);
        let deadline = Instant::now() + TERM_TIMEOUT;
        while rustix::process::test_kill_process_group(group).is_ok() {
            assert!(Instant::now() < deadline, "the group is still running");
            thread::yield_now();
        }
    }

    #[test]
    fn a_failing_program_is_named_with_its_arguments() {
        let failed = stdout_of(Command::new("sh").args(["-c", "exit 4"]));
        assert!(failed.is_err_and(|error| error.to_string().contains("`sh -c exit 4` failed")));
    }
}
