/** Starts processes and says why one could not be started. @module */

import { ProcessError } from "./process_error.ts";
import type { SpawnOptions } from "./spawn_options.ts";

/**
 * Starts a process.
 *
 * @throws {ProcessError} with the program's name and what is so.
 */
export function spawn(options: SpawnOptions): Deno.ChildProcess {
  const { command, cwd, env, clearEnv = false, group = true } = options;
  const { stdin = "null", stdout = "null", stderr = "null" } = options;
  const program = programOf(command);
  const args = command.slice(1);
  try {
    return new Deno.Command(program, {
      args,
      clearEnv,
      detached: group,
      stdin,
      stdout,
      stderr,
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
    }).spawn();
  } catch (cause) {
    throw explain(program, cwd, cause);
  }
}

/**
 * The program of a command.
 *
 * @throws {ProcessError} `not_found`, when the command is empty.
 */
export function programOf(command: readonly string[]): string {
  if (command[0]) return command[0];
  throw new ProcessError("not_found", "Cannot start a process: no program is named");
}

function explain(program: string, cwd: string | undefined, cause: unknown): ProcessError {
  // The runtime reports a wrong folder and a wrong program with the same class of error.
  if (cwd !== undefined && !isFolder(cwd)) {
    return new ProcessError(
      "bad_cwd",
      `Cannot start "${program}" in "${cwd}": no such folder`,
      { cause },
    );
  }
  if (cause instanceof Deno.errors.NotFound) {
    return new ProcessError(
      "not_found",
      `Cannot start "${program}": no such program, or its interpreter is missing`,
      { cause },
    );
  }
  const isForeign = cause instanceof Error && "code" in cause && cause.code === "ENOEXEC";
  if (cause instanceof Deno.errors.PermissionDenied || isForeign) {
    return new ProcessError("not_executable", `Cannot start "${program}": not executable`, {
      cause,
    });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ProcessError("spawn_failed", `Cannot start "${program}": ${reason}`, { cause });
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    // Not readable for us is not the same as missing: let the program's own error speak.
    return !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory);
  }
}
