/** @module */

import type { ReadEnvironment } from "../config/paths.ts";
import { CliError } from "./cli_error.ts";
import { escapeCell } from "./escape_text.ts";
import { EXIT, type ExitCode } from "./exit_code.ts";
import { withIdHint } from "./id_hint.ts";
import type { VerbFamily } from "./verb.ts";

/** What a person reads of an error, and what the program ends with. */
export interface ErrorReport {
  /** Lines for stderr. */
  message: string;
  exitCode: ExitCode;
}

/** Classes and codes of errors that say that the configuration cannot be used. */
const CONFIGURATION = new Set([
  "ConfigError no_directory",
  "ConfigError socket_path_too_long",
  "ConfigError bad_file",
  "HostError bad_workspace",
  "PodError invalid",
  "ScopeError invalid_rule",
  "WorkerError unknown_model",
  "WorkerError bad_script",
]);

/**
 * Describes an error in one line, or with its stack and causes when `YOI_DEBUG` is set. Errors of
 * other rooms are told apart by name and code, so that no room is loaded for this.
 *
 * @param family Of the verb that failed: what fails in it is told under its name, unless it is the
 * command line.
 */
export function describeError(
  error: unknown,
  env: ReadEnvironment,
  family?: VerbFamily,
): ErrorReport {
  const plain = error instanceof Error ? error.message : String(error);
  const message = family ? withLockHint(error, withIdHint(plain)) : plain;
  const isUsage = error instanceof CliError && error.code === "usage";
  const who = family === undefined || isUsage ? "yoi" : `yoi ${family.name}`;
  const lines = [`${who}: ${inOneLine(message)}`];
  if (env("YOI_DEBUG")) lines.push(...stacks(error));
  const exitCode = family ? familyExitCode(error, family) : exitCodeFor(error);
  return { message: `${lines.join("\n")}\n`, exitCode };
}

/** Whatever a message quotes is shown, not obeyed; only the usage has a line of its own. */
function inOneLine(message: string): string {
  const at = message.lastIndexOf("\nusage: ");
  return at < 0
    ? escapeCell(message)
    : `${escapeCell(message.slice(0, at))}\n${escapeCell(message.slice(at + 1))}`;
}

/**
 * People who know other lock files remove one that is in their way, which would let two write at once.
 * Who holds it, and what to do about one that stands still, the message says already.
 */
function withLockHint(error: unknown, message: string): string {
  if (!(error instanceof Error) || error.name !== "TicketError") return message;
  if (!("code" in error) || error.code !== "locked") return message;
  return `${message}; try again when it is free, and leave the file where it is`;
}

/** A signal and an output that nobody reads are not the verb's failure. */
function familyExitCode(error: unknown, family: VerbFamily): ExitCode {
  const isOutside = error instanceof CliError &&
    (error.code === "output_closed" || error.code === "interrupted");
  return isOutside ? error.exitCode : family.failureCode;
}

function exitCodeFor(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  if (!(error instanceof Error)) return EXIT.failed;
  const kind = `${error.name} ${"code" in error ? error.code : ""}`;
  if (kind === "ConfigError bad_pod_name") return EXIT.usage;
  return CONFIGURATION.has(kind) ? EXIT.configuration : EXIT.failed;
}

function stacks(error: unknown): string[] {
  const texts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    texts.push(at.stack ?? `${at.name}: ${at.message}`);
  }
  return texts;
}
