// Why a call failed. An aborted call rejects with the reason of its signal, as fetch does.

import type { Problem, ProblemCode } from "./api.js";
import type { Transaction } from "./steps.js";

/** The server refused the call; `code` says why. A wrong password or code is no error but a transaction with messages. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly status: number;
  /** Seconds to wait before the next call. */
  readonly retryAfter: number | undefined;
  /** With `stale_step`: where the flow stands now. */
  readonly transaction: Transaction | undefined;

  constructor({ code, status, title, detail, retryAfter, transaction }: Problem) {
    super(detail ? `${title}: ${detail}` : title);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.transaction = transaction as Transaction | undefined;
  }
}

/** The server cannot be reached, or what answered is not Latchkey. The same call may succeed later. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}
