/**
 * The random sequences of `tests/ticket/store_processes_test.ts` in any number, for a long look by
 * hand: `deno run -A tests/programs/ticket_many_sequences.ts 2000 [seed]`.
 *
 * @module
 */

import { runSequences } from "../ticket/_sequences.ts";

const count = Number(Deno.args[0] ?? 2000);
const seed = Number(Deno.args[1] ?? Math.floor(Math.random() * 1e6));
const folder = await Deno.makeTempDir();
const report = await runSequences(folder, { count, seed, processes: 4 });
await Deno.stdout.write(
  new TextEncoder().encode(`${JSON.stringify({ count, seed, ...report })}\n`),
);
await Deno.remove(folder, { recursive: true });
