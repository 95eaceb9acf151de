//! What goes over the wire in one visit, as the browser counts it: compressed bodies and headers.

export class Wire {
  #addresses = [];
  #bytes = 0;
  #lastMs = 0;
  #open = new Set();
  #began;
  #lastChange = Date.now();

  /** Listens from now on; the browser says nothing before `Network.enable`. */
  constructor(cdp) {
    cdp.on('Network.requestWillBeSent', ({ requestId, request, timestamp }) => {
      if (!/^https?:/.test(request.url)) return;
      this.#began ??= timestamp;
      this.#addresses.push(request.url);
      this.#open.add(requestId);
      this.#changed();
    });
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength, timestamp }) => {
      if (!this.#open.delete(requestId)) return;
      this.#bytes += encodedDataLength;
      this.#lastMs = (timestamp - this.#began) * 1000;
      this.#changed();
    });
    cdp.on('Network.loadingFailed', ({ requestId }) => {
      if (this.#open.delete(requestId)) this.#changed();
    });
  }

  /** What has been fetched for the page at `url`, when the last of it came, and what was asked of others. */
  soFar(url) {
    return {
      bytes: this.#bytes,
      requests: this.#addresses.length,
      elsewhere: this.#addresses.filter((address) => !address.startsWith(url)),
      lastMs: this.#lastMs,
    };
  }

  /** Resolves once nothing has begun or ended for `span` and nothing is under way, or at `until`. */
  async quiet(span, until) {
    for (;;) {
      const wait = this.#open.size ? span : this.#lastChange + span - Date.now();
      if (wait <= 0 || Date.now() > until) return;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  #changed() {
    this.#lastChange = Date.now();
  }
}
