/** @module */

import type { ReadEnvironment } from "../config/paths.ts";
import { spawnChild } from "../process/child.ts";
import { SignalListener } from "../process/signals.ts";
import { CliError } from "./cli_error.ts";

/**
 * The command of the person's editor, a shell's words: `$VISUAL`, else `$EDITOR`.
 *
 * @throws {CliError} `failed` when neither names one.
 */
export function editorCommand(env: ReadEnvironment): string {
  const editor = env("VISUAL") || env("EDITOR");
  if (editor) return editor;
  throw new CliError("failed", "Cannot edit: neither VISUAL nor EDITOR names an editor");
}

/**
 * Opens a file in an editor and waits until it is left. The editor has the terminal meanwhile:
 * Ctrl-C is a key of its own there and does not end this program.
 *
 * @param editor A shell's words, so that it can bring arguments of its own.
 * @throws {CliError} `failed` when the editor says that it failed.
 * @throws {ProcessError} when there is no shell.
 */
export async function openInEditor(editor: string, path: string): Promise<void> {
  using _signals = new SignalListener(["SIGINT"], () => {});
  await using child = spawnChild({
    command: ["sh", "-c", `${editor} "$@"`, editor, path],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
    group: false,
  });
  const { code } = await child.status;
  if (code === 0) return;
  throw new CliError("failed", `Cannot edit: editor "${editor}" ended with code ${code}`);
}
