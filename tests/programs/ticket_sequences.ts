/**
 * Runs random sequences of operations in a ticket root, and dies by SIGKILL in the middle of some.
 *
 * Arguments: the root, a seed, the number of the first sequence, the number to stop before, the step
 * from one to the next, and a file that gets one JSON line for each sequence that begins and for
 * each operation that was acknowledged.
 *
 * @module
 */

import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import { TICKET_STATES } from "../../lib/ticket/states.ts";
import type { Acknowledged } from "../ticket/_sequences.ts";

const [root, seed, first, end, stride, diary] = Deno.args;
/** How many tickets there are before none are made any more. */
const MANY_TICKETS = 25;

/** A small generator of numbers from 0 up to 1, the same for the same seed. */
function generator(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The line is in the system's hands before the next operation begins, so a death keeps it. */
function note(line: Acknowledged): void {
  Deno.writeTextFileSync(diary!, `${JSON.stringify(line)}\n`, { append: true });
}

async function runSequence(number: number): Promise<void> {
  const random = generator(Number(seed) * 65_537 + number);
  const below = (limit: number) => Math.floor(random() * limit);
  let writesLeft = random() < 0.3 ? below(14) : Infinity;
  const store = TicketStore.open(root!, {
    author: `writer ${number}`,
    durable: false,
    onWrite: () => {
      if (writesLeft-- <= 0) Deno.kill(Deno.pid, "SIGKILL");
    },
  });
  note({ sequence: number });
  for (let step = 1 + below(5); step > 0; step--) {
    await runOne(store, `mark-${number}-${step}-`, below);
  }
}

/** One operation on some ticket. Most marks end up in the body of an event. */
async function runOne(
  store: TicketStore,
  mark: string,
  below: (limit: number) => number,
): Promise<void> {
  const { tickets, problems } = await store.list({ limit: Infinity });
  if (problems.length > 0) throw new Error(`Cannot go on: ${JSON.stringify(problems)}`);
  const choice = below(12);
  if (tickets.length < 3 || (choice === 0 && tickets.length < MANY_TICKETS)) {
    note({ created: await store.create({ title: mark }) });
    return;
  }
  const { id } = tickets[below(tickets.length)]!;
  const other = tickets[below(tickets.length)]!.id;
  try {
    if (choice < 3) await store.comment(id, { body: `${mark}\n---` });
    else if (choice < 6) {
      await store.setState(id, TICKET_STATES[below(5)]!, { body: mark });
    } else if (choice === 6) await store.close(id, { resolution: mark });
    else if (choice === 7) await store.reopen(id, { reason: mark });
    else if (choice === 8) {
      // Only older tickets are waited for, so that there are no circles.
      const kind = other < id ? "depends_on" : "related";
      await store.relate(id, { kind, target: other });
      note({ id, kind, target: other });
      return;
    } else if (choice === 9) {
      await store.plan(id, { kind: "waiting_capacity_note", note: mark });
      note({ id, plan: mark });
      return;
    } else if (choice === 10) {
      await store.setField(id, { field: "readiness", to: mark, reason: "r", body: mark });
    } else {
      await store.editItem(id, { body: mark });
      return;
    }
    note({ id, mark });
  } catch (error) {
    // Refusals belong to a random life; everything else does not.
    if (!(error instanceof TicketError) || error.code !== "conflict") throw error;
  }
}

for (let number = Number(first); number < Number(end); number += Number(stride)) {
  await runSequence(number);
}
