import { ClientError } from "./error.ts";

/** The message of anything thrown. */
export function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Whether `cause` only says that the other side is gone, which counts as the end of the stream. */
export function isDisconnect(cause: unknown): boolean {
  return cause instanceof Deno.errors.BrokenPipe ||
    cause instanceof Deno.errors.ConnectionReset ||
    cause instanceof Deno.errors.ConnectionAborted ||
    cause instanceof Deno.errors.NotConnected ||
    cause instanceof Deno.errors.UnexpectedEof;
}

/** The error of an attempt to connect to `path` that failed with `cause`. */
export function connectFailure(path: string, cause: unknown): ClientError {
  const text = `Cannot connect to "${path}"`;
  if (cause instanceof Deno.errors.NotFound) {
    return new ClientError("not_found", `${text}: no such socket`, { cause });
  }
  if (cause instanceof Deno.errors.ConnectionRefused) {
    return new ClientError("refused", `${text}: nobody listens there`, { cause });
  }
  if (cause instanceof Deno.errors.WouldBlock) {
    return new ClientError("backlog_full", `${text}: too many connections are waiting`, { cause });
  }
  return new ClientError("connection_failed", `${text}: ${describe(cause)}`, { cause });
}

/**
 * The error of a call that an aborted `signal` ended. A signal of this room carries the true reason
 * as a {@linkcode ClientError}, for example a time-out, which then is the error itself.
 */
export function abortFailure(signal: AbortSignal, doing: string): ClientError {
  const cause = signal.reason;
  if (cause instanceof ClientError) return cause;
  return new ClientError("aborted", `Cannot ${doing}: the signal was aborted`, { cause });
}
