//! A server ends with the process that started it, even when that process is ended by SIGKILL.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A process that is gone has no command line, and neither has one that only waits to be counted out.
fn runs(process: &str) -> bool {
    fs::read(format!("/proc/{process}/cmdline")).is_ok_and(|words| !words.is_empty())
}

#[test]
fn a_program_ends_when_its_parent_is_killed() {
    let xtask = env!("CARGO_BIN_EXE_xtask");
    let mut parent = Command::new("sh")
        .args(["-c", &format!("{xtask} exec-with-parent-death-signal sleep 600 & echo $!; wait")])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(parent.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let bound = line.trim();
    let deadline = Instant::now() + Duration::from_secs(20);
    // It is bound once it has become the other program.
    while !fs::read(format!("/proc/{bound}/cmdline")).is_ok_and(|words| words.starts_with(b"sleep")) {
        assert!(Instant::now() < deadline, "the program did not start");
        thread::yield_now();
    }
    parent.kill().unwrap();
    parent.wait().unwrap();
    while runs(bound) {
        assert!(Instant::now() < deadline, "the program outlived its parent");
        thread::yield_now();
    }
}
