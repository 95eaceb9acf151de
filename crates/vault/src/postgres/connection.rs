//! One connection to the database, and its statements.

use super::tls;
use crate::deadline::OPERATION_TIMEOUT;
use crate::store::{End, RecordKey, Sealed, Stored, TOMBSTONE_LIFETIME, Version};
use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use std::{net::IpAddr, time::Duration};
use tokio::{sync::Semaphore, task::JoinHandle, time::timeout};
use tokio_postgres::{
    Client, Config, Error, NoTls, Row, Statement,
    config::{Host, SslMode},
    error::SqlState,
    types::ToSql,
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// The most rows that one statement sweeps, so that other changes come between.
pub(super) const MAX_SWEPT_AT_ONCE: u64 = 1000;

/// The most connections that are made at once. Each costs the database a process and seven prepared statements, and the
/// first should be ready before the last is begun.
const MAX_CONNECTING: usize = 4;

/// How long a connection may take to finish an operation that was given up.
const FINISH_TIMEOUT: Duration = Duration::from_millis(500);

/// Makes connections, and decides which can be used again.
pub(super) struct PostgresConnector {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    permits: Semaphore,
}

/// A connection.
pub(super) struct PostgresConnection {
    client: Client,
    statements: Statements,
    driver: JoinHandle<()>,
    state: State,
}

/// What is known of a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Every statement has succeeded.
    Ready,
    /// A statement is running. Back in the pool, it was given up: the database may be busy, or the connection lost.
    Running,
    /// A statement has failed: this may no longer be the database that takes writes.
    Failed,
}

impl State {
    fn after<T>(answer: &Result<T, Error>) -> Self {
        if answer.is_ok() { Self::Ready } else { Self::Failed }
    }
}

/// The prepared statements.
pub(super) struct Statements {
    pub(super) create: Statement,
    pub(super) swap: Statement,
    pub(super) delete: Statement,
    pub(super) touch: Statement,
    pub(super) sweep: Statement,
    load: Statement,
    mark_moved: Statement,
}

type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

impl PostgresConnector {
    /// Connections with these settings. A database on another machine is reached over TLS unless the settings disable it.
    pub(super) fn new(mut config: Config) -> Result<Self, rustls::Error> {
        config
            .connect_timeout(OPERATION_TIMEOUT)
            .tcp_user_timeout(OPERATION_TIMEOUT)
            .keepalives_idle(Duration::from_secs(30));
        if config.get_application_name().is_none() {
            config.application_name("latchkey");
        }
        if config.get_ssl_mode() == SslMode::Prefer {
            config.ssl_mode(if is_local(&config) { SslMode::Disable } else { SslMode::Require });
        }
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => None,
            _ => Some(MakeRustlsConnect::new(tls::config()?)),
        };
        Ok(Self { config, tls, permits: Semaphore::new(MAX_CONNECTING) })
    }

    /// Whether connections use TLS.
    #[cfg(test)]
    pub(super) fn has_tls(&self) -> bool {
        self.tls.is_some()
    }

    async fn connect(&self) -> Result<(Client, JoinHandle<()>), Error> {
        match &self.tls {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                Ok((client, tokio::spawn(drive(connection))))
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                Ok((client, tokio::spawn(drive(connection))))
            }
        }
    }
}

impl managed::Manager for PostgresConnector {
    type Type = PostgresConnection;
    type Error = Error;

    async fn create(&self) -> Result<PostgresConnection, Error> {
        // A permit cannot be refused, since the semaphore is never closed.
        let _permit = self.permits.acquire().await;
        let (client, driver) = self.connect().await?;
        let (configured, statements) =
            tokio::join!(client.batch_execute(TIMEOUTS), Statements::prepare(&client));
        configured?;
        let statements = match statements {
            Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => {
                client.batch_execute(include_str!("table.sql")).await?;
                Statements::prepare(&client).await
            }
            prepared => prepared,
        };
        Ok(PostgresConnection { client, statements: statements?, driver, state: State::Ready })
    }

    async fn recycle(&self, connection: &mut PostgresConnection, _: &Metrics) -> RecycleResult<Error> {
        let is_ready = match connection.state {
            _ if connection.client.is_closed() => false,
            State::Ready => true,
            // Answers come in order. A database that is only busy answers this sooner than it takes a new connection.
            State::Running => timeout(FINISH_TIMEOUT, connection.client.simple_query(""))
                .await
                .is_ok_and(|done| done.is_ok()),
            State::Failed => false,
        };
        if !is_ready {
            return Err(RecycleError::message("the connection is lost"));
        }
        connection.state = State::Ready;
        Ok(())
    }
}

impl PostgresConnection {
    /// Reads a record.
    pub(super) async fn load(&mut self, key: RecordKey) -> Result<Option<Stored>, Error> {
        self.state = State::Running;
        let row = self.client.query_opt(&self.statements.load, &[&key.0.as_slice()]).await;
        self.state = State::after(&row);
        row?.map(|row| found(&row)).transpose()
    }

    /// Executes one of the statements; returns how many rows it has changed.
    pub(super) async fn change(
        &mut self,
        statement: fn(&Statements) -> &Statement,
        values: Values<'_>,
    ) -> Result<u64, Error> {
        self.state = State::Running;
        let rows = self.client.execute(statement(&self.statements), values).await;
        self.state = State::after(&rows);
        rows
    }

    /// Moves a record; returns 1 if that was done, else 0.
    pub(super) async fn rotate(
        &mut self,
        (old, read): (RecordKey, Version),
        new: RecordKey,
        record: Sealed,
        life: Duration,
    ) -> Result<u64, Error> {
        self.state = State::Running;
        let (mark_moved, tombstone) = (&self.statements.mark_moved, seconds(TOMBSTONE_LIFETIME));
        let (create, life) = (&self.statements.create, seconds(life));
        let client = &mut self.client;
        let rotated = async {
            let transaction = client.transaction().await?;
            let done =
                transaction.execute(mark_moved, &[&old.0.as_slice(), &count(read), &tombstone]).await? == 1
                    && transaction.execute(create, &[&new.0.as_slice(), &record.0, &life]).await? == 1;
            if done { transaction.commit().await } else { transaction.rollback().await }?;
            Ok(u64::from(done))
        }
        .await;
        self.state = State::after(&rotated);
        rotated
    }
}

impl Drop for PostgresConnection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Statements {
    /// Prepares all of them in one round trip.
    async fn prepare(client: &Client) -> Result<Self, Error> {
        let (create, swap, delete, touch, sweep, load, mark_moved) = tokio::try_join!(
            client.prepare(CREATE),
            client.prepare(SWAP),
            client.prepare(DELETE),
            client.prepare(TOUCH),
            client.prepare(SWEEP),
            client.prepare(LOAD),
            client.prepare(MARK_MOVED),
        )?;
        Ok(Self { create, swap, delete, touch, sweep, load, mark_moved })
    }
}

/// The database gives up statements that no caller waits for, and frees the locks of an instance that has stopped.
const TIMEOUTS: &str = "SET statement_timeout = '1s'; SET idle_in_transaction_session_timeout = '2s'";

const LOAD: &str = "SELECT version, sealed, ended, extract(epoch FROM until - now())::float8
    FROM latchkey_record WHERE key = $1 AND until > now()";

/// The key of an expired record is free again, whether or not it has been swept.
const CREATE: &str = "INSERT INTO latchkey_record AS there (key, version, sealed, until)
    VALUES ($1, 1, $2, now() + make_interval(secs => $3))
    ON CONFLICT (key) DO UPDATE SET version = 1, sealed = excluded.sealed, ended = NULL, until = excluded.until
    WHERE there.until <= now()";

const SWAP: &str = "UPDATE latchkey_record
    SET version = version + 1, sealed = $3, until = now() + make_interval(secs => $4)
    WHERE key = $1 AND version = $2 AND ended IS NULL AND until > now()";

const MARK_MOVED: &str = "UPDATE latchkey_record
    SET sealed = NULL, ended = 'moved', until = now() + make_interval(secs => $3)
    WHERE key = $1 AND version = $2 AND ended IS NULL AND until > now()";

const DELETE: &str = "UPDATE latchkey_record
    SET sealed = NULL, ended = 'deleted', until = now() + make_interval(secs => $2)
    WHERE key = $1 AND ended IS NULL AND until > now()";

const TOUCH: &str = "UPDATE latchkey_record SET until = now() + make_interval(secs => $2)
    WHERE key = $1 AND ended IS NULL AND until > now()";

/// Skips the rows that another instance is sweeping.
const SWEEP: &str = "DELETE FROM latchkey_record WHERE key = ANY (ARRAY(
    SELECT key FROM latchkey_record WHERE until <= now() ORDER BY until LIMIT $1 FOR UPDATE SKIP LOCKED))";

/// Drives the connection until it ends.
async fn drive(connection: impl Future<Output = Result<(), Error>>) {
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection to PostgreSQL has ended");
    }
}

/// Whether the database is on this machine.
fn is_local(config: &Config) -> bool {
    let by_name = config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
    });
    by_name && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

fn found(row: &Row) -> Result<Stored, Error> {
    let ended: Option<&str> = row.try_get(2)?;
    Ok(match ended {
        Some("moved") => Stored::Gone(End::Moved),
        Some(_) => Stored::Gone(End::Deleted),
        None => {
            let (version, remaining): (i64, f64) = (row.try_get(0)?, row.try_get(3)?);
            let remaining = Duration::try_from_secs_f64(remaining).unwrap_or_default();
            Stored::Live(Sealed(row.try_get(1)?), version.unsigned_abs(), remaining)
        }
    })
}

pub(super) fn seconds(life: Duration) -> f64 {
    life.as_secs_f64()
}

pub(super) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
