//! Servers of the tests, on free ports of this machine.

import { createServer } from 'node:net';

/** Lets a server listen, and resolves to its port. */
export async function listen(server, host = '127.0.0.1') {
  await new Promise((resolve) => server.listen(0, host, resolve));
  return server.address().port;
}

/** Ends an http server, and the connections to it. */
export function close(server) {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  });
}

/** A port at which nothing listens now. Another process could take it before it is used. */
export async function freePort() {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
