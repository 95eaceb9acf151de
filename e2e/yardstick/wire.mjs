//! The bytes of one visit as the browser counts them: compressed bodies and headers.

export class Wire {
  #exchanges = new Map();
  #began;
  #last;
  #lastChange = Date.now();

  /** Listens from now on; the browser sends no events before `Network.enable`. */
  constructor(cdp) {
    cdp.on('Network.requestWillBeSent', ({ requestId, request, timestamp }) => {
      if (!/^https?:/.test(request.url)) return;
      this.#began ??= timestamp;
      this.#exchanges.set(requestId, { address: request.url, bytes: 0, waits: true });
      this.#changed(timestamp);
    });
    // A body that a script never reads has no end event, so bytes are counted as they arrive.
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

  /** The traffic so far of the page at `url`, the time of the last byte, and requests to other origins. */
  soFar(url) {
    const exchanges = [...this.#exchanges.values()];
    return {
      bytes: exchanges.reduce((sum, { bytes }) => sum + bytes, 0),
      requests: exchanges.length,
      elsewhere: exchanges.map(({ address }) => address).filter((address) => !address.startsWith(url)),
      lastMs: (this.#last - this.#began) * 1000,
    };
  }

  /** Resolves when nothing arrived for `span` and no request is open, or at `until`. */
  async quiet(span, until) {
    for (;;) {
      const waits = [...this.#exchanges.values()].some((exchange) => exchange.waits);
      const rest = waits ? span : this.#lastChange + span - Date.now();
      if (rest <= 0 || Date.now() > until) return;
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  #when(cdp, event, note) {
    cdp.on(`Network.${event}`, (params) => {
      const exchange = this.#exchanges.get(params.requestId);
      if (!exchange) return;
      note(exchange, params);
      this.#changed(params.timestamp);
    });
  }

  #changed(timestamp) {
    // Events of different requests do not come in the order of their times.
    this.#last = Math.max(this.#last ?? timestamp, timestamp);
    this.#lastChange = Date.now();
  }
}
