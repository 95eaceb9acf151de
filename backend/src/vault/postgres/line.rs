//! One connection to the database, and what is said over it.

use super::super::{End, Found, Key, Sealed, TOMBSTONE, Version, gate::PATIENCE};
use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use std::{net::IpAddr, time::Duration};
use tokio::task::JoinHandle;
use tokio_postgres::{
    Client, Config, Error, NoTls, Row, Statement,
    config::{Host, SslMode},
    types::ToSql,
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// So many rows are thrown away at once, so that others get their turn.
pub(super) const SWEPT_AT_ONCE: u64 = 1000;

/// Makes connections, and says which can be used again.
pub(super) struct Lines {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

/// A connection.
pub(super) struct Line {
    client: Client,
    words: Words,
    carrier: JoinHandle<()>,
    /// Whether everything that was asked has been answered, and well. If not, the database may be gone from its other
    /// end, or no longer be the one that takes writes.
    answered: bool,
}

/// The statements, as the database has prepared them.
pub(super) struct Words {
    pub(super) create: Statement,
    pub(super) swap: Statement,
    pub(super) delete: Statement,
    pub(super) touch: Statement,
    pub(super) sweep: Statement,
    load: Statement,
    bury: Statement,
}

type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

impl Lines {
    /// Connections with these settings. Unless the settings say otherwise, a database on another machine is spoken to
    /// in secret.
    pub(super) fn new(mut config: Config) -> Result<Self, rustls::Error> {
        config.connect_timeout(PATIENCE).tcp_user_timeout(PATIENCE).keepalives_idle(Duration::from_secs(30));
        if config.get_application_name().is_none() {
            config.application_name("latchkey");
        }
        if config.get_ssl_mode() == SslMode::Prefer {
            config.ssl_mode(if is_near(&config) { SslMode::Disable } else { SslMode::Require });
        }
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => None,
            _ => Some(MakeRustlsConnect::new(super::tls::config()?)),
        };
        Ok(Self { config, tls })
    }

    /// Whether what is said is encrypted.
    #[cfg(test)]
    pub(super) fn is_secret(&self) -> bool {
        self.tls.is_some()
    }

    async fn connect(&self) -> Result<(Client, JoinHandle<()>), Error> {
        match &self.tls {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                Ok((client, tokio::spawn(carry(connection))))
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                Ok((client, tokio::spawn(carry(connection))))
            }
        }
    }
}

impl managed::Manager for Lines {
    type Type = Line;
    type Error = Error;

    async fn create(&self) -> Result<Line, Error> {
        let (client, carrier) = self.connect().await?;
        client.batch_execute(GREETING).await?;
        if client.query_one_scalar(IS_NEW, &[]).await? {
            client.batch_execute(include_str!("table.sql")).await?;
        }
        let words = Words::prepare(&client).await?;
        Ok(Line { client, words, carrier, answered: true })
    }

    async fn recycle(&self, line: &mut Line, _: &Metrics) -> RecycleResult<Error> {
        match line.answered && !line.client.is_closed() {
            true => Ok(()),
            false => Err(RecycleError::message("the connection is gone")),
        }
    }
}

impl Line {
    /// Reads a record.
    pub(super) async fn load(&mut self, key: Key) -> Result<Option<Found>, Error> {
        self.answered = false;
        let row = self.client.query_opt(&self.words.load, &[&key.0.as_slice()]).await;
        self.answered = row.is_ok();
        row?.map(|row| found(&row)).transpose()
    }

    /// Does one of the statements; says how many rows it has changed.
    pub(super) async fn change(
        &mut self,
        statement: fn(&Words) -> &Statement,
        values: Values<'_>,
    ) -> Result<u64, Error> {
        self.answered = false;
        let rows = self.client.execute(statement(&self.words), values).await;
        self.answered = rows.is_ok();
        rows
    }

    /// Moves a record: 1 if that was done, 0 if nothing was.
    pub(super) async fn rotate(
        &mut self,
        (old, read): (Key, Version),
        new: Key,
        record: Sealed,
        life: Duration,
    ) -> Result<u64, Error> {
        self.answered = false;
        let (bury, grave) = (&self.words.bury, seconds(TOMBSTONE));
        let (create, life) = (&self.words.create, seconds(life));
        let transaction = self.client.transaction().await?;
        let done = transaction.execute(bury, &[&old.0.as_slice(), &count(read), &grave]).await? == 1
            && transaction.execute(create, &[&new.0.as_slice(), &record.0, &life]).await? == 1;
        if done { transaction.commit().await } else { transaction.rollback().await }?;
        self.answered = true;
        Ok(u64::from(done))
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.carrier.abort();
    }
}

impl Words {
    async fn prepare(client: &Client) -> Result<Self, Error> {
        Ok(Self {
            create: client.prepare(CREATE).await?,
            swap: client.prepare(SWAP).await?,
            delete: client.prepare(DELETE).await?,
            touch: client.prepare(TOUCH).await?,
            sweep: client.prepare(SWEEP).await?,
            load: client.prepare(LOAD).await?,
            bury: client.prepare(BURY).await?,
        })
    }
}

/// The database gives up what nobody waits for any more, and frees what a server that stands still has locked.
const GREETING: &str = "SET statement_timeout = '1s'; SET idle_in_transaction_session_timeout = '2s'";

const IS_NEW: &str = "SELECT to_regclass('latchkey_record') IS NULL";

const LOAD: &str = "SELECT version, sealed, ended, extract(epoch FROM until - now())::float8
    FROM latchkey_record WHERE key = $1 AND until > now()";

/// A key whose record has outlived its life is free again, swept or not.
const CREATE: &str = "INSERT INTO latchkey_record AS there (key, version, sealed, until)
    VALUES ($1, 1, $2, now() + make_interval(secs => $3))
    ON CONFLICT (key) DO UPDATE SET version = 1, sealed = excluded.sealed, ended = NULL, until = excluded.until
    WHERE there.until <= now()";

const SWAP: &str = "UPDATE latchkey_record
    SET version = version + 1, sealed = $3, until = now() + make_interval(secs => $4)
    WHERE key = $1 AND version = $2 AND ended IS NULL AND until > now()";

const BURY: &str = "UPDATE latchkey_record
    SET sealed = NULL, ended = 'moved', until = now() + make_interval(secs => $3)
    WHERE key = $1 AND version = $2 AND ended IS NULL AND until > now()";

const DELETE: &str = "UPDATE latchkey_record
    SET sealed = NULL, ended = 'deleted', until = now() + make_interval(secs => $2)
    WHERE key = $1 AND ended IS NULL AND until > now()";

const TOUCH: &str = "UPDATE latchkey_record SET until = now() + make_interval(secs => $2)
    WHERE key = $1 AND ended IS NULL AND until > now()";

/// What another instance is sweeping is left to it.
const SWEEP: &str = "DELETE FROM latchkey_record WHERE key = ANY (ARRAY(
    SELECT key FROM latchkey_record WHERE until <= now() ORDER BY until LIMIT $1 FOR UPDATE SKIP LOCKED))";

/// Carries what is said, for as long as the connection holds.
async fn carry(connection: impl Future<Output = Result<(), Error>>) {
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection to PostgreSQL has ended");
    }
}

/// Whether what is said stays on this machine.
fn is_near(config: &Config) -> bool {
    let by_name = config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
    });
    by_name && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

fn found(row: &Row) -> Result<Found, Error> {
    let ended: Option<&str> = row.try_get(2)?;
    Ok(match ended {
        Some("moved") => Found::Gone(End::Moved),
        Some(_) => Found::Gone(End::Deleted),
        None => {
            let (version, remaining): (i64, f64) = (row.try_get(0)?, row.try_get(3)?);
            let remaining = Duration::try_from_secs_f64(remaining).unwrap_or_default();
            Found::Live(Sealed(row.try_get(1)?), version.unsigned_abs(), remaining)
        }
    })
}

pub(super) fn seconds(life: Duration) -> f64 {
    life.as_secs_f64()
}

pub(super) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
