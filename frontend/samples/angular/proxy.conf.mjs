import { latchkeyProxy } from "@latchkey/element/dev-server";

export default latchkeyProxy(process.env.LATCHKEY_URL);
