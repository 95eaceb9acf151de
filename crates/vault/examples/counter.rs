//! Counts how often it was run, in a sealed record: `cargo run --example counter -- sqlite:/tmp/counter.db MASTER_KEY`.
//!
//! The store is `memory`, `sqlite:PATH`, `redis://…` or `postgres://…`; the master key is 32 bytes in base64url.

use latchkey_vault::{
    KeyRing, MasterKey, Memory, Postgres, RandomSource, Redis, Sqlite, Store, Unavailable, Vault,
};
use std::{env, path::Path, sync::Arc, time::Duration};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let random = RandomSource::system();
    let mut arguments = env::args().skip(1);
    let store = open(arguments.next().as_deref().unwrap_or("memory"))?;
    let master = match arguments.next() {
        Some(text) => text.parse()?,
        None => MasterKey::random(&random)?,
    };
    let vault = Vault::new(store, KeyRing::new(master, Vec::new(), "example", "counter"), random);
    let location = vault.location_of("runs")?;
    vault.amend(&location, Duration::from_secs(3600), |runs: &mut u64| *runs += 1).await?;
    println!("run number {}", vault.load_or_default::<u64>(&location).await?.record);
    Ok(())
}

fn open(url: &str) -> Result<Arc<dyn Store>, Unavailable> {
    Ok(match url.split_once(':') {
        Some(("sqlite", path)) => Arc::new(Sqlite::open(Path::new(path))?),
        Some(("redis" | "rediss", _)) => Arc::new(Redis::new(url)?),
        Some(("postgres" | "postgresql", _)) => Arc::new(Postgres::new(url)?),
        _ => Arc::new(Memory::default()),
    })
}
