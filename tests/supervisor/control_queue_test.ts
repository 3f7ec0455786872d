import { assert, assertEquals } from "@std/assert";
import { ControlQueue, sharedEncoder } from "../../lib/supervisor/_control_queue.ts";

const exited = { event: "child_exited", data: { child: "web" } };
const line = (text: string) => ({ event: "line", data: { line: text } });

Deno.test("ControlQueue gives back what it was given, in order, in few pieces", () => {
  const queue = new ControlQueue();
  assertEquals(queue.take(), undefined);
  queue.push(exited);
  queue.push(line("one"));
  assertEquals(read(queue), [exited, line("one")]);
  assertEquals(queue.take(), undefined);
});

Deno.test("ControlQueue.take() keeps its pieces short, and hands a long line on whole", () => {
  const queue = new ControlQueue();
  const texts = ["a".repeat(40_000), "b".repeat(40_000), "c".repeat(100_000)];
  for (const text of texts) queue.push(line(text));
  const sizes = [queue.take(), queue.take(), queue.take()].map((piece) => piece!.length);
  assertEquals(sizes, texts.map((text) => JSON.stringify(line(text)).length + 1));
});

Deno.test("ControlQueue leaves printed lines out when it is full, and says how many", () => {
  const queue = new ControlQueue({ maxBytes: 1_000 });
  queue.push(exited);
  for (let count = 0; count < 100; count++) assert(queue.push(line("x".repeat(100))));
  const events = read(queue);
  const left = events.filter(({ event }) => event === "line").length;
  const message = `${100 - left} lines were left out: this client reads too slowly`;
  assertEquals(events[0], { event: "error", data: { message } });
  assertEquals(events[1], exited);
  assert(left < 10);
  assertEquals(events.at(-1), line("x".repeat(100)));
  assert(queue.push(line("again")));
  assertEquals(read(queue), [line("again")]);
});

Deno.test("ControlQueue: printed lines give way to what happens", () => {
  const queue = new ControlQueue({ maxBytes: 400 });
  for (let count = 0; count < 10; count++) queue.push(line("x".repeat(100)));
  for (let count = 0; count < 5; count++) assert(queue.push(exited));
  assertEquals(read(queue).slice(1), Array.from({ length: 5 }, () => exited));
});

Deno.test("ControlQueue.push() refuses an event that does not fit even without lines", () => {
  const queue = new ControlQueue({ maxBytes: 200 });
  let count = 0;
  while (queue.push(exited)) count++;
  assertEquals(read(queue).length, count);
});

Deno.test("ControlQueue.ready() waits for an event or the end", async () => {
  const queue = new ControlQueue();
  const first = queue.ready();
  queue.push(exited);
  await first;
  queue.take();
  const second = queue.ready();
  queue.end();
  await second;
  assert(queue.hasEnded);
  assert(queue.push(exited));
  assertEquals(queue.take(), undefined);
});

function read(queue: ControlQueue): { event: string; data: unknown }[] {
  let text = "";
  for (let piece = queue.take(); piece; piece = queue.take()) {
    text += new TextDecoder().decode(piece);
  }
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("ControlQueue: what many clients are told is encoded once", () => {
  let count = 0;
  const encode = sharedEncoder();
  const queues = Array.from({ length: 3 }, () => new ControlQueue({ encode }));
  for (const text of ["one", "two"]) {
    const event = { event: "line", data: { toJSON: () => `${text} ${++count}` } };
    for (const queue of queues) queue.push(event);
  }
  assertEquals(count, 2);
  for (const queue of queues) {
    assertEquals(read(queue).map(({ data }) => data as unknown), ["one 1", "two 2"]);
  }
});
