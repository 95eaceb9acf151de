//! What goes over the wire in one visit, as the browser counts it: compressed bodies and headers.

export class Wire {
  #exchanges = new Map();
  #began;
  #last;
  #lastChange = Date.now();

  /** Listens from now on; the browser says nothing before `Network.enable`. */
  constructor(cdp) {
    cdp.on('Network.requestWillBeSent', ({ requestId, request, timestamp }) => {
      if (!/^https?:/.test(request.url)) return;
      this.#began ??= timestamp;
      this.#exchanges.set(requestId, { address: request.url, bytes: 0, waits: true });
      this.#changed(timestamp);
    });
    // A body that a script asked for and never reads has no end, so what came is counted as it comes.
    this.#when(cdp, 'responseReceived', (exchange, { response, type }) => {
      exchange.bytes += response.encodedDataLength;
      exchange.waits = type !== 'Fetch' && type !== 'XHR';
    });
    this.#when(cdp, 'dataReceived', (exchange, { encodedDataLength }) => {
      exchange.bytes += encodedDataLength;
    });
    this.#when(cdp, 'loadingFinished', (exchange, { encodedDataLength }) => {
      exchange.bytes = encodedDataLength;
      exchange.waits = false;
    });
    this.#when(cdp, 'loadingFailed', (exchange) => {
      exchange.waits = false;
    });
  }

  /** What has been fetched for the page at `url`, when the last of it came, and what was asked of others. */
  soFar(url) {
    const exchanges = [...this.#exchanges.values()];
    return {
      bytes: exchanges.reduce((sum, { bytes }) => sum + bytes, 0),
      requests: exchanges.length,
      elsewhere: exchanges.map(({ address }) => address).filter((address) => !address.startsWith(url)),
      lastMs: (this.#last - this.#began) * 1000,
    };
  }

  /** Resolves once nothing has come for `span` and nothing is waited for, or at `until`. */
  async quiet(span, until) {
    for (;;) {
      const waits = [...this.#exchanges.values()].some((exchange) => exchange.waits);
      const rest = waits ? span : this.#lastChange + span - Date.now();
      if (rest <= 0 || Date.now() > until) return;
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  #when(cdp, event, note) {
    cdp.on(`Network.${event}`, (told) => {
      const exchange = this.#exchanges.get(told.requestId);
      if (!exchange) return;
      note(exchange, told);
      this.#changed(told.timestamp);
    });
  }

  #changed(timestamp) {
    // Events of different requests do not come in the order of their times.
    this.#last = Math.max(this.#last ?? timestamp, timestamp);
    this.#lastChange = Date.now();
  }
}
