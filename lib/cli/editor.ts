/** @module */

import type { ReadEnvironment } from "../config/paths.ts";
import { spawnChild } from "../process/child.ts";
import { SignalListener } from "../process/signals.ts";
import type { ExitStatus } from "../process/spawn_options.ts";
import { CliError } from "./cli_error.ts";

/**
 * The command of the person's editor, a shell's words: `$VISUAL`, else `$EDITOR`.
 *
 * @throws {CliError} `failed` when neither names one.
 */
export function editorCommand(env: ReadEnvironment): string {
  const editor = [env("VISUAL"), env("EDITOR")].find((command) => command?.trim());
  if (editor !== undefined) return editor;
  const reason = isHidden("VISUAL") && isHidden("EDITOR")
    ? "this program may not read VISUAL and EDITOR: run it with --allow-env"
    : "neither VISUAL nor EDITOR names an editor: set one of them, as in EDITOR=vi";
  throw new CliError("failed", `Cannot edit: ${reason}, or give the text with --file`);
}

/** Whether the process may not read a variable, which then counts as none. */
function isHidden(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state !== "granted";
}

/**
 * Opens a file in an editor and waits until it is left. The editor has the terminal meanwhile:
 * Ctrl-C and Ctrl-\ are keys of its own there, so they end neither this program nor the shell
 * between, and what counts is how the editor itself ends.
 *
 * @param editor A shell's words, so that it can bring arguments of its own.
 * @throws {CliError} `failed` when the editor says that it failed, or a signal ended it.
 * @throws {ProcessError} when there is no shell.
 */
export async function openInEditor(editor: string, path: string): Promise<void> {
  using _signals = new SignalListener(["SIGINT", "SIGQUIT"], () => {});
  await using child = spawnChild({
    command: ["sh", "-c", editorScript(editor), editor, path],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
    group: false,
  });
  const failure = editorFailure(editor, await child.status);
  if (failure !== undefined) throw new CliError("failed", `Cannot edit: ${failure}`);
}

/**
 * The shell's script. A signal that is trapped, not ignored, means to the editor what it usually
 * does.
 */
function editorScript(editor: string): string {
  return `trap : INT QUIT\n${editor} "$@"`;
}

/** Why an editor that ended like this did not do its work; `undefined` when it did. */
export function editorFailure(
  editor: string,
  { code, signal }: Pick<ExitStatus, "code" | "signal">,
): string | undefined {
  if (code === 0) return undefined;
  const ended = signal ?? SIGNALS.get(code);
  return `editor "${editor}" ${ended ? `was ended by ${ended}` : `ended with code ${code}`}`;
}

/** What ended a command when a shell gives one of these codes. */
const SIGNALS: ReadonlyMap<number, Deno.Signal> = new Map([
  [129, "SIGHUP"],
  [130, "SIGINT"],
  [131, "SIGQUIT"],
  [134, "SIGABRT"],
  [137, "SIGKILL"],
  [139, "SIGSEGV"],
  [143, "SIGTERM"],
]);
