/** @module */

import { TicketStore } from "../ticket/store.ts";
import type { Context } from "./context.ts";
import { escapeCell } from "./escape_text.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";
import { knownPlace } from "./ticket_place.ts";

/**
 * Opens the tickets that a command line means to change them, as the person at the terminal.
 *
 * @param options As those of {@linkcode knownPlace}.
 */
export async function openStore(
  args: ParsedArguments,
  context: Context,
  options: { readonly isMade?: boolean } = {},
): Promise<TicketStore> {
  const { root, ...settings } = await knownPlace(args, context, options);
  const author = context.env("USER")?.trim() || "unknown";
  const { stderr } = context.terminal;
  const onWait = (holder = "another writer") =>
    stderr.announce(`yoi ticket: waiting for ${escapeCell(holder)}\n`);
  return TicketStore.open(root, { author, onWait, ...settings });
}
