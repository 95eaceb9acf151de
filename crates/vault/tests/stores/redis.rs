//! A Redis server for one test.

use crate::{
    process::{Process, free_port, program},
    test_store::{RestartableServer, TestServer, TestStore, until},
};
use redis::{AsyncConnectionConfig, Client, aio::MultiplexedConnection};
use rustix::process::Signal;
use std::{path::Path, process::Command, process::Stdio, time::Duration};
use tempfile::TempDir;

pub(crate) struct RedisServer {
    process: Process,
    port: u16,
    folder: TempDir,
}

impl RedisServer {
    fn spawn(port: u16, folder: &Path) -> Process {
        let mut command = Command::new(program("redis-server", "redis-server"));
        command.arg("--dir").arg(folder).args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
        command.args(["--save", "", "--appendonly", "yes", "--appendfsync", "always"]);
        Process::start(command.stdout(Stdio::null()))
    }

    async fn answers(&mut self) {
        until(Duration::from_secs(20), "Redis answers", async || {
            assert!(!self.process.has_ended(), "redis-server has ended by itself");
            match self.connection().await {
                Some(mut redis) => redis::cmd("PING").exec_async(&mut redis).await.is_ok(),
                None => false,
            }
        })
        .await;
    }

    async fn connection(&self) -> Option<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new().set_response_timeout(Some(Duration::from_secs(20)));
        let client = Client::open(self.address()).unwrap();
        client.get_multiplexed_async_connection_with_config(&config).await.ok()
    }
}

impl TestStore for RedisServer {
    async fn start() -> Self {
        let (port, folder) = (free_port(), TempDir::new().unwrap());
        let mut server = Self { process: Self::spawn(port, folder.path()), port, folder };
        server.answers().await;
        server
    }

    fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    async fn advance(&self, time: Duration) {
        let script = redis::Script::new(
            "for _, key in ipairs(redis.call('KEYS', '{latchkey}:*')) do
                 redis.call('PEXPIRE', key, redis.call('PTTL', key) - ARGV[1])
             end",
        );
        let mut redis = self.connection().await.unwrap();
        script.arg(time.as_millis() as u64).invoke_async::<()>(&mut redis).await.unwrap();
    }

    async fn count(&self) -> u64 {
        redis::cmd("DBSIZE").query_async(&mut self.connection().await.unwrap()).await.unwrap()
    }
}

impl TestServer for RedisServer {
    async fn freeze(&mut self) {
        self.process.signal(Signal::STOP);
    }

    async fn thaw(&mut self) {
        self.process.signal(Signal::CONT);
    }

    async fn folder(&self) -> &Path {
        redis::cmd("SAVE").exec_async(&mut self.connection().await.unwrap()).await.unwrap();
        self.folder.path()
    }
}

impl RestartableServer for RedisServer {
    fn kill(&mut self) {
        self.process.signal(Signal::KILL);
    }

    async fn restart(&mut self) {
        until(Duration::from_secs(20), "Redis has ended", async || self.process.has_ended()).await;
        self.process = Self::spawn(self.port, self.folder.path());
        self.answers().await;
    }

    async fn close_connections(&self) {
        let mut redis = self.connection().await.unwrap();
        redis::cmd("CLIENT").arg(&["KILL", "TYPE", "normal"]).exec_async(&mut redis).await.unwrap();
    }

    async fn accept_writes(&self, are_accepted: bool) {
        // No server listens at port 1: a replica without a primary.
        let (host, port) = if are_accepted { ("NO", "ONE") } else { ("127.0.0.1", "1") };
        let mut redis = self.connection().await.unwrap();
        redis::cmd("REPLICAOF").arg(host).arg(port).exec_async(&mut redis).await.unwrap();
    }
}
