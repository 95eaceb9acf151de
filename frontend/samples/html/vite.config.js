import { latchkeyProxy } from "@latchkey/element/dev-server";

export default { server: { port: 3000, proxy: latchkeyProxy(process.env.LATCHKEY_URL) } };
