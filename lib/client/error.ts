/** @module */

/**
 * Why a call of a client failed.
 *
 * | code | meaning |
 * | --- | --- |
 * | `closed` | this side closed the client, or the write side, before the call was done |
 * | `aborted` | a signal was aborted: the call's own, or the client's |
 * | `ended` | the Pod's side is gone: end of stream, reset or broken pipe |
 * | `timeout` | a limit ran out |
 * | `not_found` | no socket has that path |
 * | `refused` | the path has a socket that nobody listens on |
 * | `backlog_full` | somebody listens, but takes no connection at the moment |
 * | `connection_failed` | anything else; the `cause` tells |
 */
export type ClientErrorCode =
  | "closed"
  | "aborted"
  | "ended"
  | "timeout"
  | "not_found"
  | "refused"
  | "backlog_full"
  | "connection_failed";

/**
 * A call of a client that could not do what was asked.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { ClientError } from "./error.ts";
 * const error = new ClientError("timeout", 'Cannot probe "/run/yoi/a/sock": no answer in 500 ms');
 * assert(error.code === "timeout");
 * ```
 */
export class ClientError extends Error {
  /** The name of the class. */
  override readonly name = "ClientError";

  /**
   * Describes one failure.
   *
   * @param code Stable reason, for programs.
   * @param message `Cannot <verb> <thing>: <what is so>`, for people.
   */
  constructor(readonly code: ClientErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
