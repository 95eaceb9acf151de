//! Programs that the kernel ends when their parent ends, even by SIGKILL (Linux: the parent death signal).
//!
//! Setting the signal between fork and exec would need unsafe code, so the parent starts itself a second time under a
//! subcommand that sets the signal and then becomes the program.

use std::convert::Infallible;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::error::Error;

/// The first argument that makes this program become another.
const SUBCOMMAND: &str = "exec-with-parent-death-signal";

/// Becomes the program that the arguments name, if they start with the subcommand; returns only if that fails or if they
/// do not. To be called first in `main`, before signals are handled.
pub fn exec_if_asked(arguments: &[String]) -> Option<Error> {
    match arguments {
        [first, program, rest @ ..] if first == SUBCOMMAND => Some(exec(program, rest)),
        _ => None,
    }
}

/// The same program with the same environment, started so that it ends with this process.
pub(crate) fn ending_with_us(command: &Command) -> Command {
    // The file may have been rebuilt since; this name is still the program that runs.
    let own = Path::new("/proc/self/exe");
    let mut through = if own.exists() {
        let mut through = Command::new(own);
        through.arg(SUBCOMMAND).arg(command.get_program());
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

fn exec(program: &str, arguments: &[String]) -> Error {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, getppid, set_parent_process_death_signal};
        let parent = getppid();
        if let Err(error) = set_parent_process_death_signal(Some(Signal::TERM)) {
            return Error::new(format!("Cannot set the parent death signal for `{program}`: {error}."));
        }
        // The parent may have ended before the signal was set.
        if getppid() != parent {
            return Error::new(format!("`{program}` is not started: its parent has ended."));
        }
    }
    let failed: Result<Infallible, _> = Err(Command::new(program).args(arguments).exec());
    match failed {
        Err(error) => Error::new(format!("Cannot start `{program}`: {error}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_arguments_are_left_to_the_program() {
        assert_eq!(exec_if_asked(&["run".to_owned(), "--watch".to_owned()]), None);
        assert_eq!(exec_if_asked(&[]), None);
    }
}
