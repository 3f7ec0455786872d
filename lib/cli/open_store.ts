/** @module */

import { TicketStore } from "../ticket/store.ts";
import type { Context } from "./context.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";
import { ticketPlace } from "./ticket_place.ts";

/** Opens the tickets that a command line means to change them, as the person at the terminal. */
export async function openStore(args: ParsedArguments, context: Context): Promise<TicketStore> {
  const { root, ...options } = await ticketPlace(args, context);
  return TicketStore.open(root, { author: context.env("USER") || "unknown", ...options });
}
