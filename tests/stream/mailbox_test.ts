import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Mailbox, MailboxClosedError } from "../../lib/stream/mod.ts";
import { WatchedSignal } from "./_source.ts";

/** Lets everything run that is ready to run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("Mailbox gives values in the order they were sent", async () => {
  const mailbox = new Mailbox<number>({ capacity: 3 });
  await mailbox.send(1);
  assertEquals(mailbox.trySend(2), true);
  await mailbox.send(3);
  assertEquals(mailbox.size, 3);
  assertEquals([await mailbox.receive(), await mailbox.receive()], [1, 2]);
  assertEquals([await mailbox.receive(), mailbox.size], [3, 0]);
});

Deno.test("Mailbox.send() waits while the mailbox is full, first come first served", async () => {
  const mailbox = new Mailbox<number>({ capacity: 1 });
  const settled: number[] = [];
  const sends = [1, 2, 3].map((n) => mailbox.send(n).then(() => settled.push(n)));
  await settle();
  assertEquals([settled, mailbox.size, mailbox.trySend(4)], [[1], 1, false]);
  assertEquals(await mailbox.receive(), 1);
  await settle();
  assertEquals(settled, [1, 2]);
  assertEquals([await mailbox.receive(), await mailbox.receive()], [2, 3]);
  await Promise.all(sends);
});

Deno.test("Mailbox.receive() waits while the mailbox is empty, first come first served", async () => {
  const mailbox = new Mailbox<number>({ capacity: 1 });
  const received = [mailbox.receive(), mailbox.receive(), mailbox.receive()];
  await mailbox.send(1);
  assertEquals(mailbox.trySend(2), true);
  assertEquals(mailbox.size, 0);
  await mailbox.send(3);
  assertEquals(await Promise.all(received), [1, 2, 3]);
});

Deno.test("Mailbox.send() and receive() leave the queue when aborted and lose no value", async () => {
  const mailbox = new Mailbox<number>({ capacity: 1 });
  const owner = new AbortController();
  const reason = new Error("gave up");

  const receives = [
    mailbox.receive(),
    mailbox.receive({ signal: owner.signal }),
    mailbox.receive(),
  ];
  const givenUp = assertRejects(() => receives[1]!);
  owner.abort(reason);
  assertEquals(await givenUp, reason);
  await mailbox.send(1);
  await mailbox.send(2);
  assertEquals([await receives[0], await receives[2]], [1, 2]);

  const sender = new AbortController();
  await mailbox.send(3);
  const second = mailbox.send(4, { signal: sender.signal });
  const third = mailbox.send(5);
  const refused = assertRejects(() => second);
  sender.abort(reason);
  assertEquals(await refused, reason);
  assertEquals([await mailbox.receive(), await mailbox.receive()], [3, 5]);
  await third;
});

Deno.test("Mailbox takes an abort before the call for a refusal and one after it for nothing", async () => {
  const mailbox = new Mailbox<number>({ capacity: 1 });
  const signal = AbortSignal.abort("early");
  assertEquals(await Promise.allSettled([mailbox.send(1, { signal })]), [
    { status: "rejected", reason: "early" },
  ]);
  await mailbox.send(1);
  assertEquals(await Promise.allSettled([mailbox.receive({ signal })]), [
    { status: "rejected", reason: "early" },
  ]);
  assertEquals(mailbox.size, 1);
});

Deno.test("Mailbox takes its listeners back when a wait is over", async () => {
  const watched = new WatchedSignal();
  const { signal } = watched;
  const mailbox = new Mailbox<number>({ capacity: 1 });
  const receiver = mailbox.receive({ signal });
  assertEquals(watched.listeners, 1);
  await mailbox.send(1, { signal });
  assertEquals([await receiver, watched.listeners], [1, 0]);

  await mailbox.send(2, { signal });
  const sender = mailbox.send(3, { signal });
  const refused = assertRejects(() => mailbox.send(4, { signal }), MailboxClosedError);
  assertEquals(watched.listeners, 2);
  assertEquals(await mailbox.receive({ signal }), 2);
  mailbox.close();
  await Promise.all([sender, refused]);
  assertEquals(watched.listeners, 0);
});

Deno.test("Mailbox.close() lets the values be received and refuses new ones", async () => {
  const mailbox = new Mailbox<number>({ capacity: 1 });
  await mailbox.send(1);
  const waiting = assertRejects(() => mailbox.send(2), MailboxClosedError);
  mailbox.close();
  mailbox.close();
  assertEquals((await waiting).code, "mailbox_closed");
  await assertRejects(() => mailbox.send(3), MailboxClosedError, "the mailbox is closed");
  assertEquals([mailbox.trySend(3), mailbox.closed], [false, true]);
  assertEquals([await mailbox.receive(), await mailbox.receive()], [1, undefined]);
});

Deno.test("Mailbox.close() ends waiting receivers with undefined", async () => {
  const mailbox = new Mailbox<number>({ capacity: 1 });
  const received = [mailbox.receive(), mailbox.receive()];
  mailbox.close();
  assertEquals(await Promise.all(received), [undefined, undefined]);
});

Deno.test("Mailbox.fail() rejects who waits and who receives after the last value", async () => {
  const error = new Error("connection reset");
  const mailbox = new Mailbox<number>({ capacity: 1 });
  const receiver = assertRejects(() => mailbox.receive());
  mailbox.fail(error);
  mailbox.close();
  assertEquals(await receiver, error);

  const full = new Mailbox<number>({ capacity: 1 });
  await full.send(1);
  const sender = assertRejects(() => full.send(2));
  full.fail(error);
  assertEquals(await sender, error);
  assertEquals(await assertRejects(() => full.send(3)), error);
  assertEquals(full.trySend(3), false);
  assertEquals(await full.receive(), 1);
  assertEquals(await assertRejects(() => full.receive()), error);
});

Deno.test("Mailbox iteration ends with the mailbox, and leaving it leaves the mailbox open", async () => {
  const mailbox = new Mailbox<number>({ capacity: 3 });
  for (const n of [1, 2, 3]) await mailbox.send(n);
  for await (const value of mailbox) {
    assertEquals(value, 1);
    break;
  }
  await mailbox.send(4);
  mailbox.close();
  assertEquals(await Array.fromAsync(mailbox), [2, 3, 4]);
});

Deno.test("Mailbox refuses a capacity that is no number of values", () => {
  for (const capacity of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => new Mailbox({ capacity }), RangeError, `"${capacity}"`);
  }
});

Deno.test("Mailbox stays as quick when many waiting calls have been aborted", async () => {
  const mailbox = new Mailbox<number>({ capacity: 1 });
  const owner = new AbortController();
  const gone = Promise.allSettled(
    Array.from({ length: 1000 }, () => mailbox.receive({ signal: owner.signal })),
  );
  const last = mailbox.receive();
  owner.abort("all of you");
  assertEquals(new Set((await gone).map(({ status }) => status)), new Set(["rejected"]));
  assertEquals(mailbox.trySend(1), true);
  assertEquals(await last, 1);
});

/** What a mailbox should do, as plain lists; each call is a number and ends as a text. */
class Model {
  readonly ended = new Map<number, string>();
  #values: number[] = [];
  #senders: number[] = [];
  #receivers: number[] = [];
  #end: string | undefined;

  constructor(readonly capacity: number) {}

  get size(): number {
    return this.#values.length;
  }

  send(call: number): void {
    if (this.#end !== undefined) this.ended.set(call, this.#end);
    else if (this.#receivers.length > 0) this.#handOver(call, this.#receivers.shift()!);
    else if (this.#values.length < this.capacity) this.#put(call);
    else this.#senders.push(call);
  }

  receive(call: number): void {
    if (this.#values.length > 0) {
      this.ended.set(call, `got ${this.#values.shift()}`);
      const sender = this.#senders.shift();
      if (sender !== undefined) this.#put(sender);
    } else if (this.#end !== undefined) this.ended.set(call, this.#drainedEnd());
    else this.#receivers.push(call);
  }

  abort(call: number): void {
    for (const queue of [this.#senders, this.#receivers]) {
      const index = queue.indexOf(call);
      if (index < 0) continue;
      queue.splice(index, 1);
      this.ended.set(call, "aborted");
    }
  }

  finish(end: "closed" | "failed"): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    for (const call of this.#senders.splice(0)) this.ended.set(call, end);
    for (const call of this.#receivers.splice(0)) this.ended.set(call, this.#drainedEnd());
  }

  #drainedEnd(): string {
    return this.#end === "closed" ? "got undefined" : "failed";
  }

  #put(call: number): void {
    this.#values.push(call);
    this.ended.set(call, "sent");
  }

  #handOver(sender: number, receiver: number): void {
    this.ended.set(sender, "sent").set(receiver, `got ${sender}`);
  }
}

const action = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: "send" as const }) },
  { weight: 5, arbitrary: fc.constant({ kind: "receive" as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("abort" as const), call: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: "close" as const }, { kind: "fail" as const }) },
);

Deno.test("Mailbox behaves like plain lists under any order of calls, aborts and ends", async () => {
  const failure = new Error("failed");
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(action, { maxLength: 40 }),
      async (capacity, actions) => {
        const mailbox = new Mailbox<number>({ capacity });
        const model = new Model(capacity);
        const ended = new Map<number, string>();
        const owners: AbortController[] = [];
        const watch = (promise: Promise<unknown>, describe: (value: unknown) => string) => {
          const call = owners.length - 1;
          promise.then(
            (value) => ended.set(call, describe(value)),
            (error) => ended.set(call, describeFailure(error)),
          );
          return call;
        };
        const describeFailure = (error: unknown) => {
          if (error instanceof MailboxClosedError) return "closed";
          return error === failure ? "failed" : String(error);
        };
        for (const { kind, ...rest } of actions) {
          if (kind === "send" || kind === "receive") {
            const owner = new AbortController();
            const call = owners.push(owner) - 1;
            const { signal } = owner;
            if (kind === "send") watch(mailbox.send(call, { signal }), () => "sent");
            else watch(mailbox.receive({ signal }), (value) => `got ${value}`);
            model[kind](call);
          } else if (kind === "abort") {
            const { call } = rest as { call: number };
            owners[call]?.abort("aborted");
            model.abort(call);
          } else if (kind === "close") {
            mailbox.close();
            model.finish("closed");
          } else {
            mailbox.fail(failure);
            model.finish("failed");
          }
          await settleMicrotasks();
          assertEquals(mailbox.size, model.size);
          assertEquals(sorted(ended), sorted(model.ended));
        }
        mailbox.close();
      },
    ),
    { numRuns: 300 },
  );
});

function sorted(ended: Map<number, string>): [number, string][] {
  return [...ended].sort(([a], [b]) => a - b);
}

async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await Promise.resolve();
}
