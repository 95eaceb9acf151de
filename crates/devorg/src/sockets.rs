//! Listens on loopback and serves connections.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::web::middleware::faults::ConnectionReset;
use crate::web::middleware::rate_limit::PeerAddress;

/// Listens on the address and on the same port of the other address family, because `localhost` may mean either.
pub(crate) async fn listen(bind: SocketAddr) -> io::Result<Vec<TcpListener>> {
    const MAX_ATTEMPTS: u32 = 20;
    let other = match bind.ip() {
        IpAddr::V4(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        IpAddr::V6(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    for _ in 0..MAX_ATTEMPTS {
        let first = TcpListener::bind(bind).await?;
        match TcpListener::bind((other, first.local_addr()?.port())).await {
            Ok(second) => return Ok(vec![first, second]),
            // Another program has this port in the other family. Any free port will do, so try another.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && bind.port() == 0 => {}
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            Err(_) => return Ok(vec![first]),
        }
    }
    Ok(vec![TcpListener::bind(bind).await?])
}

/// Accepts connections until the org stops.
pub(crate) async fn accept(listener: TcpListener, app: Router, mut stopping: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.wait_for(|stop| *stop) => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                tokio::spawn(serve_connection(stream, peer, app.clone(), stopping.clone()));
            }
            // Probably out of file descriptors. Wait until some are free.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Serves one connection. A fault may reset it.
async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    mut stopping: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let Ok(stream) = stream.into_std() else { return };
    let Ok(socket) = stream.try_clone() else { return };
    let Ok(stream) = TcpStream::from_std(stream) else { return };
    let (abort, mut aborted) = watch::channel(false);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let (app, abort) = (app.clone(), abort.clone());
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(PeerAddress(peer.ip()));
            let response: Response = app.oneshot(request).await.unwrap_or_else(|never| match never {});
            if response.extensions().get::<ConnectionReset>().is_some() {
                let _ = abort.send(true);
                std::future::pending::<()>().await;
            }
            Ok::<_, std::convert::Infallible>(response)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(30))
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        _ = connection => {}
        _ = stopping.wait_for(|stop| *stop) => {}
        _ = aborted.wait_for(|aborted| *aborted) => {
            // With a linger time of zero the kernel sends RST instead of FIN.
            let _ = socket2::SockRef::from(&socket).set_linger(Some(Duration::ZERO));
        }
    }
}
