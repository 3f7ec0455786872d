/**
 * Lives many random lives of a supervisor: `supervised_schedules.ts [COUNT [FIRST_SEED]]`. Prints
 * what they were like; ends with an error that names the seed of the first one that goes wrong.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { childrenOf, openDescriptors } from "../supervisor/_supervised.ts";
import { live } from "../supervisor/_schedule.ts";

const count = Number(Deno.args[0] ?? 100);
const first = Number(Deno.args[1] ?? crypto.getRandomValues(new Uint32Array(1))[0]);
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

say(`seeds ${first} to ${first + count - 1}`);
await live(first);
const before = await openDescriptors();
const endings = new Map<string, number>();
let started = 0;
for (let seed = first; seed < first + count; seed++) {
  const life = await live(seed);
  started += life.started;
  endings.set(life.reason, (endings.get(life.reason) ?? 0) + 1);
}
assertEquals(await openDescriptors(), before);
assertEquals(await childrenOf(Deno.pid), []);
say(`${count} lives, ${started} processes, ${before} descriptors before and after`);
for (const [reason, times] of endings) say(`  ${reason}: ${times}`);
