//! A PostgreSQL of one's own.

use crate::{
    place::{Mortal, Place, Server, until},
    process::{Process, free_port, is_root, program},
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

/// The same, but what is in the way is somebody else at the same table.
pub(crate) struct LockedTable {
    server: PostgresServer,
    outsider: Option<Client>,
}

impl PostgresServer {
    fn start(port: u16, folder: &Path) -> Process {
        let mut command = unprivileged(&program("postgres", "postgresql"));
        command.arg("-D").arg(folder.join("data")).args([
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-k",
            "",
            // What is written must outlive the process, which is killed; the machine is not.
            "-c",
            "fsync=off",
        ]);
        Process::start(command.stdout(Stdio::null()).stderr(Stdio::null()))
    }

    /// What was left of one that was killed may stand in the way for a moment: then it is begun again.
    async fn answers(&mut self) {
        until(Duration::from_secs(30), "PostgreSQL answers", async || {
            if self.process.has_ended() {
                self.process = Self::start(self.port, self.folder.path());
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

/// An empty database, made once: that takes longer than most tests. `folder` is one that its user may write in.
fn template(folder: &Path) -> PathBuf {
    static MAKING: Mutex<()> = Mutex::new(());
    let _alone = MAKING.lock();
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
        // It appears whole or not at all, whoever else makes one just now.
        let whole = template.with_extension(std::process::id().to_string());
        let moved = Command::new("cp").arg("-a").arg(&made).arg(&whole).status().unwrap();
        assert!(moved.success() && (fs::rename(&whole, &template).is_ok() || template.exists()));
    }
    template
}

impl Place for PostgresServer {
    async fn begin() -> Self {
        let (port, folder) = (free_port(), TempDir::new().unwrap());
        if is_root() {
            chown(folder.path(), Some(id("-u")), Some(id("-g"))).unwrap();
        }
        let data = folder.path().join("data");
        let copied = Command::new("cp").arg("-a").arg(template(folder.path())).arg(data).status().unwrap();
        assert!(copied.success(), "the database that is made once cannot be copied");
        let mut server = Self { process: Self::start(port, folder.path()), port, folder };
        server.answers().await;
        server
    }

    fn address(&self) -> String {
        format!("postgres://latchkey@127.0.0.1:{}/postgres", self.port)
    }

    async fn pass(&self, time: Duration) {
        let later = "UPDATE latchkey_record SET until = until - make_interval(secs => $1)";
        self.client().await.unwrap().execute(later, &[&time.as_secs_f64()]).await.unwrap();
    }

    async fn rows(&self) -> u64 {
        let count =
            self.client().await.unwrap().query_one_scalar("SELECT count(*) FROM latchkey_record", &[]).await;
        count.map(i64::unsigned_abs).unwrap()
    }
}

impl Server for PostgresServer {
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

impl Mortal for PostgresServer {
    fn kill(&mut self) {
        self.process.signal(Signal::KILL);
    }

    async fn revive(&mut self) {
        until(Duration::from_secs(20), "PostgreSQL has ended", async || self.process.has_ended()).await;
        self.answers().await;
    }

    async fn hang_up(&self) {
        let ours =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'latchkey'";
        self.client().await.unwrap().batch_execute(ours).await.unwrap();
    }

    async fn take_writes(&self, are_taken: bool) {
        let client = self.client().await.unwrap();
        // The setting goes for those who write it down, too.
        client.batch_execute("SET default_transaction_read_only = off").await.unwrap();
        let read_only = format!("ALTER SYSTEM SET default_transaction_read_only = {}", !are_taken);
        client.batch_execute(&read_only).await.unwrap();
        client.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    }
}

impl Place for LockedTable {
    async fn begin() -> Self {
        Self { server: PostgresServer::begin().await, outsider: None }
    }

    fn address(&self) -> String {
        self.server.address()
    }

    async fn pass(&self, time: Duration) {
        self.server.pass(time).await;
    }

    async fn rows(&self) -> u64 {
        self.server.rows().await
    }
}

impl Server for LockedTable {
    async fn freeze(&mut self) {
        let outsider = self.server.client().await.unwrap();
        outsider.batch_execute("BEGIN; LOCK TABLE latchkey_record").await.unwrap();
        self.outsider = Some(outsider);
    }

    async fn thaw(&mut self) {
        self.outsider = None;
    }

    async fn folder(&self) -> &Path {
        self.server.folder().await
    }
}

/// A command that does not run as root: PostgreSQL refuses that.
fn unprivileged(program: &PathBuf) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program).current_dir("/");
    command
}

/// The user that the package of PostgreSQL has made.
fn id(which: &str) -> u32 {
    let said = Command::new("id").args([which, "postgres"]).output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().parse().unwrap()
}
