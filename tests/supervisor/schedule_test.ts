import { assertEquals } from "@std/assert";
import { live } from "./_schedule.ts";
import { openDescriptors } from "./_supervised.ts";

/** How many lives the suite has the time for; `tests/programs/supervised_schedules.ts` lives more. */
const LIVES = 20;

Deno.test("random schedules of restart, crash, shutdown and signal", async (test) => {
  const first = crypto.getRandomValues(new Uint32Array(1))[0]!;
  await live(first);
  const before = await openDescriptors();
  for (let seed = first; seed < first + LIVES; seed++) {
    await test.step(`seed ${seed}`, async () => {
      await live(seed);
    });
  }
  assertEquals(await openDescriptors(), before);
});

Deno.test("schedules of seeds that were of interest", async () => {
  for (const seed of [1, 2, 3, 4, 5]) await live(seed);
});
