//! The words on the command line, and what is said when something about them is wrong.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

/// What the program says and how it ends, in this folder and with these settings alone.
fn latchkey(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> (i32, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_latchkey"))
        .args(words)
        .env_clear()
        .envs(settings.iter().copied())
        .current_dir(folder)
        .output();
    let Output { status, stdout, stderr } = ran.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

const ENOUGH: [(&str, &str); 2] =
    [("LATCHKEY_ISSUER", "https://org.example/oauth2/default"), ("LATCHKEY_CLIENT_ID", "app")];

#[test]
fn it_says_what_it_can_do_and_which_one_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for words in [&["help"][..], &["--help"], &["-h"], &["serve", "--help"]] {
        let (code, said, _) = latchkey(folder.path(), words, &[]);
        assert_eq!(code, 0, "{words:?}");
        assert!(["serve", "config", "doctor"].iter().all(|word| said.contains(&format!("latchkey {word}"))));
    }
    let (code, said, _) = latchkey(folder.path(), &["--version"], &[]);
    assert_eq!((code, said.trim()), (0, concat!("latchkey ", env!("CARGO_PKG_VERSION"))));
    let (code, _, complaint) = latchkey(folder.path(), &["serve", "--port", "1"], &[]);
    assert!(code == 2 && complaint.contains("`serve --port 1`"), "{complaint}");
    assert_eq!(latchkey(folder.path(), &[], &[]).0, 2);
}

#[test]
fn a_file_that_is_there_and_cannot_be_read_is_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(latchkey(folder.path(), &["config"], &ENOUGH).0, 0, "there need be none");
    let path = folder.path().join("latchkey.toml");
    fs::write(&path, b"\xff\xfe").unwrap();
    let (code, _, complaint) = latchkey(folder.path(), &["config"], &ENOUGH);
    assert!(code == 2 && complaint.starts_with("latchkey.toml cannot be read"), "{complaint}");
    let named = [ENOUGH[0], ENOUGH[1], ("LATCHKEY_CONFIG", "none.toml")];
    let (code, _, complaint) = latchkey(folder.path(), &["config"], &named);
    assert!(code == 2 && complaint.starts_with("none.toml cannot be read"), "{complaint}");
}

#[test]
fn a_misspelled_variable_is_said_and_keeps_nobody_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [ENOUGH[0], ENOUGH[1], ("LATCHKEY_IDEL", "5m")];
    let (code, said, complaint) = latchkey(folder.path(), &["config"], &settings);
    assert!(code == 0 && complaint.starts_with("LATCHKEY_IDEL is set"), "{complaint}");
    assert!(said.contains("idle = \"1800s\""), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn sec_219_the_server_raises_the_soft_limit_of_open_files_to_the_hard_one() {
    let mut server = Command::new("/bin/sh")
        .args(["-c", "ulimit -Sn 256 && exec \"$0\" serve", env!("CARGO_BIN_EXE_latchkey")])
        .envs([("LATCHKEY_BIND", "127.0.0.1:0"), ("LATCHKEY_ISSUER", "http://localhost:9/oauth2/default")])
        .env("LATCHKEY_CLIENT_ID", "app")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut listening = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut listening).unwrap();
    let limits = fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    server.kill().unwrap();
    let log = String::from_utf8(server.wait_with_output().unwrap().stderr).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    let [soft, hard] = [0, 1].map(|nth| line.split_whitespace().nth(nth).unwrap());
    assert!(soft == hard && soft != "256", "{line}");
    assert!(log.contains("the limit of open files") && log.contains("\"before\":256"), "{log}");
}
