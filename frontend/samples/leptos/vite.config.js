import { latchkeyProxy } from "@latchkey/element/dev-server";

export default { preview: { port: 3000, proxy: latchkeyProxy(process.env.LATCHKEY_URL) } };
