//! Keeps records in a table of PostgreSQL: for many machines, as durable as the database.

mod line;
mod tls;

use super::{
    Found, RecordKey, Sealed, Store, TOMBSTONE_LIFETIME, Unavailable, Version, Write, deadline::Deadline,
};
use async_trait::async_trait;
use deadpool::{
    Runtime,
    managed::{Object, Pool, PoolError},
};
use line::{Lines, Words, count, seconds};
use std::{error::Error, fmt, time::Duration};
use tokio_postgres::{Config, Statement, config::Host, types::ToSql};

/// The most connections to the database. More would not make it faster, and five instances must find room in the hundred
/// that it allows unless told otherwise, with those of one that has just been killed.
const CONNECTIONS: usize = 16;
/// So many operations may be under way: one on each connection, and five that wait for it.
const MAX_OPERATIONS: usize = 6 * CONNECTIONS;
/// A connection is made in this time or given up. It is not made for one operation, which has less.
const MAKING: Duration = Duration::from_secs(5);

/// Records in PostgreSQL.
pub struct Postgres {
    place: String,
    pool: Pool<Lines>,
    deadline: Deadline,
}

impl Postgres {
    /// Records at this address. Nothing is connected yet: the database may be away just now.
    pub fn new(address: &str) -> Result<Self, Unavailable> {
        let wrong = |error: &dyn Error| {
            Unavailable(format!(
                "LATCHKEY_STORE is not like postgres://USER:PASSWORD@HOST/DATABASE: {}",
                all(error)
            ))
        };
        // A certificate is always checked in full, for which the client has no word.
        let address = address.replace("sslmode=verify-full", "sslmode=require");
        let config: Config = address.parse().map_err(|error| wrong(&error))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(wrong(&Unavailable("it names no host".to_owned())));
        }
        let place = place(&config);
        let lines = Lines::new(config).map_err(|error| wrong(&error))?;
        let pool = Pool::builder(lines)
            .max_size(CONNECTIONS)
            .create_timeout(Some(MAKING))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| wrong(&error))?;
        Ok(Self { place, pool, deadline: Deadline::new("PostgreSQL", MAX_OPERATIONS) })
    }

    /// A connection that is free, or a new one. The new one is made to its end even if nobody waits for it any more: when
    /// the database is slow, it would otherwise be begun again and again and never be there.
    async fn line(&self) -> Result<Object<Lines>, Unavailable> {
        let got = if self.pool.status().available > 0 {
            self.pool.get().await
        } else {
            let pool = self.pool.clone();
            let made = tokio::spawn(async move { pool.get().await }).await;
            made.map_err(|error| self.unavailable(&error))?
        };
        got.map_err(|error| match error {
            PoolError::Backend(error) => self.unavailable(&error),
            other => self.unavailable(&other),
        })
    }

    async fn read(&self, key: RecordKey) -> Result<Option<Found>, Unavailable> {
        let found = self.line().await?.load(key).await;
        found.map_err(|error| self.unavailable(&error))
    }

    async fn change(
        &self,
        statement: fn(&Words) -> &Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, Unavailable> {
        let change = async {
            let rows = self.line().await?.change(statement, values).await;
            rows.map_err(|error| self.unavailable(&error))
        };
        self.deadline.pass(change).await
    }

    fn unavailable(&self, error: &dyn Error) -> Unavailable {
        Unavailable(format!("PostgreSQL at {}: {}", self.place, all(error)))
    }
}

#[async_trait]
impl Store for Postgres {
    async fn create(&self, key: RecordKey, record: Sealed, life: Duration) -> Result<Write, Unavailable> {
        let values: [&(dyn ToSql + Sync); 3] = [&key.0.as_slice(), &record.0, &seconds(life)];
        self.change(|words| &words.create, &values).await.map(Write::of_rows)
    }

    async fn load(&self, key: RecordKey) -> Result<Option<Found>, Unavailable> {
        // The connection may have ended unnoticed. Reading twice does no harm; writing twice might.
        let twice = async {
            match self.read(key).await {
                Err(_) => self.read(key).await,
                read => read,
            }
        };
        self.deadline.pass(twice).await
    }

    async fn swap(
        &self,
        key: RecordKey,
        read: Version,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        let values: [&(dyn ToSql + Sync); 4] = [&key.0.as_slice(), &count(read), &record.0, &seconds(life)];
        self.change(|words| &words.swap, &values).await.map(Write::of_rows)
    }

    async fn rotate(
        &self,
        old: (RecordKey, Version),
        new: RecordKey,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        let rotate = async {
            let rows = self.line().await?.rotate(old, new, record, life).await;
            rows.map_err(|error| self.unavailable(&error))
        };
        self.deadline.pass(rotate).await.map(Write::of_rows)
    }

    async fn delete(&self, key: RecordKey) -> Result<(), Unavailable> {
        self.change(|words| &words.delete, &[&key.0.as_slice(), &seconds(TOMBSTONE_LIFETIME)]).await.map(drop)
    }

    async fn touch(&self, key: RecordKey, life: Duration) -> Result<(), Unavailable> {
        self.change(|words| &words.touch, &[&key.0.as_slice(), &seconds(life)]).await.map(drop)
    }

    async fn sweep(&self) -> Result<u64, Unavailable> {
        let mut swept = 0;
        loop {
            let batch = self.change(|words| &words.sweep, &[&count(line::SWEPT_AT_ONCE)]).await?;
            swept += batch;
            if batch < line::SWEPT_AT_ONCE {
                return Ok(swept);
            }
        }
    }
}

/// Where the database is, without who we are there.
fn place(config: &Config) -> String {
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(folder) => folder.display().to_string(),
    });
    let ports = config.get_ports().iter().map(u16::to_string);
    let [hosts, ports] = [hosts.collect::<Vec<_>>(), ports.collect()].map(|parts| parts.join(","));
    format!("{hosts}:{ports}/{}", config.get_dbname().unwrap_or_default())
}

/// An error with its causes: the client's own words are only what it was doing.
fn all(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |words, cause| format!("{words}: {cause}"))
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Postgres({})", self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, Postgres, RecordKey, Store};

    #[test]
    fn an_address_that_is_none_is_said_without_the_password() {
        for wrong in [
            "postgres://u:hunter2@h:port/db",
            "postgres://u:hunter2@h/db?sslmode=maybe",
            "postgres:///db?password=hunter2",
        ] {
            let said = Postgres::new(wrong).unwrap_err().0;
            assert!(said.contains("LATCHKEY_STORE") && !said.contains("hunter2"), "{said}");
        }
        let store = Postgres::new("postgres://u:hunter2@localhost:5433/db").unwrap();
        assert_eq!(format!("{store:?}"), "Postgres(localhost:5433/db)");
    }

    #[test]
    fn what_leaves_the_machine_is_secret_unless_the_address_says_otherwise() {
        let is_secret = |address: &str| Lines::new(address.parse().unwrap()).unwrap().is_secret();
        for near in [
            "postgres://localhost/db",
            "postgres://127.0.0.1/db",
            "postgres://[::1]/db",
            "postgres://%2Frun/db",
        ] {
            assert!(!is_secret(near), "{near}");
            assert!(is_secret(&format!("{near}?sslmode=require")), "{near}");
        }
        for far in
            ["postgres://db.example/db", "postgres://localhost,db.example/db", "postgres://192.0.2.1/db"]
        {
            assert!(is_secret(far), "{far}");
            assert!(!is_secret(&format!("{far}?sslmode=disable")), "{far}");
        }
        assert!(is_secret("postgres://localhost/db?hostaddr=192.0.2.1"));
        assert!(Postgres::new("postgres://db.example/db?sslmode=verify-full").is_ok());
    }

    #[tokio::test]
    async fn rel_50_an_absent_database_is_said_at_once() {
        let store = Postgres::new("postgres://u:hunter2@127.0.0.1:1/db").unwrap();
        let said = store.load(RecordKey([0; 32])).await.unwrap_err().0;
        assert!(said.starts_with("PostgreSQL at 127.0.0.1:1/db: ") && !said.contains("hunter2"), "{said}");
    }
}
