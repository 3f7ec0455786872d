/** @module */

import { systemReason } from "../file/system_reason.ts";

/**
 * Why a ticket store cannot do what was asked:
 * - `io`: the file system refused;
 * - `not_found`: there is no such ticket;
 * - `invalid_component`: a text that cannot be the name of a ticket's folder;
 * - `escapes_root`: a path or link that leaves the ticket root;
 * - `locked`: another writer held the store for longer than the time limit;
 * - `conflict`: the request is not valid, or not possible for the records as they are;
 * - `parse`: a file does not hold what its format prescribes.
 */
export type TicketErrorCode =
  | "io"
  | "not_found"
  | "invalid_component"
  | "escapes_root"
  | "locked"
  | "conflict"
  | "parse";

/** What an error is about, besides its code. */
export interface TicketErrorOptions extends ErrorOptions {
  /** The file or folder. */
  path?: string | undefined;
  /** 1-based line of the file. */
  line?: number | undefined;
}

/**
 * Why a ticket store cannot do what was asked. Switch on `code`; messages begin like those of the
 * reference, so that scripts that look at them keep working.
 *
 * Source: tickets specification, section 7.1.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { TicketError } from "@yoi/yoi/tickets";
 *
 * const error = TicketError.notFound("00001KT07NV00");
 * assert(error.code === "not_found");
 * assert(error.message === "ticket not found: 00001KT07NV00");
 * ```
 */
export class TicketError extends Error {
  /** The class, for messages. */
  override readonly name = "TicketError";
  /** What went wrong; stable, for programs. */
  readonly code: TicketErrorCode;
  /** The file or folder that it is about, if any. */
  declare readonly path?: string;
  /** 1-based line in that file, if known. */
  declare readonly line?: number;

  /** An error with this code; the static methods below word the usual ones. */
  constructor(code: TicketErrorCode, message: string, options: TicketErrorOptions = {}) {
    super(message, options);
    this.code = code;
    // What there is not is not told as undefined either.
    if (options.path !== undefined) this.path = options.path;
    if (options.line !== undefined) this.line = options.line;
  }

  /** The file system refused. */
  static io(path: string, cause: unknown): TicketError {
    const message = `ticket backend I/O error at ${path}: ${systemReason(cause)}`;
    return new TicketError("io", message, { path, cause });
  }

  /** There is no ticket that `query` names; `hint` says what to do. */
  static notFound(query: string, hint?: string): TicketError {
    return new TicketError("not_found", `ticket not found: ${query}${hint ? ` (${hint})` : ""}`);
  }

  /** A ticket has no artifact of this path. */
  static noArtifact(id: string, path: string): TicketError {
    return new TicketError("not_found", `ticket artifact not found: ${path} of ${id}`);
  }

  /** `value` cannot be the name of a ticket's folder. */
  static invalidComponent(value: string): TicketError {
    return new TicketError("invalid_component", `invalid ticket filename component: ${value}`);
  }

  /** `path` leaves the root, by itself or through a link. */
  static escapesRoot(path: string): TicketError {
    return new TicketError("escapes_root", `ticket path escapes configured root: ${path}`, {
      path,
    });
  }

  /** Another writer held the lock file for longer than the time limit. */
  static locked(path: string, holder?: string, cause?: unknown): TicketError {
    const by = holder === undefined ? "" : ` (held by ${holder})`;
    return new TicketError("locked", `ticket backend is locked: ${path}${by}`, { path, cause });
  }

  /** The request is not valid, or not possible for the records as they are. */
  static conflict(detail: string, options: TicketErrorOptions = {}): TicketError {
    return new TicketError("conflict", `ticket conflict: ${detail}`, options);
  }

  /** A file does not hold what its format prescribes. */
  static parse(path: string, detail: string, options: TicketErrorOptions = {}): TicketError {
    return new TicketError("parse", `ticket parse error in ${path}: ${detail}`, {
      ...options,
      path,
    });
  }
}
