//! One connection to the database, and what is said over it.

use super::super::{End, Found, RecordKey, Sealed, TOMBSTONE_LIFETIME, Version, deadline::OPERATION_TIMEOUT};
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

/// So many rows are thrown away at once, so that others get their turn.
pub(super) const SWEPT_AT_ONCE: u64 = 1000;

/// So many connections are made at once. Each costs the database a process and the reading of seven statements, and the
/// first should be ready before the last is begun.
const MADE_AT_ONCE: usize = 4;

/// A connection on which somebody has given up waiting may take so long until it is through with what was asked.
const CATCHING_UP: Duration = Duration::from_millis(500);

/// Makes connections, and says which can be used again.
pub(super) struct Lines {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    places: Semaphore,
}

/// A connection.
pub(super) struct Line {
    client: Client,
    words: Words,
    carrier: JoinHandle<()>,
    state: State,
}

/// What is known of a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Everything that was asked has been answered, and well.
    Well,
    /// Something is being answered. Without an owner: somebody has given up waiting, and the database may be busy, or
    /// gone from the other end.
    Waiting,
    /// Something was answered with an error: this may no longer be the database that takes writes.
    Doubtful,
}

impl State {
    fn after<T>(answer: &Result<T, Error>) -> Self {
        if answer.is_ok() { Self::Well } else { Self::Doubtful }
    }
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
        config
            .connect_timeout(OPERATION_TIMEOUT)
            .tcp_user_timeout(OPERATION_TIMEOUT)
            .keepalives_idle(Duration::from_secs(30));
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
        Ok(Self { config, tls, places: Semaphore::new(MADE_AT_ONCE) })
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
        // A permit cannot be refused: nothing closes the semaphore.
        let _place = self.places.acquire().await;
        let (client, carrier) = self.connect().await?;
        let (greeted, words) = tokio::join!(client.batch_execute(GREETING), Words::prepare(&client));
        greeted?;
        let words = match words {
            Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => {
                client.batch_execute(include_str!("table.sql")).await?;
                Words::prepare(&client).await
            }
            prepared => prepared,
        };
        Ok(Line { client, words: words?, carrier, state: State::Well })
    }

    async fn recycle(&self, line: &mut Line, _: &Metrics) -> RecycleResult<Error> {
        let is_well = match line.state {
            _ if line.client.is_closed() => false,
            State::Well => true,
            // Answers come in the order of the questions. When the database is only busy, this is sooner than a new
            // connection; and it does not make it busier.
            State::Waiting => {
                timeout(CATCHING_UP, line.client.simple_query("")).await.is_ok_and(|done| done.is_ok())
            }
            State::Doubtful => false,
        };
        if !is_well {
            return Err(RecycleError::message("the connection is gone"));
        }
        line.state = State::Well;
        Ok(())
    }
}

impl Line {
    /// Reads a record.
    pub(super) async fn load(&mut self, key: RecordKey) -> Result<Option<Found>, Error> {
        self.state = State::Waiting;
        let row = self.client.query_opt(&self.words.load, &[&key.0.as_slice()]).await;
        self.state = State::after(&row);
        row?.map(|row| found(&row)).transpose()
    }

    /// Does one of the statements; says how many rows it has changed.
    pub(super) async fn change(
        &mut self,
        statement: fn(&Words) -> &Statement,
        values: Values<'_>,
    ) -> Result<u64, Error> {
        self.state = State::Waiting;
        let rows = self.client.execute(statement(&self.words), values).await;
        self.state = State::after(&rows);
        rows
    }

    /// Moves a record: 1 if that was done, 0 if nothing was.
    pub(super) async fn rotate(
        &mut self,
        (old, read): (RecordKey, Version),
        new: RecordKey,
        record: Sealed,
        life: Duration,
    ) -> Result<u64, Error> {
        self.state = State::Waiting;
        let (bury, grave) = (&self.words.bury, seconds(TOMBSTONE_LIFETIME));
        let (create, life) = (&self.words.create, seconds(life));
        let client = &mut self.client;
        let rotated = async {
            let transaction = client.transaction().await?;
            let done = transaction.execute(bury, &[&old.0.as_slice(), &count(read), &grave]).await? == 1
                && transaction.execute(create, &[&new.0.as_slice(), &record.0, &life]).await? == 1;
            if done { transaction.commit().await } else { transaction.rollback().await }?;
            Ok(u64::from(done))
        }
        .await;
        self.state = State::after(&rotated);
        rotated
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.carrier.abort();
    }
}

impl Words {
    /// All are sent at once, and so take one way there and back.
    async fn prepare(client: &Client) -> Result<Self, Error> {
        let (create, swap, delete, touch, sweep, load, bury) = tokio::try_join!(
            client.prepare(CREATE),
            client.prepare(SWAP),
            client.prepare(DELETE),
            client.prepare(TOUCH),
            client.prepare(SWEEP),
            client.prepare(LOAD),
            client.prepare(BURY),
        )?;
        Ok(Self { create, swap, delete, touch, sweep, load, bury })
    }
}

/// The database gives up what nobody waits for any more, and frees what a server that stands still has locked.
const GREETING: &str = "SET statement_timeout = '1s'; SET idle_in_transaction_session_timeout = '2s'";

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
