/** What comes before a text that a person types. @module */

import type { Context } from "./context.ts";
import { openStore } from "./open_store.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";
import { announceTyping } from "./read_text.ts";
import { authorOption } from "./ticket_place.ts";

/**
 * Makes sure that a ticket can take a text before somebody types one, which would be lost, and says
 * how it ends.
 *
 * @throws {TicketError} What the change would fail with: there is no such ticket, its name is not
 * the whole id, it cannot be read or written.
 */
export async function prepareTyping(
  id: string,
  args: ParsedArguments,
  context: Context,
): Promise<void> {
  const store = await openStore(args, context);
  await store.itemText(id, authorOption(args));
  await store.show(id);
  announceTyping(context, "yoi ticket");
}
