//! Keeps records in Redis: one hash a record, one script an operation, and Redis itself ends their lives.

use super::{
    End, Found, RecordKey, Sealed, Store, TOMBSTONE_LIFETIME, Unavailable, Version, Write,
    deadline::{Deadline, OPERATION_TIMEOUT},
};
use async_trait::async_trait;
use redis::{
    AsyncConnectionConfig, Client, FromRedisValue, IntoConnectionInfo, ProtocolVersion, PushInfo, PushKind,
    RedisError, Script, ScriptInvocation, aio::MultiplexedConnection,
};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::Mutex;

/// So many operations may be under way. They share one connection, which answers them in turn.
const MAX_OPERATIONS: usize = 1024;

/// Records in Redis.
pub struct Redis {
    place: String,
    client: Client,
    line: Mutex<Option<Line>>,
    deadline: Deadline,
    scripts: Scripts,
}

/// A connection, and whether it still holds as far as we know.
#[derive(Clone)]
struct Line {
    connection: MultiplexedConnection,
    holds: Arc<AtomicBool>,
}

/// A line in use. Whoever goes without an answer takes the line out of use, because Redis may be gone from its other end.
struct Doubted {
    line: Line,
    answered: bool,
}

/// In the hash of a record `v` is its version and `s` what is sealed; in that of a tombstone `e` is how it ended.
struct Scripts {
    create: Script,
    load: Script,
    swap: Script,
    rotate: Script,
    delete: Script,
    touch: Script,
}

impl Redis {
    /// Records at this address. Nothing is connected yet: Redis may be away just now.
    pub fn new(address: &str) -> Result<Self, Unavailable> {
        let wrong = |error| {
            Unavailable(format!("LATCHKEY_STORE is not like redis://USER:PASSWORD@HOST:PORT/NUMBER: {error}"))
        };
        let address = address.into_connection_info().map_err(wrong)?;
        let place = format!("{}/{}", address.addr(), address.redis_settings().db());
        // The third protocol says when a connection ends, so that the next operation does not have to find out.
        let settings = address.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let socket = address.tcp_settings().clone().set_nodelay(true);
        let client =
            Client::open(address.set_redis_settings(settings).set_tcp_settings(socket)).map_err(wrong)?;
        Ok(Self {
            place,
            client,
            line: Mutex::default(),
            deadline: Deadline::new("Redis", MAX_OPERATIONS),
            scripts: Scripts::new(),
        })
    }

    async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Unavailable> {
        let ran = async {
            let mut doubted = Doubted { line: self.line().await?, answered: false };
            let answer = script.invoke_async(&mut doubted.line.connection).await?;
            doubted.answered = true;
            Ok(answer)
        };
        ran.await.map_err(|error| unavailable(&self.place, &error))
    }

    async fn write(&self, script: &ScriptInvocation<'_>) -> Result<Write, Unavailable> {
        self.deadline.pass(self.run(script)).await.map(Write::of_rows)
    }

    /// The line that holds, or a new one. One of those who need a new one makes it; the others wait for that.
    async fn line(&self) -> Result<Line, RedisError> {
        let mut line = self.line.lock().await;
        match &*line {
            Some(line) if line.holds.load(Ordering::Acquire) => Ok(line.clone()),
            _ => Ok(line.insert(self.connect().await?).clone()),
        }
    }

    async fn connect(&self) -> Result<Line, RedisError> {
        let holds = Arc::new(AtomicBool::new(true));
        let seen = holds.clone();
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(OPERATION_TIMEOUT))
            .set_response_timeout(Some(OPERATION_TIMEOUT))
            .set_pipeline_buffer_size(MAX_OPERATIONS)
            .set_push_sender(move |push: PushInfo| -> Result<(), redis::aio::SendError> {
                if push.kind == PushKind::Disconnection {
                    seen.store(false, Ordering::Release);
                }
                Ok(())
            });
        let connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        Ok(Line { connection, holds })
    }
}

impl Drop for Doubted {
    fn drop(&mut self) {
        if !self.answered {
            self.line.holds.store(false, Ordering::Release);
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

    async fn load(&self, key: RecordKey) -> Result<Option<Found>, Unavailable> {
        type Fields = (Option<Version>, Option<Vec<u8>>, Option<String>, i64);
        let script = self.scripts.load.key(name(key));
        // The connection may have ended unnoticed. Reading twice does no harm; writing twice might.
        let twice = async {
            match self.run::<Fields>(&script).await {
                Err(_) => self.run(&script).await,
                read => read,
            }
        };
        Ok(match self.deadline.pass(twice).await? {
            (Some(version), Some(sealed), _, remaining) => {
                let remaining = Duration::from_millis(u64::try_from(remaining).unwrap_or(0));
                Some(Found::Live(Sealed(sealed), version, remaining))
            }
            (_, _, Some(ended), _) if ended == "moved" => Some(Found::Gone(End::Moved)),
            (_, _, Some(_), _) => Some(Found::Gone(End::Deleted)),
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

    /// Redis has done that already.
    async fn sweep(&self) -> Result<u64, Unavailable> {
        Ok(0)
    }
}

/// The braces keep all records in one slot of a cluster: a rotation touches two of them in one act.
fn name(key: RecordKey) -> Vec<u8> {
    [b"{latchkey}:".as_slice(), &key.0].concat()
}

fn millis(life: Duration) -> i64 {
    i64::try_from(life.as_millis()).unwrap_or(i64::MAX / 4)
}

fn unavailable(place: &str, error: &RedisError) -> Unavailable {
    Unavailable(format!("Redis at {place}: {error}"))
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redis({})", self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::{RecordKey, Redis, Store};

    #[test]
    fn an_address_that_is_none_is_said_without_the_password() {
        for wrong in
            ["redis://u:hunter2@h:port", "redis://u:hunter2@h/first", "redis://u:hunter2@h?protocol=9"]
        {
            let said = Redis::new(wrong).unwrap_err().0;
            assert!(said.contains("LATCHKEY_STORE") && !said.contains("hunter2"), "{said}");
        }
        let store = Redis::new("rediss://u:hunter2@redis.example:6380/2").unwrap();
        assert_eq!(format!("{store:?}"), "Redis(redis.example:6380/2)");
    }

    #[tokio::test]
    async fn rel_50_an_absent_redis_is_said_at_once() {
        let store = Redis::new("redis://u:hunter2@127.0.0.1:1").unwrap();
        let said = store.load(RecordKey([0; 32])).await.unwrap_err().0;
        assert!(said.starts_with("Redis at 127.0.0.1:1/0: ") && !said.contains("hunter2"), "{said}");
    }
}
