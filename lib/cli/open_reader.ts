/** @module */

import { TicketReader } from "../ticket/ticket_reader.ts";
import type { Context } from "./context.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";
import { knownPlace } from "./ticket_place.ts";

/** Opens the tickets that a command line means, to read them; nothing that writes is loaded. */
export async function openReader(args: ParsedArguments, context: Context): Promise<TicketReader> {
  const { root } = await knownPlace(args, context);
  return new TicketReader(root);
}
