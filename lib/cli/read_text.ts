/** @module */

import { CliError } from "./cli_error.ts";

/** What stdin is read from. */
export interface TextSource {
  readonly readable: ReadableStream<Uint8Array>;
  /** Whether somebody types it. */
  readonly isTerminal?: () => boolean;
}

/**
 * The text that words on a command line stand for; a single `-` stands for stdin.
 *
 * @throws {CliError} `usage` when there is none, or stdin holds something else than text.
 */
export async function readText(
  words: readonly string[],
  stdin: TextSource = Deno.stdin,
): Promise<string> {
  const isPiped = words.length === 1 && words[0] === "-";
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
    throw new CliError("usage", "Cannot send stdin: it is no UTF-8 text", { cause });
  }
}
