/**
 * Writes events to a ticket root, in turns to a ticket that others write to as well and to one of
 * its own.
 *
 * Arguments: the root, this writer's name, how many events, the shared ticket, the own ticket, and
 * whether each is synced to the disk.
 *
 * @module
 */

import { TicketStore } from "../../lib/ticket/store.ts";

const [root, writer, count, shared, own, durable] = Deno.args as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const store = TicketStore.open(root, { author: writer, durable: durable === "true" });
for (let index = 0; index < Number(count); index++) {
  await store.comment(index % 2 === 0 ? shared : own, { body: `${writer} ${index}` });
}
