//! nginx as a plain proxy: to compare with, and as the load balancer before two instances.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use latchkey_harness::http::Connection;
use latchkey_harness::process::{self, ProcessGroup};
use latchkey_harness::temp::{TempDir, free_port};
use latchkey_harness::{Context, Error};

/// How long it may take until it listens.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// The message where it is not installed.
pub(crate) const MISSING: &str = "no nginx on the path (on Debian: apt-get install nginx-light)";

/// A running nginx. Dropping it ends it and removes its folder.
pub(crate) struct Nginx {
    process: ProcessGroup,
    _folder: TempDir,
    url: String,
}

impl Nginx {
    /// Starts nginx before these servers, in turn; nothing if it is not installed.
    pub(crate) fn start(upstreams: &[&str]) -> Result<Option<Self>, Error> {
        let Some(program) = process::find_program("nginx") else { return Ok(None) };
        let (folder, port) = (TempDir::create("nginx")?, free_port()?);
        let file = folder.path().join("nginx.conf");
        fs::write(&file, configuration(port, upstreams))
            .context(format_args!("Cannot write {}", file.display()))?;
        let mut command = Command::new(program);
        command.arg("-p").arg(folder.path()).arg("-c").arg(&file).args(["-e", "stderr"]);
        let process = process::spawn(command.stdout(Stdio::null()).stderr(Stdio::null()))?;
        let mut nginx = Self { process, _folder: folder, url: format!("http://localhost:{port}") };
        let deadline = Instant::now() + START_TIMEOUT;
        while Connection::open(&nginx.url).is_err() {
            if nginx.process.exit_status()?.is_some() || Instant::now() > deadline {
                return Err(Error::new("nginx does not listen."));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(Some(nginx))
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

/// One process without logs, with every path in its folder. A server that has failed is skipped for a second, and a request
/// that has been sent is never sent again.
fn configuration(port: u16, upstreams: &[&str]) -> String {
    let servers: String = upstreams
        .iter()
        .map(|url| url.trim_start_matches("http://").replace("localhost", "127.0.0.1"))
        .map(|address| format!("server {address} max_fails=1 fail_timeout=1s; "))
        .collect();
    let folders: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|folder| format!("  {folder}_temp_path {folder};\n"))
        .collect();
    format!(
        "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr crit;\n\
         events {{ worker_connections 4096; }}\n\
         http {{\n  access_log off;\n{folders}  keepalive_requests 1000000;\n\
         \x20 upstream behind {{ {servers}keepalive 64; keepalive_requests 1000000; }}\n\
         \x20 server {{\n    listen 127.0.0.1:{port};\n    location / {{\n\
         \x20     proxy_pass http://behind;\n      proxy_http_version 1.1;\n\
         \x20     proxy_set_header Connection \"\";\n      proxy_set_header Host $http_host;\n\
         \x20   }}\n  }}\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_to_the_servers_are_kept_open() {
        let configuration = configuration(9000, &["http://localhost:9001", "http://127.0.0.1:9002"]);
        assert!(
            configuration
                .contains("server 127.0.0.1:9001 max_fails=1 fail_timeout=1s; server 127.0.0.1:9002 ")
        );
        assert!(configuration.contains("proxy_http_version 1.1"));
        assert_eq!(configuration.matches('{').count(), configuration.matches('}').count());
    }
}
