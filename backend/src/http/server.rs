//! Accepts connections and serves them, and closes those that make no progress.

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

/// The timeouts of connections.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Until the head of a request is complete; it includes the time between two requests.
    pub head: Duration,
    /// While the browser reads nothing of a response.
    pub write: Duration,
    /// For requests in progress when the server stops.
    pub shutdown: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(12),
            write: Duration::from_secs(30),
            shutdown: Duration::from_secs(15),
        }
    }
}

/// More connections wait in the backlog of the operating system.
const MAX_CONNECTIONS: usize = 8192;
const MAX_HEADER_FIELDS: usize = 64;
const MAX_HEADER_BYTES: usize = 32 * 1024;

/// Connections that wait in the kernel to be accepted. When there are more, a browser tries again after a second.
const MAX_BACKLOG: u32 = 4096;

/// Listens at this address.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As the standard library does: a restarted server listens at once.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(MAX_BACKLOG)
}

/// Serves connections until `stop` is done, and then those that have a request in progress.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connections: ConnectionLimit,
    timeouts: Timeouts,
    stop: impl Future<Output = ()>,
) {
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let (stopping, stopped) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        // A permit cannot be refused: nothing closes the semaphore.
        let Ok(permit) = permits.clone().acquire_owned().await else { break };
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
                    drop((permit, of_address));
                });
            }
            Err(error) => back_off(&error).await,
        }
    }
    drop(listener);
    drop(stopped);
    drop(stopping);
    let all = u32::try_from(MAX_CONNECTIONS).unwrap_or(u32::MAX);
    if tokio::time::timeout(timeouts.shutdown, permits.acquire_many(all)).await.is_err() {
        tracing::warn!("closing connections that did not finish");
    }
}

/// Serves one connection by HTTP/1. Proxies in front speak the newer versions, and here the timeout for the head ends every idle
/// connection.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    timeouts: Timeouts,
    mut stopped: watch::Receiver<()>,
) {
    // Small responses are sent at once; a socket that cannot do so still works.
    let _ = stream.set_nodelay(true);
    set_user_timeout(&stream, timeouts.write);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let stream = with_write_timeout(stream, timeouts.write);
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(timeouts.head)
            .max_headers(MAX_HEADER_FIELDS)
            .max_buf_size(MAX_HEADER_BYTES)
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

/// Sets the TCP user timeout: the kernel drops data that the browser does not acknowledge in this time. Without it, data that was
/// written before the server closed its end would stay in the kernel for minutes.
#[cfg(target_os = "linux")]
fn set_user_timeout(stream: &TcpStream, timeout: Duration) {
    let millis = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, millis) {
        tracing::debug!(%error, "a connection has no TCP user timeout");
    }
}

/// Other kernels have no such timeout.
#[cfg(not(target_os = "linux"))]
fn set_user_timeout(_: &TcpStream, _: Duration) {}

/// Waits after an error of our own, such as too many open files. Accepting again at once would keep the processor busy.
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
