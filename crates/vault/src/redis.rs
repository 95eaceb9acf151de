//! Records in Redis: one hash for each record, one script for each operation; Redis itself expires them.

use crate::deadline::{Deadline, OPERATION_TIMEOUT};
use crate::store::{End, RecordKey, Sealed, Store, Stored, TOMBSTONE_LIFETIME, Unavailable, Version, Write};
use async_trait::async_trait;
use redis::{
    AsyncConnectionConfig, Client, FromRedisValue, IntoConnectionInfo, ProtocolVersion, PushInfo, PushKind,
    RedisError, Script, ScriptInvocation, aio::MultiplexedConnection,
};
use std::{
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::Mutex;

/// The most operations at once. They share one connection, which answers them in order.
const MAX_OPERATIONS: usize = 1024;

/// Records in Redis.
pub struct Redis {
    address: String,
    client: Client,
    connection: Arc<Mutex<Option<RedisConnection>>>,
    deadline: Deadline,
    scripts: Scripts,
}

/// A connection, and whether it is open as far as is known.
#[derive(Clone)]
struct RedisConnection {
    requests: MultiplexedConnection,
    is_open: Arc<AtomicBool>,
}

/// One request on the connection. Dropped without an answer it closes the connection, since Redis may have lost it.
struct PendingRequest {
    connection: RedisConnection,
    is_answered: bool,
}

/// The hash of a record has its version in `v` and the sealed bytes in `s`; that of a tombstone has its end in `e`.
struct Scripts {
    create: Script,
    load: Script,
    swap: Script,
    rotate: Script,
    delete: Script,
    touch: Script,
}

impl Redis {
    /// Records in the Redis at this URL, `redis://…` or `rediss://…`. It connects with the first operation.
    pub fn new(url: &str) -> Result<Self, Unavailable> {
        let wrong = |error| {
            Unavailable(format!("the URL is not like redis://USER:PASSWORD@HOST:PORT/NUMBER: {error}"))
        };
        let info = url.into_connection_info().map_err(wrong)?;
        let address = format!("{}/{}", info.addr(), info.redis_settings().db());
        // RESP3 reports when a connection ends, so that the next operation does not have to find out.
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let socket = info.tcp_settings().clone().set_nodelay(true);
        let client =
            Client::open(info.set_redis_settings(settings).set_tcp_settings(socket)).map_err(wrong)?;
        Ok(Self {
            address,
            client,
            connection: Arc::default(),
            deadline: Deadline::new("Redis", MAX_OPERATIONS),
            scripts: Scripts::new(),
        })
    }

    async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Unavailable> {
        let ran = async {
            let mut pending = PendingRequest { connection: self.connection().await?, is_answered: false };
            let answer = script.invoke_async(&mut pending.connection.requests).await?;
            pending.is_answered = true;
            Ok(answer)
        };
        ran.await.map_err(|error| unavailable(&self.address, &error))
    }

    async fn write(&self, script: &ScriptInvocation<'_>) -> Result<Write, Unavailable> {
        self.deadline.run(self.run(script)).await.map(Write::of_rows)
    }

    /// The open connection, or a new one, for which all operations wait. It is made by a task, because an operation may give up:
    /// if the next one then began another connection, a thousand of them would fill the queue of a Redis that accepts none.
    async fn connection(&self) -> Result<RedisConnection, RedisError> {
        let mut connection = self.connection.clone().lock_owned().await;
        match &*connection {
            Some(connection) if connection.is_open.load(Ordering::Acquire) => Ok(connection.clone()),
            _ => {
                let client = self.client.clone();
                let connected = tokio::spawn(async move {
                    let made = RedisConnection::open(&client).await?;
                    Ok(connection.insert(made).clone())
                });
                connected.await.map_err(io::Error::from)?
            }
        }
    }
}

impl RedisConnection {
    async fn open(client: &Client) -> Result<Self, RedisError> {
        let is_open = Arc::new(AtomicBool::new(true));
        let watched = is_open.clone();
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(OPERATION_TIMEOUT))
            .set_response_timeout(Some(OPERATION_TIMEOUT))
            .set_pipeline_buffer_size(MAX_OPERATIONS)
            .set_push_sender(move |push: PushInfo| -> Result<(), redis::aio::SendError> {
                if push.kind == PushKind::Disconnection {
                    watched.store(false, Ordering::Release);
                }
                Ok(())
            });
        let requests = client.get_multiplexed_async_connection_with_config(&config).await?;
        Ok(Self { requests, is_open })
    }
}

impl Drop for PendingRequest {
    fn drop(&mut self) {
        if !self.is_answered {
            self.connection.is_open.store(false, Ordering::Release);
        }
    }
}

impl Scripts {
    fn new() -> Self {
        Self {
            create: Script::new(
                "if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
                 redis.call('HSET', KEYS[1], 'v', '1', 's', ARGV[1])
                 redis.call('PEXPIRE', KEYS[1], ARGV[2])
                 return 1",
            ),
            load: Script::new(
                "local found = redis.call('HMGET', KEYS[1], 'v', 's', 'e')
                 return {found[1], found[2], found[3], redis.call('PTTL', KEYS[1])}",
            ),
            swap: Script::new(
                "if redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] then return 0 end
                 redis.call('HSET', KEYS[1], 'v', ARGV[2], 's', ARGV[3])
                 redis.call('PEXPIRE', KEYS[1], ARGV[4])
                 return 1",
            ),
            rotate: Script::new(
                "if redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] then return 0 end
                 if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
                 redis.call('DEL', KEYS[1])
                 redis.call('HSET', KEYS[1], 'e', 'moved')
                 redis.call('PEXPIRE', KEYS[1], ARGV[4])
                 redis.call('HSET', KEYS[2], 'v', '1', 's', ARGV[2])
                 redis.call('PEXPIRE', KEYS[2], ARGV[3])
                 return 1",
            ),
            delete: Script::new(
                "if redis.call('HEXISTS', KEYS[1], 'v') == 0 then return 0 end
                 redis.call('DEL', KEYS[1])
                 redis.call('HSET', KEYS[1], 'e', 'deleted')
                 redis.call('PEXPIRE', KEYS[1], ARGV[1])
                 return 1",
            ),
            touch: Script::new(
                "if redis.call('HEXISTS', KEYS[1], 'v') == 0 then return 0 end
                 redis.call('PEXPIRE', KEYS[1], ARGV[1])
                 return 1",
            ),
        }
    }
}

#[async_trait]
impl Store for Redis {
    async fn create(&self, key: RecordKey, record: Sealed, life: Duration) -> Result<Write, Unavailable> {
        self.write(self.scripts.create.key(name(key)).arg(record.0).arg(millis(life))).await
    }

    async fn load(&self, key: RecordKey) -> Result<Option<Stored>, Unavailable> {
        type Fields = (Option<Version>, Option<Vec<u8>>, Option<String>, i64);
        let script = self.scripts.load.key(name(key));
        // The connection may have ended unnoticed. A read can be repeated; a write must not be.
        let read = async {
            match self.run::<Fields>(&script).await {
                Err(_) => self.run(&script).await,
                read => read,
            }
        };
        Ok(match self.deadline.run(read).await? {
            (Some(version), Some(sealed), _, remaining) => {
                let remaining = Duration::from_millis(u64::try_from(remaining).unwrap_or(0));
                Some(Stored::Live(Sealed(sealed), version, remaining))
            }
            (_, _, Some(ended), _) if ended == "moved" => Some(Stored::Gone(End::Moved)),
            (_, _, Some(_), _) => Some(Stored::Gone(End::Deleted)),
            _ => None,
        })
    }

    async fn swap(
        &self,
        key: RecordKey,
        read: Version,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        let mut script = self.scripts.swap.key(name(key));
        self.write(script.arg(read).arg(read + 1).arg(record.0).arg(millis(life))).await
    }

    async fn rotate(
        &self,
        (old, read): (RecordKey, Version),
        new: RecordKey,
        record: Sealed,
        life: Duration,
    ) -> Result<Write, Unavailable> {
        let mut script = self.scripts.rotate.key(name(old));
        self.write(
            script.key(name(new)).arg(read).arg(record.0).arg(millis(life)).arg(millis(TOMBSTONE_LIFETIME)),
        )
        .await
    }

    async fn delete(&self, key: RecordKey) -> Result<(), Unavailable> {
        self.write(self.scripts.delete.key(name(key)).arg(millis(TOMBSTONE_LIFETIME))).await.map(drop)
    }

    async fn touch(&self, key: RecordKey, life: Duration) -> Result<(), Unavailable> {
        self.write(self.scripts.touch.key(name(key)).arg(millis(life))).await.map(drop)
    }

    /// Redis removes expired records by itself.
    async fn sweep(&self) -> Result<u64, Unavailable> {
        Ok(0)
    }
}

/// The braces put all records into one slot of a cluster, since a rotation touches two of them in one act.
fn name(key: RecordKey) -> Vec<u8> {
    [b"{latchkey}:".as_slice(), &key.0].concat()
}

fn millis(life: Duration) -> i64 {
    i64::try_from(life.as_millis()).unwrap_or(i64::MAX / 4)
}

fn unavailable(address: &str, error: &RedisError) -> Unavailable {
    Unavailable(format!("Redis at {address}: {error}"))
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redis({})", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::{RecordKey, Redis, Store};

    #[test]
    fn a_malformed_url_is_reported_without_the_password() {
        for wrong in
            ["redis://u:hunter2@h:port", "redis://u:hunter2@h/first", "redis://u:hunter2@h?protocol=9"]
        {
            let reason = Redis::new(wrong).unwrap_err().0;
            assert!(reason.contains("redis://USER") && !reason.contains("hunter2"), "{reason}");
        }
        let store = Redis::new("rediss://u:hunter2@redis.example:6380/2").unwrap();
        assert_eq!(format!("{store:?}"), "Redis(redis.example:6380/2)");
    }

    #[tokio::test]
    async fn rel_50_an_absent_redis_is_reported_at_once() {
        let store = Redis::new("redis://u:hunter2@127.0.0.1:1").unwrap();
        let reason = store.load(RecordKey([0; 32])).await.unwrap_err().0;
        assert!(reason.starts_with("Redis at 127.0.0.1:1/0: ") && !reason.contains("hunter2"), "{reason}");
    }
}
