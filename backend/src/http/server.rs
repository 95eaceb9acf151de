//! The loop that accepts connections, and gives up on those that do nothing with it.

use super::{ConnectionLimit, Peer};
use axum::{Router, body::Body};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};

use std::{
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::AsyncWrite,
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{Semaphore, watch},
};
use tokio_io_timeout::TimeoutWriter;
use tower::ServiceExt;

/// How long the server waits for whom.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the whole head of a request, and for the quiet between two requests.
    pub head: Duration,
    /// For a browser that does not read what it asked for.
    pub stalled: Duration,
    /// For requests in progress when the server stops.
    pub last_words: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(12),
            stalled: Duration::from_secs(30),
            last_words: Duration::from_secs(15),
        }
    }
}

/// After this the operating system keeps those that want in.
const CONNECTIONS: usize = 8192;
const HEADER_FIELDS: usize = 64;
const HEADER_BYTES: usize = 32 * 1024;

/// Connections that the kernel keeps until they are accepted. When it can keep no more, a browser waits a second before it
/// tries again.
const LISTEN_BACKLOG: u32 = 4096;

/// Listens at this address.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As the standard library does: a restarted server listens at once.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(LISTEN_BACKLOG)
}

/// Answers connections until `stop` is done, then lets those that are under way finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connections: ConnectionLimit,
    timeouts: Timeouts,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let (stopping, stopped) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        // A permit cannot be refused: nothing closes the semaphore.
        let Ok(place) = places.clone().acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Ok(of_address) = connections.admit(peer.ip()) else { continue };
                let connection = connection(stream, peer, router.clone(), timeouts, stopped.clone());
                tokio::spawn(async move {
                    connection.await;
                    drop((place, of_address));
                });
            }
            Err(error) => back_off(&error).await,
        }
    }
    drop(listener);
    drop(stopped);
    drop(stopping);
    let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
    if tokio::time::timeout(timeouts.last_words, places.acquire_many(all)).await.is_err() {
        tracing::warn!("closing connections that did not finish");
    }
}

/// One connection. HTTP/1 only: what stands in front of us speaks the newer ones, and this one has no idle state that
/// the timer for the head does not end.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    timeouts: Timeouts,
    mut stopped: watch::Receiver<()>,
) {
    // Small answers should not wait for more to come; a socket that cannot do so still works.
    let _ = stream.set_nodelay(true);
    give_up_unread(&stream, timeouts.stalled);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let stream = with_write_timeout(stream, timeouts.stalled);
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(timeouts.head)
            .max_headers(HEADER_FIELDS)
            .max_buf_size(HEADER_BYTES)
            .serve_connection(TokioIo::new(stream), service)
    );
    // The sender is dropped when the server stops; nothing is ever sent.
    let result = tokio::select! {
        result = connection.as_mut() => result,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// The stream with a timeout for writes. Reads have their own timeouts, which depend on what is read.
fn with_write_timeout<S: AsyncWrite>(stream: S, timeout: Duration) -> Pin<Box<TimeoutWriter<S>>> {
    let mut writer = TimeoutWriter::new(stream);
    writer.set_timeout(Some(timeout));
    Box::pin(writer)
}

/// TCP user timeout: the kernel gives up what the other side does not take for so long, also what was written before the
/// server closed its end. Without it, a browser that reads nothing would be waited for by the kernel alone, for minutes.
#[cfg(target_os = "linux")]
fn give_up_unread(stream: &TcpStream, timeout: Duration) {
    let millis = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, millis) {
        tracing::debug!(%error, "a connection has no TCP user timeout");
    }
}

/// Other kernels have no such timeout.
#[cfg(not(target_os = "linux"))]
fn give_up_unread(_: &TcpStream, _: Duration) {}

/// Out of file descriptors: another try at once would only burn the processor.
async fn back_off(error: &io::Error) {
    let of_the_peer =
        [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionRefused];
    if !of_the_peer.contains(&error.kind()) {
        tracing::error!(%error, "cannot accept connections");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::with_write_timeout;
    use std::{io, time::Duration};
    use tokio::io::{AsyncWriteExt, duplex};

    #[tokio::test]
    async fn sec_92_a_client_that_never_reads_is_given_up() {
        let (ours, _theirs) = duplex(4);
        let mut stream = with_write_timeout(ours, Duration::from_millis(50));
        let writing = stream.write_all(b"more than four");
        let written = tokio::time::timeout(Duration::from_secs(5), writing).await.expect("it ends");
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
