/** @module */

import { CliError } from "./cli_error.ts";

/**
 * The text of a file as it is, its byte order mark and line ends included.
 *
 * @throws {CliError} `failed` when it cannot be read, or is no UTF-8 text.
 */
export async function readExactly(path: string): Promise<string> {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return decoder.decode(await Deno.readFile(path));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new CliError("failed", `Cannot read "${path}": ${detail}`, { cause });
  }
}
