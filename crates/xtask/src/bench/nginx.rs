//! nginx, passing a request on and nothing else: what a step would cost if nothing had to be kept or read.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::http::Connection;
use crate::process::{self, Living};
use crate::tools;
use crate::trouble::{About, Trouble};

/// How long it may take until it listens.
const PATIENCE: Duration = Duration::from_secs(10);

/// nginx with a folder of its own, both gone when this is dropped.
pub(super) struct Nginx {
    living: Living,
    folder: PathBuf,
    url: String,
}

impl Nginx {
    /// Starts the nginx on the path before `upstream`; none, if there is no nginx.
    pub(super) fn start(upstream: &str) -> Result<Option<Self>, Trouble> {
        let Some(program) = tools::on_path("nginx") else { return Ok(None) };
        let folder = std::env::temp_dir().join(format!("latchkey-nginx-{}", std::process::id()));
        fs::create_dir_all(&folder).about(format_args!("Cannot make {}", folder.display()))?;
        // Free now, and hopefully still when nginx takes it a moment later.
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .about("Cannot find a free port")?
            .port();
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration(port, upstream))
            .about(format_args!("Cannot write {}", file.display()))?;
        let mut command = Command::new(program);
        command.arg("-p").arg(&folder).arg("-c").arg(&file).args(["-e", "stderr"]);
        let living = process::spawn(command.stdout(Stdio::null()).stderr(Stdio::null()))?;
        let mut nginx = Self { living, folder, url: format!("http://localhost:{port}") };
        let deadline = Instant::now() + PATIENCE;
        while Connection::open(&nginx.url).is_err() {
            if nginx.living.ended()?.is_some() || Instant::now() > deadline {
                return Err(Trouble::new("nginx does not listen."));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(Some(nginx))
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn id(&self) -> u32 {
        self.living.id()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It lies among temporary files, so it goes sooner or later.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// One process and no logs: as light as it gets. Every path is below the folder it is started in.
fn configuration(port: u16, upstream: &str) -> String {
    let upstream = upstream.trim_start_matches("http://").replace("localhost", "127.0.0.1");
    let folders: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|room| format!("  {room}_temp_path {room};\n"))
        .collect();
    format!(
        "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr crit;\n\
         events {{ worker_connections 1024; }}\n\
         http {{\n  access_log off;\n{folders}  keepalive_requests 1000000;\n\
         \x20 upstream stub {{ server {upstream}; keepalive 64; keepalive_requests 1000000; }}\n\
         \x20 server {{\n    listen 127.0.0.1:{port};\n    location / {{\n\
         \x20     proxy_pass http://stub;\n      proxy_http_version 1.1;\n\
         \x20     proxy_set_header Connection \"\";\n    }}\n  }}\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_to_what_is_behind_are_kept_open() {
        let configuration = configuration(9000, "http://localhost:9001");
        assert!(configuration.contains("server 127.0.0.1:9001; keepalive 64"));
        assert!(configuration.contains("proxy_http_version 1.1"));
        assert_eq!(configuration.matches('{').count(), configuration.matches('}').count());
    }
}
