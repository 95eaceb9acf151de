// Next.js with Latchkey's addresses below the same origin. Rewrites cannot do this, because they change the header `Host`.

import { createServer, request } from "node:http";
import { parseArgs } from "node:util";

import { latchkeyProxy } from "@latchkey/element/dev-server";
import next from "next";

const { values } = parseArgs({ options: { port: { type: "string", default: "3000" } } });
const port = Number(values.port);
const rules = Object.entries(latchkeyProxy(process.env.LATCHKEY_URL));
const matches = (url, rule) => (rule.startsWith("^") ? new RegExp(rule).test(url) : url.startsWith(rule));

const app = next({ dev: process.env.NODE_ENV !== "production", dir: import.meta.dirname, hostname: "localhost", port });
await app.prepare();
const handle = app.getRequestHandler();

const server = createServer((incoming, response) => {
  const [, latchkey] = rules.find(([rule]) => matches(incoming.url, rule)) ?? [];
  if (!latchkey) return handle(incoming, response);
  const { method, headers } = incoming;
  const forwarded = request(new URL(incoming.url, latchkey.target), { method, headers }, (answer) => {
    answer.pipe(response.writeHead(answer.statusCode, answer.headers));
  });
  forwarded.on("error", () => response.destroy());
  incoming.pipe(forwarded);
});
server.listen(port, "localhost", () => console.log(`http://localhost:${port}`));
