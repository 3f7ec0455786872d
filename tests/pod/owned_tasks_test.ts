import { assert, assertEquals, assertRejects } from "@std/assert";
import { OwnedTasks } from "../../lib/pod/owned_tasks.ts";
import { LIMIT_REACHED, untilAborted, withinLimit } from "../../lib/pod/waiting.ts";

Deno.test("OwnedTasks tells a failure with the name of the task, also one thrown at once", async () => {
  const failures: string[] = [];
  await using tasks = new OwnedTasks({
    onFailure: (name, error) => failures.push(`${name}: ${error}`),
  });
  tasks.start("late", () => Promise.reject(new Error("no disk")));
  tasks.start("early", () => {
    throw new Error("no port");
  });
  assert(await tasks.idle(10_000));
  assertEquals(failures.sort(), ["early: Error: no port", "late: Error: no disk"]);
});

Deno.test("OwnedTasks aborts what runs, waits for it, and takes no more", async () => {
  const steps: string[] = [];
  const tasks = new OwnedTasks({ onFailure: () => steps.push("failure") });
  tasks.start("listing", (signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        steps.push("aborted");
        reject(signal.reason);
      });
    }));
  assertEquals(await tasks.idle(1), false);
  await tasks[Symbol.asyncDispose]();
  tasks.start("late", () => Promise.resolve(void steps.push("late")));
  assertEquals(steps, ["aborted"]);
});

Deno.test("OwnedTasks leaves a task behind that ignores its abort", async () => {
  await using tasks = new OwnedTasks({ onFailure: () => {}, abortLimitMs: 1 });
  tasks.start("deaf", () => new Promise(() => {}));
});

Deno.test("withinLimit() gives the result, the failure, or says that the time is over", async () => {
  assertEquals(await withinLimit(Promise.resolve(1), 10_000), 1);
  await assertRejects(() => withinLimit(Promise.reject(new Error("no")), 10_000), Error, "no");
  assertEquals(await withinLimit(new Promise(() => {}), 1), LIMIT_REACHED);
});

Deno.test("untilAborted() rejects with the reason, whatever the work does then", async () => {
  const abort = new AbortController();
  const work = Promise.withResolvers<number>();
  const waiting = untilAborted(work.promise, abort.signal);
  abort.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
  work.reject(new Error("nobody listens"));
  await assertRejects(() => untilAborted(Promise.resolve(1), abort.signal), Error, "enough");
  assertEquals(await untilAborted(Promise.resolve(1), new AbortController().signal), 1);
});
