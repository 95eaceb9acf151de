//! Records in a table of PostgreSQL: for many machines, as durable as the database.

mod connection;
mod tls;

use crate::deadline::Deadline;
use crate::store::{RecordKey, Sealed, Store, Stored, TOMBSTONE_LIFETIME, Unavailable, Version, Write};
use async_trait::async_trait;
use connection::{PostgresConnector, Statements, count, seconds};
use deadpool::{
    Runtime,
    managed::{Object, Pool, PoolError},
};
use std::{error::Error, fmt, time::Duration};
use tokio_postgres::{Config, Statement, config::Host, types::ToSql};

/// The most connections to the database. More would not be faster, and the hundred that it allows by default must do for
/// five instances, with the connections of one that has just been killed.
const MAX_CONNECTIONS: usize = 16;
/// The most operations at once: one on each connection, and five that wait for it.
const MAX_OPERATIONS: usize = 6 * MAX_CONNECTIONS;
/// How long connecting may take. It is not bound to one operation, which has less time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Records in PostgreSQL.
pub struct Postgres {
    address: String,
    pool: Pool<PostgresConnector>,
    deadline: Deadline,
}

impl Postgres {
    /// Records in the database at this URL, `postgres://…`. It connects with the first operation, which creates the table
    /// `latchkey_record` if it is missing.
    pub fn new(url: &str) -> Result<Self, Unavailable> {
        let wrong = |error: &dyn Error| {
            let causes = with_causes(error);
            Unavailable(format!("the URL is not like postgres://USER:PASSWORD@HOST/DATABASE: {causes}"))
        };
        // The certificate is always verified in full; the client has no mode of that name.
        let url = url.replace("sslmode=verify-full", "sslmode=require");
        let config: Config = url.parse().map_err(|error| wrong(&error))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(wrong(&Unavailable("it names no host".to_owned())));
        }
        let address = address(&config);
        let connector = PostgresConnector::new(config).map_err(|error| wrong(&error))?;
        let pool = Pool::builder(connector)
            .max_size(MAX_CONNECTIONS)
            .create_timeout(Some(CONNECT_TIMEOUT))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| wrong(&error))?;
        Ok(Self { address, pool, deadline: Deadline::new("PostgreSQL", MAX_OPERATIONS) })
    }

    /// A free connection, or a new one. Connecting goes on when the operation is given up: with a slow database it would
    /// otherwise be begun again and again and never succeed.
    async fn connection(&self) -> Result<Object<PostgresConnector>, Unavailable> {
        let got = if self.pool.status().available > 0 {
            self.pool.get().await
        } else {
            let pool = self.pool.clone();
            let connected = tokio::spawn(async move { pool.get().await }).await;
            connected.map_err(|error| self.unavailable(&error))?
        };
        got.map_err(|error| match error {
            PoolError::Backend(error) => self.unavailable(&error),
            other => self.unavailable(&other),
        })
    }

    async fn read(&self, key: RecordKey) -> Result<Option<Stored>, Unavailable> {
        let found = self.connection().await?.load(key).await;
        found.map_err(|error| self.unavailable(&error))
    }

    async fn change(
        &self,
        statement: fn(&Statements) -> &Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, Unavailable> {
        let change = async {
            let rows = self.connection().await?.change(statement, values).await;
            rows.map_err(|error| self.unavailable(&error))
        };
        self.deadline.run(change).await
    }

    fn unavailable(&self, error: &dyn Error) -> Unavailable {
        Unavailable(format!("PostgreSQL at {}: {}", self.address, with_causes(error)))
    }
}

#[async_trait]
impl Store for Postgres {
    async fn create(&self, key: RecordKey, record: Sealed, life: Duration) -> Result<Write, Unavailable> {
        let values: [&(dyn ToSql + Sync); 3] = [&key.0.as_slice(), &record.0, &seconds(life)];
        self.change(|statements| &statements.create, &values).await.map(Write::of_rows)
    }

    async fn load(&self, key: RecordKey) -> Result<Option<Stored>, Unavailable> {
        // The connection may have ended unnoticed. A read can be repeated; a write must not be.
        let read = async {
            match self.read(key).await {
                Err(_) => self.read(key).await,
                read => read,
            }
        };
        self.deadline.run(read).await
    }

    async fn swap(
        &self,
        key: RecordKey,
        read: Version,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        let values: [&(dyn ToSql + Sync); 4] = [&key.0.as_slice(), &count(read), &record.0, &seconds(life)];
        self.change(|statements| &statements.swap, &values).await.map(Write::of_rows)
    }

    async fn rotate(
        &self,
        old: (RecordKey, Version),
        new: RecordKey,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        let rotate = async {
            let rows = self.connection().await?.rotate(old, new, record, life).await;
            rows.map_err(|error| self.unavailable(&error))
        };
        self.deadline.run(rotate).await.map(Write::of_rows)
    }

    async fn delete(&self, key: RecordKey) -> Result<(), Unavailable> {
        self.change(|statements| &statements.delete, &[&key.0.as_slice(), &seconds(TOMBSTONE_LIFETIME)])
            .await
            .map(drop)
    }

    async fn touch(&self, key: RecordKey, life: Duration) -> Result<(), Unavailable> {
        self.change(|statements| &statements.touch, &[&key.0.as_slice(), &seconds(life)]).await.map(drop)
    }

    async fn sweep(&self) -> Result<u64, Unavailable> {
        let mut swept = 0;
        loop {
            let batch =
                self.change(|statements| &statements.sweep, &[&count(connection::MAX_SWEPT_AT_ONCE)]).await?;
            swept += batch;
            if batch < connection::MAX_SWEPT_AT_ONCE {
                return Ok(swept);
            }
        }
    }
}

/// The hosts, ports and name of the database, without user and password.
fn address(config: &Config) -> String {
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(folder) => folder.display().to_string(),
    });
    let ports = config.get_ports().iter().map(u16::to_string);
    let [hosts, ports] = [hosts.collect::<Vec<_>>(), ports.collect()].map(|parts| parts.join(","));
    format!("{hosts}:{ports}/{}", config.get_dbname().unwrap_or_default())
}

/// An error with its causes, since the client's own message names only what it was doing.
fn with_causes(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Postgres({})", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::{Postgres, PostgresConnector, RecordKey, Store};

    #[test]
    fn a_malformed_url_is_reported_without_the_password() {
        for wrong in [
            "postgres://u:hunter2@h:port/db",
            "postgres://u:hunter2@h/db?sslmode=maybe",
            "postgres:///db?password=hunter2",
        ] {
            let reason = Postgres::new(wrong).unwrap_err().0;
            assert!(reason.contains("postgres://USER") && !reason.contains("hunter2"), "{reason}");
        }
        let store = Postgres::new("postgres://u:hunter2@localhost:5433/db").unwrap();
        assert_eq!(format!("{store:?}"), "Postgres(localhost:5433/db)");
    }

    #[test]
    fn a_database_on_another_machine_is_reached_over_tls_unless_the_url_disables_it() {
        let has_tls = |url: &str| PostgresConnector::new(url.parse().unwrap()).unwrap().has_tls();
        for near in [
            "postgres://localhost/db",
            "postgres://127.0.0.1/db",
            "postgres://[::1]/db",
            "postgres://%2Frun/db",
        ] {
            assert!(!has_tls(near), "{near}");
            assert!(has_tls(&format!("{near}?sslmode=require")), "{near}");
        }
        for far in
            ["postgres://db.example/db", "postgres://localhost,db.example/db", "postgres://192.0.2.1/db"]
        {
            assert!(has_tls(far), "{far}");
            assert!(!has_tls(&format!("{far}?sslmode=disable")), "{far}");
        }
        assert!(has_tls("postgres://localhost/db?hostaddr=192.0.2.1"));
        assert!(Postgres::new("postgres://db.example/db?sslmode=verify-full").is_ok());
    }

    #[tokio::test]
    async fn rel_50_an_absent_database_is_reported_at_once() {
        let store = Postgres::new("postgres://u:hunter2@127.0.0.1:1/db").unwrap();
        let reason = store.load(RecordKey([0; 32])).await.unwrap_err().0;
        assert!(
            reason.starts_with("PostgreSQL at 127.0.0.1:1/db: ") && !reason.contains("hunter2"),
            "{reason}"
        );
    }
}
