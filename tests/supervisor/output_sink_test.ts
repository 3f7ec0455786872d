import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { type OutputSink, SharedSink, wholeWrites } from "../../lib/supervisor/output_sink.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

Deno.test("SharedSink.write writes one after the other, in the order of the calls", async () => {
  const sink = manualSink();
  const shared = new SharedSink(sink);
  const writes = ["a\n", "b\n", "c\n"].map((line) => shared.write(encoder.encode(line)));
  for (const [index, write] of writes.entries()) {
    assertEquals(sink.begun.length, index + 1);
    sink.take();
    await write;
  }
  assertEquals(sink.begun, ["a\n", "b\n", "c\n"]);
});

Deno.test("SharedSink.write lets every writer have its turn", async () => {
  const counts = [0, 0, 0];
  let widest = 0;
  const shared = new SharedSink({
    write: async ([writer]) => {
      counts[writer!]!++;
      widest = Math.max(widest, Math.max(...counts) - Math.min(...counts));
      await Promise.resolve();
    },
  });
  await Promise.all(
    counts.keys().map(async (writer) => {
      for (let line = 0; line < 100; line++) await shared.write(Uint8Array.of(writer));
    }),
  );
  assertEquals(counts, [100, 100, 100]);
  assertLessOrEqual(widest, 1);
});

Deno.test("SharedSink.write aborted while it waits is taken back", async () => {
  const sink = manualSink();
  const shared = new SharedSink(sink);
  const reason = new Error("drained long enough");
  const abort = new AbortController();
  const first = shared.write(encoder.encode("a\n"));
  const second = shared.write(encoder.encode("b\n"), { signal: abort.signal });
  const third = shared.write(encoder.encode("c\n"));
  abort.abort(reason);
  assertEquals(await assertRejects(() => second), reason);
  sink.take();
  await first;
  sink.take();
  await third;
  assertEquals(sink.begun, ["a\n", "c\n"]);
});

Deno.test("SharedSink.write aborted under way frees its caller, the next begins after it", async () => {
  const sink = manualSink();
  const shared = new SharedSink(sink);
  const reason = new Error("drained long enough");
  const abort = new AbortController();
  const first = shared.write(encoder.encode("a\n"), { signal: abort.signal });
  const second = shared.write(encoder.encode("b\n"));
  abort.abort(reason);
  assertEquals(await assertRejects(() => first), reason);
  assertEquals(sink.begun, ["a\n"]);
  sink.take();
  // The sink has taken the stuck write after all: others go on behind its last line.
  while (sink.begun.length < 2) await Promise.resolve();
  sink.take();
  await second;
  assertEquals(sink.begun, ["a\n", "b\n"]);
  assertEquals(shared.isClosed, false);
});

Deno.test("SharedSink.write with an aborted signal writes nothing", async () => {
  const sink = manualSink();
  const reason = new Error("too late");
  const write = () =>
    new SharedSink(sink).write(Uint8Array.of(1), { signal: AbortSignal.abort(reason) });
  assertEquals(await assertRejects(write), reason);
  assertEquals(sink.begun, []);
});

Deno.test("SharedSink.write takes its listener back from the signal", async () => {
  const shared = new SharedSink({ write: () => Promise.resolve() });
  const abort = new AbortController();
  let listeners = 0;
  const { signal } = abort;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...rest: Parameters<typeof add>) => (listeners++, add(...rest));
  signal.removeEventListener = (...rest: Parameters<typeof remove>) => (
    listeners--, remove(...rest)
  );
  for (let write = 0; write < 10; write++) await shared.write(Uint8Array.of(1), { signal });
  assertEquals(listeners, 0);
});

Deno.test("SharedSink.closed tells once that the sink broke; waiting and later writes reject", async () => {
  const sink = manualSink();
  const shared = new SharedSink(sink);
  const broken = new Deno.errors.BrokenPipe("nobody reads");
  const writes = ["a\n", "b\n"].map((line) => shared.write(encoder.encode(line)));
  sink.fail(broken);
  assertEquals(await shared.closed, broken);
  for (const write of writes) assertEquals(await assertRejects(() => write), broken);
  assertEquals(await assertRejects(() => shared.write(encoder.encode("c\n"))), broken);
  assertEquals([sink.begun, shared.isClosed], [["a\n"], true]);
});

Deno.test("SharedSink.closed also tells of an abandoned write that fails, and of a throw", async () => {
  const sink = manualSink();
  const shared = new SharedSink(sink);
  const abort = new AbortController();
  const write = shared.write(encoder.encode("a\n"), { signal: abort.signal });
  abort.abort(new Error("drained long enough"));
  await assertRejects(() => write);
  sink.fail("broken");
  assertEquals(await shared.closed, "broken");

  const fault = new Error("a fault of the sink");
  const throwing = new SharedSink({
    write: () => {
      throw fault;
    },
  });
  assertEquals(await assertRejects(() => throwing.write(Uint8Array.of(1))), fault);
  assertEquals(await throwing.closed, fault);
});

Deno.test("SharedSink over a closed pipe: closed tells BrokenPipe (scenario 12)", async () => {
  const process = new Deno.Command("true", { stdin: "piped" }).spawn();
  await process.status;
  const writer = process.stdin.getWriter();
  const shared = new SharedSink({ write: (bytes) => writer.write(bytes) });
  const failures: unknown[] = [];
  for (let line = 0; line < 3; line++) {
    await shared.write(encoder.encode("a line\n")).catch((error) => failures.push(error));
  }
  assertEquals(await shared.closed instanceof Deno.errors.BrokenPipe, true);
  assertEquals(failures.length, 3);
  await writer.abort().catch(() => undefined);
});

Deno.test("wholeWrites goes on until all bytes are taken", async () => {
  const taken: string[] = [];
  const sink = wholeWrites({
    write: (bytes) => {
      const part = bytes.subarray(0, 3);
      taken.push(decoder.decode(part));
      return Promise.resolve(part.length);
    },
  });
  await sink.write(encoder.encode("a line\n"));
  await sink.write(new Uint8Array());
  assertEquals(taken, ["a l", "ine", "\n"]);
});

Deno.test("wholeWrites tries again when a non-blocking output has no room", async () => {
  let refusals = 2;
  const taken: string[] = [];
  const sink = wholeWrites({
    write: (bytes) => {
      if (refusals-- > 0) return Promise.reject(new Deno.errors.WouldBlock("no room"));
      taken.push(decoder.decode(bytes));
      return Promise.resolve(bytes.length);
    },
  });
  await sink.write(encoder.encode("a line\n"));
  assertEquals(taken, ["a line\n"]);
});

Deno.test("wholeWrites rejects when nothing is taken, and with the writer's error", async () => {
  const idle = wholeWrites({ write: () => Promise.resolve(0) });
  await assertRejects(() => idle.write(Uint8Array.of(1)), Deno.errors.WriteZero);
  const broken = wholeWrites({ write: () => Promise.reject(new Deno.errors.BrokenPipe("gone")) });
  await assertRejects(() => broken.write(Uint8Array.of(1)), Deno.errors.BrokenPipe, "gone");
});

/** A sink whose writes end when the test says so. */
function manualSink(): OutputSink & {
  begun: string[];
  take(): void;
  fail(error: unknown): void;
} {
  let underWay: PromiseWithResolvers<void> | undefined;
  const begun: string[] = [];
  return {
    begun,
    write(bytes) {
      begun.push(decoder.decode(bytes));
      underWay = Promise.withResolvers();
      return underWay.promise;
    },
    take: () => underWay?.resolve(),
    fail: (error) => underWay?.reject(error),
  };
}
