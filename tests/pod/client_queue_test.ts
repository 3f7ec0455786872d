import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { ClientQueue } from "../../lib/pod/client_queue.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (chunk: Uint8Array | undefined) => chunk && new TextDecoder().decode(chunk);

Deno.test("ClientQueue gives lines in order, small ones as one chunk, a single one as it is", () => {
  const queue = new ClientQueue();
  const line = bytes("one\n");
  queue.push(line);
  assertStrictEquals(queue.take(), line);
  queue.push(bytes("two\n"));
  queue.push(bytes("three\n"));
  assertEquals(text(queue.take()), "two\nthree\n");
  assertEquals(queue.take(), undefined);
});

Deno.test("ClientQueue gives large lines alone", () => {
  const queue = new ClientQueue();
  const large = bytes("x".repeat(70_000));
  queue.push(bytes("a\n"));
  queue.push(large);
  queue.push(bytes("b\n"));
  assertEquals(text(queue.take()), "a\n");
  assertStrictEquals(queue.take(), large);
  assertEquals(text(queue.take()), "b\n");
});

Deno.test("ClientQueue P7: drops all that waits when a line does not fit, and is behind", () => {
  const queue = new ClientQueue({ maxBytes: 10 });
  assert(queue.push(bytes("12345\n")));
  assert(!queue.push(bytes("67890\n")));
  assert(queue.isBehind);
  assert(queue.isEmpty);
  queue.startOver();
  assert(!queue.isBehind);
  assert(queue.push(bytes("12345\n")));
});

Deno.test("ClientQueue takes one line beyond the bound, beside what else waits", () => {
  const queue = new ClientQueue({ maxBytes: 10 });
  const long = bytes("x".repeat(100));
  assert(queue.push(bytes("before\n")));
  assert(queue.push(long));
  assert(queue.push(bytes("b\n")));
  assertEquals(text(queue.take())?.length, "before\n".length + long.length + "b\n".length);
  assert(queue.push(long));
  assert(!queue.push(long));
  assert(queue.isBehind);
});

Deno.test("ClientQueue that was behind takes a line beyond the bound again", () => {
  const queue = new ClientQueue({ maxBytes: 10 });
  queue.push(bytes("x".repeat(100)));
  queue.push(bytes("x".repeat(100)));
  queue.startOver();
  assert(queue.push(bytes("x".repeat(100))));
});

Deno.test("ClientQueue does not count what an attachment brings", () => {
  const queue = new ClientQueue({ maxBytes: 10 });
  queue.pushUnbounded(bytes("x".repeat(100)));
  assert(queue.push(bytes("12345\n")));
  assert(!queue.isBehind);
});

Deno.test("ClientQueue counts the alerts its writer took, not those it dropped", () => {
  const queue = new ClientQueue({ maxBytes: 10 });
  queue.push(bytes("alert1\n"), 1);
  queue.take();
  assertEquals(queue.alertNumber, 1);
  queue.push(bytes("alert2\n"), 2);
  queue.push(bytes("alert3\n"), 3);
  assertEquals(queue.alertNumber, 1);
});

Deno.test("ClientQueue.ready() waits for a line, for being behind, or for the end", async () => {
  for (
    const wake of [
      (queue: ClientQueue) => queue.push(bytes("a\n")),
      (queue: ClientQueue) => queue.pushUnbounded(bytes("a\n")),
      (queue: ClientQueue) => queue.end(),
    ]
  ) {
    const queue = new ClientQueue({ maxBytes: 4 });
    const ready = queue.ready();
    wake(queue);
    await ready;
  }
  const queue = new ClientQueue({ maxBytes: 1 });
  queue.push(bytes("a\n"));
  queue.push(bytes("b\n"));
  assert(queue.isEmpty && queue.isBehind);
  await queue.ready();
});

Deno.test("ClientQueue takes nothing after its end, and still gives what waits", () => {
  const queue = new ClientQueue();
  queue.push(bytes("a\n"));
  queue.end();
  assert(!queue.push(bytes("b\n")));
  queue.pushUnbounded(bytes("c\n"));
  assertEquals(text(queue.take()), "a\n");
  assertEquals(queue.take(), undefined);
});

Deno.test("ClientQueue keeps order over thousands of lines", () => {
  const queue = new ClientQueue();
  const taken: string[] = [];
  for (let number = 0; number < 5_000; number++) {
    queue.push(bytes(`${number}\n`));
    if (number % 7 === 0) taken.push(text(queue.take())!);
  }
  for (let chunk = queue.take(); chunk; chunk = queue.take()) taken.push(text(chunk)!);
  assertEquals(taken.join("").trim().split("\n").map(Number), [...Array(5_000).keys()]);
});
