//! The processor time and memory of a process, as the kernel reports them.

use std::fs;
use std::time::Duration;

use latchkey_harness::{Context, Error};

/// The unit of processor time in `/proc`, a hundredth of a second on every usual Linux.
const TICK: Duration = Duration::from_millis(10);

/// The processor time that a process has used so far.
pub(crate) fn processor_time(process: u32) -> Result<Duration, Error> {
    let stat = read(process, "stat")?;
    ticks(&stat)
        .map(|ticks| TICK * ticks)
        .ok_or_else(|| Error::new("The format of /proc is not as expected."))
}

/// The memory of a process, in bytes.
pub(crate) fn memory(process: u32) -> Result<u64, Error> {
    bytes(process, "VmRSS:")
}

/// The highest memory that it has had, in bytes.
pub(crate) fn peak_memory(process: u32) -> Result<u64, Error> {
    bytes(process, "VmHWM:")
}

fn bytes(process: u32, name: &str) -> Result<u64, Error> {
    let status = read(process, "status")?;
    parse_kibibytes(&status, name).ok_or_else(|| Error::new("The format of /proc is not as expected."))
}

fn read(process: u32, file: &str) -> Result<String, Error> {
    fs::read_to_string(format!("/proc/{process}/{file}"))
        .context(format_args!("Cannot read /proc/{process}/{file}"))
        .map_err(|error| error.hint("Processor time and memory are measured on Linux only."))
}

/// User and system time. The name before them is in parentheses and may contain blanks.
fn ticks(stat: &str) -> Option<u32> {
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    user.checked_add(system)
}

fn parse_kibibytes(status: &str, name: &str) -> Option<u64> {
    let kibibytes = status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?;
    kibibytes.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_system_time_are_added_for_any_name_of_the_process() {
        assert_eq!(ticks("42 (a ) b) S 1 42 42 0 -1 0 0 0 0 0 700 34 0 0 20"), Some(734));
        assert_eq!(ticks("42 (a) S"), None);
    }

    #[test]
    fn memory_is_read_in_kibibytes() {
        let status = "Name:\ta\nVmHWM:\t    4096 kB\nVmRSS:\t    2048 kB\nThreads:\t1";
        assert_eq!(parse_kibibytes(status, "VmRSS:"), Some(2 << 20));
        assert_eq!(parse_kibibytes(status, "VmHWM:"), Some(4 << 20));
    }
}
