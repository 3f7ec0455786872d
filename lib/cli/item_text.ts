/** Texts that are edited: every byte of them counts. @module */

import { TicketReader } from "../ticket/ticket_reader.ts";
import { TicketError } from "../ticket/ticket_error.ts";
import { CliError } from "./cli_error.ts";

/**
 * The `item.md` of a ticket as it is, its byte order mark and line ends included.
 *
 * @param id Exactly the ticket's id.
 * @throws {TicketError} `not_found`, `invalid_component`, `escapes_root` for a link in its place.
 * @throws {CliError} `failed` when it cannot be read.
 */
export async function readItemText(root: string, id: string): Promise<string> {
  const path = `${root}/${new TicketReader(root).find(id).folder}/item.md`;
  if (!(await Deno.lstat(path)).isFile) throw TicketError.escapesRoot(path);
  return await readExactly(path);
}

/**
 * The text of a file.
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
