//! Many HTTP clients on one thread. They share the processors with the server, so they use as little of them as possible.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{ErrorKind, Write};
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use latchkey_harness::http::{self, Connection, HttpResponse};
use latchkey_harness::{Context, Error};

/// How long a response may take.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// The clients, and the poll of their connections.
pub(crate) struct Clients {
    clients: Vec<LoadClient>,
    poll: Poll,
}

/// One client with a connection.
pub(crate) struct LoadClient {
    /// The request that it sends next.
    pub(crate) request: String,
    connection: TcpStream,
    sent_at: Instant,
    received: Vec<u8>,
}

/// What a client does after a response.
pub(crate) enum AfterResponse {
    Send,
    SendAfter(Duration),
    Stop,
}

impl Clients {
    /// Connects so many clients with the same first request.
    pub(crate) fn connect(url: &str, request: &str, count: usize) -> Result<Self, Error> {
        let poll = Poll::new().context("Cannot create a poll")?;
        let connect = |token| {
            let mut client = LoadClient::connect(url, request)?;
            let registered =
                poll.registry().register(&mut client.connection, Token(token), Interest::READABLE);
            registered.context("Cannot poll a connection")?;
            Ok(client)
        };
        let clients = (0..count).map(connect).collect::<Result<Vec<LoadClient>, Error>>()?;
        Ok(Self { clients, poll })
    }

    /// Sends all requests and goes on until every client has stopped. `after` decides what follows a response.
    pub(crate) fn run(
        &mut self,
        mut after: impl FnMut(&mut LoadClient, &HttpResponse, Duration) -> Result<AfterResponse, Error>,
    ) -> Result<(), Error> {
        self.clients.iter_mut().try_for_each(LoadClient::send)?;
        let mut running = self.clients.len();
        // The client that sends next is on top.
        let mut waiting: BinaryHeap<Reverse<(Instant, Token)>> = BinaryHeap::new();
        let mut events = Events::with_capacity(running);
        while running > 0 {
            let now = Instant::now();
            let mut timeout = RESPONSE_TIMEOUT;
            while let Some(Reverse((until, token))) = waiting.peek().copied() {
                timeout = until.saturating_duration_since(now);
                if !timeout.is_zero() {
                    break;
                }
                waiting.pop();
                self.clients.get_mut(token.0).map_or(Ok(()), LoadClient::send)?;
                timeout = RESPONSE_TIMEOUT;
            }
            match self.poll.poll(&mut events, Some(timeout)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error).context("Cannot poll the connections"),
                Ok(()) if events.is_empty() && waiting.is_empty() => {
                    return Err(Error::new("A client got no response."));
                }
                Ok(()) => {}
            }
            for event in &events {
                let token = event.token();
                let Some(client) = self.clients.get_mut(token.0) else { continue };
                let Some(response) = client.receive()? else { continue };
                let took = client.sent_at.elapsed();
                match after(client, &response, took)? {
                    AfterResponse::Send => client.send()?,
                    AfterResponse::SendAfter(pause) => waiting.push(Reverse((Instant::now() + pause, token))),
                    AfterResponse::Stop => running -= 1,
                }
            }
        }
        Ok(())
    }
}

impl LoadClient {
    fn connect(url: &str, request: &str) -> Result<Self, Error> {
        let connection = Connection::open(url)?.into_stream();
        connection.set_nonblocking(true).context("Cannot make a connection non-blocking")?;
        Ok(Self {
            request: request.to_owned(),
            connection: TcpStream::from_std(connection),
            sent_at: Instant::now(),
            received: Vec::new(),
        })
    }

    /// Sends the request. A few hundred bytes on an idle connection never have to wait.
    fn send(&mut self) -> Result<(), Error> {
        self.sent_at = Instant::now();
        self.connection.write_all(self.request.as_bytes()).context("Cannot send a request")
    }

    /// Reads what has arrived, and returns the response once it is complete.
    fn receive(&mut self) -> Result<Option<HttpResponse>, Error> {
        http::read_available(&mut self.connection, &mut self.received).context("Cannot read a response")?;
        let response = HttpResponse::parse(&self.received);
        if response.is_some() {
            self.received.clear();
        }
        Ok(response)
    }
}
