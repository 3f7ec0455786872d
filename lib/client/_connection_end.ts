import { describe, isDisconnect } from "./_failure.ts";
import { ClientError, type ClientErrorCode } from "./error.ts";

/** How a client came to its end. */
export interface ClientEnding {
  /**
   * `closed`: by this side. `aborted`: by the client's signal. `ended`: the stream of the Pod ended.
   * `failed`: reading failed for another reason.
   */
  reason: "closed" | "aborted" | "ended" | "failed";
  /** What was not in order about it; absent after `closed`, and after a Pod that said `shutdown`. */
  error?: ClientError;
}

/** The end of a connection, from which the error of every call that meets it is made. */
export class ConnectionEnd {
  private constructor(
    readonly reason: ClientEnding["reason"],
    readonly isOrderly: boolean,
    readonly code: ClientErrorCode,
    readonly why: string,
    readonly cause?: unknown,
  ) {}

  /** This side closed it. */
  static closed(): ConnectionEnd {
    return new ConnectionEnd("closed", true, "closed", "the client is closed");
  }

  /** The client's own signal was aborted with `cause`. */
  static aborted(cause: unknown): ConnectionEnd {
    return new ConnectionEnd("aborted", false, "aborted", "the client was aborted", cause);
  }

  /** The stream ended behind a `shutdown`. */
  static shutdown(): ConnectionEnd {
    return new ConnectionEnd("ended", true, "ended", "the Pod has shut down");
  }

  /** The stream ended without a `shutdown`; `cause` is the line or the break that cut it, if any. */
  static cut(cause: unknown): ConnectionEnd {
    const why = cause === undefined
      ? 'the connection ended without "shutdown"'
      : isDisconnect(cause)
      ? "the Pod broke the connection off"
      : "the connection ended inside a line";
    return new ConnectionEnd("ended", false, "ended", why, cause);
  }

  /** Reading failed with `cause`. */
  static failed(cause: unknown): ConnectionEnd {
    return new ConnectionEnd("failed", false, "connection_failed", describe(cause), cause);
  }

  /** The error of a call that was `doing` something, or begins to, when the connection is over. */
  failure(doing: string): ClientError {
    const { cause } = this;
    const message = `Cannot ${doing}: ${this.why}`;
    return new ClientError(this.code, message, cause === undefined ? {} : { cause });
  }

  /** What the user of a client is told. */
  ending(): ClientEnding {
    const { reason } = this;
    return this.isOrderly ? { reason } : { reason, error: this.failure("go on with the Pod") };
  }
}
