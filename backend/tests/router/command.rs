//! The command line of the program and its messages, and what operators read.

use crate::scene::{Browser, app};
use http::header;
use latchkey::{api, config};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

/// Runs the program in this folder with these settings alone. Returns its exit code, output and errors.
fn latchkey(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> (i32, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_latchkey"))
        .args(arguments)
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
fn help_lists_the_commands_and_all_settings() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["help"][..], &["--help"], &["-h"]] {
        let (code, help, _) = latchkey(folder.path(), arguments, &[]);
        assert_eq!(code, 0, "{arguments:?}");
        for command in ["serve", "config", "doctor", "version", "completions", "man"] {
            assert!(help.contains(&format!("\n  {command} ")), "{command} is not in\n{help}");
        }
    }
    for arguments in [&["help"][..], &["--help"], &["serve", "--help"], &["config", "--help"]] {
        let (code, help, _) = latchkey(folder.path(), arguments, &[]);
        assert!(code == 0 && help.contains(&config::help()), "{arguments:?}: {help}");
    }
}

#[test]
fn a_wrong_command_line_is_named_and_ends_with_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, named) in
        [(&["serve", "--port", "1"][..], "--port"), (&["walk"], "walk"), (&["completions", "none"], "none")]
    {
        let (code, _, errors) = latchkey(folder.path(), arguments, &[]);
        assert!(code == 2 && errors.contains(named), "{arguments:?}: {errors}");
    }
    let (code, _, errors) = latchkey(folder.path(), &[], &[]);
    assert!(code == 2 && errors.contains("Usage: latchkey <COMMAND>"), "{errors}");
}

#[test]
fn it_prints_its_version() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["version"][..], &["--version"], &["-V"]] {
        let (code, version, _) = latchkey(folder.path(), arguments, &[]);
        assert_eq!((code, version.trim()), (0, concat!("latchkey ", env!("CARGO_PKG_VERSION"))));
    }
}

#[test]
fn the_man_page_has_every_setting_and_completions_have_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let (code, page, _) = latchkey(folder.path(), &["man"], &[]);
    // Roff writes hyphens as `\-`.
    let page = page.replace('\\', "");
    assert_eq!(code, 0);
    assert!(config::variables().all(|variable| page.contains(&variable)), "{page}");
    for shell in ["bash", "zsh", "fish"] {
        let (code, script, _) = latchkey(folder.path(), &["completions", shell], &[]);
        assert!(code == 0 && script.contains("doctor"), "{shell}: {script}");
    }
}

#[test]
fn a_configuration_file_that_cannot_be_read_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(latchkey(folder.path(), &["config"], &ENOUGH).0, 0, "the file is optional");
    let path = folder.path().join("latchkey.toml");
    fs::write(&path, b"\xff\xfe").unwrap();
    let (code, _, errors) = latchkey(folder.path(), &["config"], &ENOUGH);
    assert!(code == 2 && errors.starts_with("latchkey.toml cannot be read"), "{errors}");
    let named = [ENOUGH[0], ENOUGH[1], ("LATCHKEY_CONFIG", "none.toml")];
    let (code, _, errors) = latchkey(folder.path(), &["config"], &named);
    assert!(code == 2 && errors.starts_with("none.toml cannot be read"), "{errors}");
}

#[test]
fn a_misspelled_variable_is_reported_and_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [ENOUGH[0], ENOUGH[1], ("LATCHKEY_IDEL", "5m")];
    let (code, shown, errors) = latchkey(folder.path(), &["config"], &settings);
    assert!(code == 0 && errors.starts_with("LATCHKEY_IDEL is set"), "{errors}");
    assert!(shown.contains("idle = \"1800s\""), "{shown}");
}

#[tokio::test]
async fn operators_get_metrics_in_the_format_of_openmetrics() {
    let app = app("http://localhost:9/oauth2/default", &[], None).await;
    Browser::of(&api::router(app.clone())).get("/healthz").await;
    let metrics = Browser::of(&api::admin_router(app)).get("/metrics").await;
    let kind = metrics.headers[header::CONTENT_TYPE].to_str().unwrap();
    assert_eq!(kind, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let text = String::from_utf8(metrics.body.to_vec()).unwrap();
    assert!(text.contains("latchkey_requests_total{route=\"/healthz\",status=\"200\"} 1"), "{text}");
    assert!(text.ends_with("# EOF\n"), "{text}");
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
