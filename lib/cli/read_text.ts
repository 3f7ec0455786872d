/** @module */

import { CliError } from "./cli_error.ts";
import type { Context } from "./context.ts";

/** What stdin is read from. */
export interface TextSource {
  readonly readable: ReadableStream<Uint8Array>;
  /** Whether somebody types it. */
  readonly isTerminal?: () => boolean;
}

/**
 * Says how a text ends that is typed: the program that waits for it looks as one that hangs.
 *
 * @param who Under whose name it is said.
 */
export function announceTyping(
  { terminal: { stderr } }: Pick<Context, "terminal">,
  who = "yoi",
): void {
  const how = "Ctrl-D on a line of its own ends it, Ctrl-C cancels";
  stderr.announce(`${who}: reading the text from the terminal: ${how}\n`);
}

/**
 * The text that words on a command line stand for; a single `-` stands for stdin.
 *
 * @throws {CliError} `usage` when there is none, or stdin holds something else than text.
 */
export async function readText(
  words: readonly string[],
  context: Pick<Context, "terminal">,
  stdin: TextSource = Deno.stdin,
): Promise<string> {
  const isPiped = words.length === 1 && words[0] === "-";
  if (isPiped && stdin.isTerminal?.()) announceTyping(context);
  const text = isPiped ? await readAll(stdin) : words.join(" ");
  if (text.trim() !== "") return text;
  const where = isPiped ? "stdin holds no text" : "there is no text";
  throw new CliError("usage", `Cannot send nothing: ${where}`);
}

async function readAll({ readable }: TextSource): Promise<string> {
  const bytes = await new Response(readable as ReadableStream<Uint8Array<ArrayBuffer>>).bytes();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r?\n$/, "");
  } catch (cause) {
    throw new CliError("usage", "Cannot send stdin: it is not UTF-8 text", { cause });
  }
}
