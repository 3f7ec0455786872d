import { assertEquals, assertStrictEquals } from "@std/assert";
import { ABORTED, delay, Leftovers, untilAborted } from "../../lib/worker/_wait.ts";
import { never } from "./_turns.ts";

Deno.test("untilAborted() gives the work's result, or says that the signal fired first", async () => {
  const abort = new AbortController();
  assertEquals(await untilAborted(Promise.resolve(1), abort.signal), 1);
  const waiting = untilAborted(never(), abort.signal);
  abort.abort();
  assertStrictEquals(await waiting, ABORTED);
  assertStrictEquals(await untilAborted(never(), abort.signal), ABORTED);
});

Deno.test("delay() ends with its signal", async () => {
  const abort = new AbortController();
  const waiting = delay(3_600_000, abort.signal);
  abort.abort();
  await waiting;
  await delay(3_600_000, abort.signal);
});

Deno.test("Leftovers keeps work until it ends and reports its failure", async () => {
  const failures: unknown[] = [];
  const leftovers = new Leftovers((error) => failures.push(error));
  const work = Promise.withResolvers<void>();
  leftovers.keep(work.promise);
  assertEquals(leftovers.size, 1);
  work.reject("late");
  await leftovers.settle(3_600_000);
  assertEquals([failures, leftovers.size], [["late"], 0]);
});
