//! A PostgreSQL server for one test.

use crate::{
    process::{Process, free_port, is_root, program},
    test_store::{RestartableServer, TestServer, TestStore, until},
};
use rustix::process::Signal;
use std::{
    fs,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
    time::Duration,
};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

pub(crate) struct PostgresServer {
    process: Process,
    port: u16,
    folder: TempDir,
}

/// The same, but another client locks the table instead of the server being frozen.
pub(crate) struct LockedTable {
    server: PostgresServer,
    other: Option<Client>,
}

impl PostgresServer {
    fn spawn(port: u16, folder: &Path) -> Process {
        let mut command = unprivileged(&program("postgres", "postgresql"));
        command.arg("-D").arg(folder.join("data")).args([
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-k",
            "",
            // Writes must survive the process, which is killed, but not the machine.
            "-c",
            "fsync=off",
        ]);
        Process::start(command.stdout(Stdio::null()).stderr(Stdio::null()))
    }

    /// The remains of a killed server may be in the way for a moment: then it is started again.
    async fn answers(&mut self) {
        until(Duration::from_secs(30), "PostgreSQL answers", async || {
            if self.process.has_ended() {
                self.process = Self::spawn(self.port, self.folder.path());
            }
            match self.client().await {
                Ok(client) => client.simple_query("SELECT 1").await.is_ok(),
                Err(_) => false,
            }
        })
        .await;
    }

    async fn client(&self) -> Result<Client, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(&self.address(), NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }
}

/// An empty database, made once since that takes longer than most tests. `folder` is one that its user may write in.
fn template(folder: &Path) -> PathBuf {
    static CREATION: Mutex<()> = Mutex::new(());
    let _alone = CREATION.lock();
    let initdb = program("initdb", "postgresql");
    let version = Command::new(&initdb).arg("--version").output().unwrap().stdout;
    let version =
        String::from_utf8(version).unwrap().trim().replace(|letter: char| !letter.is_alphanumeric(), "-");
    let template = Path::new(env!("CARGO_TARGET_TMPDIR")).join(version);
    if !template.exists() {
        let made = folder.join("template");
        let mut command = unprivileged(&initdb);
        command.args(["--no-sync", "--username=latchkey", "--auth=trust", "--encoding=UTF8", "--no-locale"]);
        let output = command.arg("-D").arg(&made).output().unwrap();
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        // It appears whole or not at all, also when another process makes one.
        let whole = template.with_extension(std::process::id().to_string());
        let moved = Command::new("cp").arg("-a").arg(&made).arg(&whole).status().unwrap();
        assert!(moved.success() && (fs::rename(&whole, &template).is_ok() || template.exists()));
    }
    template
}

impl TestStore for PostgresServer {
    async fn start() -> Self {
        let (port, folder) = (free_port(), TempDir::new().unwrap());
        if is_root() {
            chown(folder.path(), Some(id("-u")), Some(id("-g"))).unwrap();
        }
        let data = folder.path().join("data");
        let copied = Command::new("cp").arg("-a").arg(template(folder.path())).arg(data).status().unwrap();
        assert!(copied.success(), "the template database cannot be copied");
        let mut server = Self { process: Self::spawn(port, folder.path()), port, folder };
        server.answers().await;
        server
    }

    fn address(&self) -> String {
        format!("postgres://latchkey@127.0.0.1:{}/postgres", self.port)
    }

    async fn advance(&self, time: Duration) {
        let later = "UPDATE latchkey_record SET until = until - make_interval(secs => $1)";
        self.client().await.unwrap().execute(later, &[&time.as_secs_f64()]).await.unwrap();
    }

    async fn count(&self) -> u64 {
        let count =
            self.client().await.unwrap().query_one_scalar("SELECT count(*) FROM latchkey_record", &[]).await;
        count.map(i64::unsigned_abs).unwrap()
    }
}

impl TestServer for PostgresServer {
    async fn freeze(&mut self) {
        self.process.signal(Signal::STOP);
    }

    async fn thaw(&mut self) {
        self.process.signal(Signal::CONT);
    }

    async fn folder(&self) -> &Path {
        self.client().await.unwrap().batch_execute("CHECKPOINT").await.unwrap();
        self.folder.path()
    }
}

impl RestartableServer for PostgresServer {
    fn kill(&mut self) {
        self.process.signal(Signal::KILL);
    }

    async fn restart(&mut self) {
        until(Duration::from_secs(20), "PostgreSQL has ended", async || self.process.has_ended()).await;
        self.answers().await;
    }

    async fn close_connections(&self) {
        let ours =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'latchkey'";
        self.client().await.unwrap().batch_execute(ours).await.unwrap();
    }

    async fn accept_writes(&self, are_accepted: bool) {
        let client = self.client().await.unwrap();
        // The setting applies to this client, too.
        client.batch_execute("SET default_transaction_read_only = off").await.unwrap();
        let read_only = format!("ALTER SYSTEM SET default_transaction_read_only = {}", !are_accepted);
        client.batch_execute(&read_only).await.unwrap();
        client.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    }
}

impl TestStore for LockedTable {
    async fn start() -> Self {
        Self { server: PostgresServer::start().await, other: None }
    }

    fn address(&self) -> String {
        self.server.address()
    }

    async fn advance(&self, time: Duration) {
        self.server.advance(time).await;
    }

    async fn count(&self) -> u64 {
        self.server.count().await
    }
}

impl TestServer for LockedTable {
    async fn freeze(&mut self) {
        let other = self.server.client().await.unwrap();
        other.batch_execute("BEGIN; LOCK TABLE latchkey_record").await.unwrap();
        self.other = Some(other);
    }

    async fn thaw(&mut self) {
        self.other = None;
    }

    async fn folder(&self) -> &Path {
        self.server.folder().await
    }
}

/// A command that does not run as root, which PostgreSQL refuses.
fn unprivileged(program: &PathBuf) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program).current_dir("/");
    command
}

/// An id of the user that the package of PostgreSQL has created.
fn id(which: &str) -> u32 {
    let output = Command::new("id").args([which, "postgres"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}
