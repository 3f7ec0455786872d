/** @module */

/**
 * What went wrong with a file, stable, for programs to switch on: `no_space` (disk or quota full, or
 * the file at its limit), `not_found`, `exists`, `permission`, `locked` (someone else holds the lock),
 * `io` (all the rest).
 */
export type FileErrorCode =
  | "no_space"
  | "not_found"
  | "exists"
  | "permission"
  | "locked"
  | "io";

/**
 * A file that could not be written, appended to or locked.
 *
 * @example
 * ```ts
 * import { FileError } from "./file_error.ts";
 * const error = FileError.from("write", "/notes/a.md", new Deno.errors.NotFound("os error 2"));
 * if (error.code !== "not_found") throw error;
 * if (error.message !== 'Cannot write "/notes/a.md": no such file or folder') throw error;
 * ```
 */
export class FileError extends Error {
  /** Always `FileError`. */
  override readonly name = "FileError";

  /**
   * An error in words of one's own; {@linkcode FileError.from} finds them itself.
   *
   * @param code What went wrong, for programs.
   * @param path The file it is about.
   * @param message What went wrong, for people.
   */
  constructor(
    readonly code: FileErrorCode,
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /**
   * Wraps what a call of the runtime threw. A `FileError` is handed back as it is.
   *
   * @param verb What was tried: `write`, `append to`, `lock`.
   */
  static from(verb: string, path: string, cause: unknown): FileError {
    if (cause instanceof FileError) return cause;
    const code = codeOf(cause);
    const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
    return new FileError(code, path, `Cannot ${verb} "${path}": ${reason}`, { cause });
  }
}

/** Words that say more than the runtime's; the other codes keep the runtime's own words. */
const REASONS: Partial<Record<FileErrorCode, string>> = {
  not_found: "no such file or folder",
  exists: "it exists already",
};

/** A full disk, a used-up quota, a file as large as it may get. */
const NO_SPACE: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

function codeOf(cause: unknown): FileErrorCode {
  if (cause instanceof Deno.errors.NotFound) return "not_found";
  if (cause instanceof Deno.errors.AlreadyExists) return "exists";
  if (cause instanceof Deno.errors.PermissionDenied) return "permission";
  if (cause instanceof Deno.errors.NotCapable) return "permission";
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" && NO_SPACE.has(code) ? "no_space" : "io";
}
