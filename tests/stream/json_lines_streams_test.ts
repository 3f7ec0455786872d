import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  JsonLineDecoderStream,
  JsonLineEncoderStream,
  JsonLineError,
  JsonLineReader,
  JsonLineWriter,
} from "../../lib/stream/mod.ts";
import { bytesOf, ManualSource, sourceOf, WatchedSignal } from "./_source.ts";

/** A sink that keeps its chunks as text, each taken only when the test lets it. */
class GatedSink {
  readonly chunks: string[] = [];
  readonly stream: WritableStream<Uint8Array>;
  closed = false;
  aborted: unknown;
  readonly #waiting: PromiseWithResolvers<void>[] = [];

  constructor() {
    this.stream = new WritableStream({
      write: (chunk) => {
        this.chunks.push(new TextDecoder().decode(chunk));
        const gate = Promise.withResolvers<void>();
        this.#waiting.push(gate);
        return gate.promise;
      },
      close: () => {
        this.closed = true;
      },
      abort: (reason) => {
        this.aborted = reason;
      },
    });
  }

  /** Lets the chunk that is being written through. */
  take(): void {
    this.#waiting.shift()?.resolve();
  }

  fail(error: unknown): void {
    this.#waiting.shift()?.reject(error);
  }
}

/** What `write` puts on the wire, as text. */
async function written(write: (writer: JsonLineWriter) => Promise<unknown>): Promise<string[]> {
  const chunks: string[] = [];
  const sink = new WritableStream<Uint8Array>({
    write: (chunk) => void chunks.push(new TextDecoder().decode(chunk)),
  });
  await using writer = new JsonLineWriter(sink);
  await write(writer);
  return chunks;
}

/** Lets everything run that is ready to run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("JsonLineWriter.write() writes compact JSON and LF as one chunk", async () => {
  const chunks = await written(async (writer) => {
    await writer.write({ a: [1, null], b: "ü\u2028/" });
    await writer.write("line\nfeed\u0001");
  });
  assertEquals(chunks, ['{"a":[1,null],"b":"ü\u2028/"}\n', '"line\\nfeed\\u0001"\n']);
});

Deno.test("JsonLineWriter.write() replaces lone surrogates and nothing that looks like one", async () => {
  const value = {
    high: "a\ud83d",
    low: "\ude00b",
    pair: "😀",
    swapped: "\ude00\ud83d",
    text: "\\ud83d",
    mixed: "\\\ud83d",
    "\udfff": 1,
  };
  const [line] = await written((writer) => writer.write(value));
  assertEquals(JSON.parse(line!), {
    high: "a\ufffd",
    low: "\ufffdb",
    pair: "😀",
    swapped: "\ufffd\ufffd",
    text: "\\ud83d",
    mixed: "\\\ufffd",
    "\ufffd": 1,
  });
});

Deno.test("JsonLineWriter.write() rejects values without JSON text and writes on", async () => {
  const loop: unknown[] = [];
  loop.push(loop);
  const chunks = await written(async (writer) => {
    for (const value of [undefined, () => 1, Symbol("x"), 1n, loop]) {
      await assertRejects(() => writer.write(value), TypeError);
    }
    await writer.write(1);
  });
  assertEquals(chunks, ["1\n"]);
});

Deno.test("JsonLineWriter.writeText() writes encoded text and refuses a line feed in it", async () => {
  const chunks = await written(async (writer) => {
    await writer.writeText('{"a": 1}');
    await assertRejects(() => writer.writeText("1\n2"), TypeError, "Cannot write line: ");
  });
  assertEquals(chunks, ['{"a": 1}\n']);
});

Deno.test("JsonLineWriter writes in the order of the calls, with the values of that moment", async () => {
  const value = { n: 0 };
  const chunks = await written(async (writer) => {
    const writes: Promise<void>[] = [];
    for (value.n = 0; value.n < 3; value.n++) writes.push(writer.write(value));
    await Promise.all(writes);
  });
  assertEquals(chunks, ['{"n":0}\n', '{"n":1}\n', '{"n":2}\n']);
});

Deno.test("JsonLineWriter.write() settles only when the sink has taken the line", async () => {
  const sink = new GatedSink();
  await using writer = new JsonLineWriter(sink.stream);
  const order: string[] = [];
  const first = writer.write(1).then(() => order.push("first"));
  const second = writer.write(2).then(() => order.push("second"));
  await settle();
  assertEquals([sink.chunks, order], [["1\n"], []]);
  sink.take();
  await first;
  assertEquals(order, ["first"]);
  await settle();
  sink.take();
  await second;
  assertEquals(sink.chunks, ["1\n", "2\n"]);
});

Deno.test("JsonLineWriter keeps the pace of a slow reader", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = new JsonLineWriter(writable);
  let sent = 0;
  const sending = (async () => {
    for (let n = 1; n <= 5; n++) {
      await writer.write(n);
      sent = n;
    }
    await writer.close();
  })();
  const reader = new JsonLineReader(readable);
  for (let n = 1; n <= 5; n++) {
    await settle();
    assert(sent <= n, `${sent} lines were sent when ${n - 1} were read`);
    assertEquals(await reader.read(), n);
  }
  assertEquals(await reader.read(), undefined);
  await sending;
});

Deno.test("JsonLineWriter.close() closes behind the waiting lines; later writes reject at once", async () => {
  const sink = new GatedSink();
  const writer = new JsonLineWriter(sink.stream);
  const waiting = writer.write(1);
  const closed = writer.close();
  const late = assertRejects(() => writer.write(2), TypeError, "the writer is closed");
  await late;
  await assertRejects(() => writer.writeText("3"), TypeError, "the writer is closed");
  assertEquals(sink.closed, false);
  await settle();
  sink.take();
  await Promise.all([waiting, closed, writer.close(), writer[Symbol.asyncDispose]()]);
  assertEquals([sink.chunks, sink.closed, sink.stream.locked], [["1\n"], true, false]);
});

Deno.test("JsonLineWriter rejects with the error of the sink, and disposal does not repeat it", async () => {
  const sink = new GatedSink();
  const error = new Error("broken pipe");
  {
    await using writer = new JsonLineWriter(sink.stream);
    const results = Promise.allSettled([writer.write(1), writer.write(2)]);
    await settle();
    sink.fail(error);
    assertEquals(await results, [
      { status: "rejected", reason: error },
      { status: "rejected", reason: error },
    ]);
    await assertRejects(() => writer.write(3), Error, "broken pipe");
  }
  assertEquals(sink.stream.locked, false);
});

Deno.test("JsonLineWriter disposal rejects when the sink cannot be closed", async () => {
  const sink = new WritableStream<Uint8Array>({
    close() {
      throw new Error("disk full");
    },
  });
  const writer = new JsonLineWriter(sink);
  await writer.write(1);
  await assertRejects(() => writer[Symbol.asyncDispose](), Error, "disk full");
});

Deno.test("JsonLineWriter.abort() tells the sink and ends the waiting calls with the reason", async () => {
  const sink = new GatedSink();
  const writer = new JsonLineWriter(sink.stream);
  const reason = new Error("peer is gone");
  const results = Promise.allSettled([writer.write(1), writer.write(2)]);
  await settle();
  const aborted = writer.abort(reason);
  sink.take();
  await aborted;
  const [, second] = await results;
  assertEquals(second, { status: "rejected", reason });
  assertEquals([sink.chunks, sink.aborted, sink.stream.locked], [["1\n"], reason, false]);
  await assertRejects(() => writer.write(3), TypeError, "the writer is closed");
  await writer.abort();
  await writer[Symbol.asyncDispose]();
});

Deno.test("JsonLineWriter.abort() does nothing after close()", async () => {
  const sink = new GatedSink();
  const writer = new JsonLineWriter(sink.stream);
  await writer.close();
  await writer.abort("late");
  assertEquals([sink.closed, sink.aborted], [true, undefined]);
});

Deno.test("JsonLineDecoderStream reads what JsonLineReader reads, with the same options", async () => {
  const bad: string[] = [];
  const stream = sourceOf('1\n"x', '"\n\n2222\n{\n3', "\n[4").pipeThrough(
    new JsonLineDecoderStream({
      maxLineBytes: 3,
      decode: (value) => [value],
      onInvalid: (error) => bad.push(`${error.kind}:${error.line}`),
    }),
  );
  assertEquals(await Array.fromAsync(stream), [[1], ["x"], [3]]);
  assertEquals(bad, ["too_long:4", "syntax:5", "incomplete:7"]);
});

Deno.test("JsonLineDecoderStream errors at a bad line without onInvalid and cancels the source", async () => {
  const source = new ManualSource();
  source.send("1\nx\n2\n");
  const reader = source.stream.pipeThrough(new JsonLineDecoderStream()).getReader();
  assertEquals((await reader.read()).value, 1);
  const error = await assertRejects(() => reader.read(), JsonLineError, "Cannot read line 2: ");
  assertEquals(await source.cancelled, error);
});

Deno.test("JsonLineDecoderStream errors at an incomplete last line without onInvalid", async () => {
  const stream = sourceOf("1\n[2").pipeThrough(new JsonLineDecoderStream());
  const error = await assertRejects(() => Array.fromAsync(stream), JsonLineError);
  assertEquals([error.kind, error.line], ["incomplete", 2]);
});

Deno.test("JsonLineDecoderStream ends with the reason of the signal and cancels the source", async () => {
  const source = new ManualSource();
  const owner = new AbortController();
  const reader = source.stream
    .pipeThrough(new JsonLineDecoderStream({ signal: owner.signal })).getReader();
  const call = reader.read();
  const reason = new Error("enough");
  owner.abort(reason);
  assertEquals(await assertRejects(() => call), reason);
  assertEquals(await source.cancelled, reason);

  const late = new JsonLineDecoderStream({ signal: AbortSignal.abort(reason) });
  assertEquals(await assertRejects(() => late.readable.getReader().read()), reason);
});

Deno.test("JsonLineDecoderStream cancels the source with the reason of its reader", async () => {
  const source = new ManualSource();
  const stream = source.stream.pipeThrough(new JsonLineDecoderStream());
  await stream.cancel("seen enough");
  assertEquals(await source.cancelled, "seen enough");
});

Deno.test("JsonLineDecoderStream takes its listener back at every end", async () => {
  const ends: ((stream: ReadableStream<unknown>) => Promise<unknown>)[] = [
    (stream) => Array.fromAsync(stream),
    (stream) => stream.cancel(),
  ];
  for (const end of ends) {
    const watched = new WatchedSignal();
    const { signal } = watched;
    const stream = sourceOf("1\n").pipeThrough(new JsonLineDecoderStream({ signal }));
    assertEquals(watched.listeners, 1);
    await end(stream);
    assertEquals(watched.listeners, 0);
  }
  const watched = new WatchedSignal();
  const { signal } = watched;
  const bad = sourceOf("x\n").pipeThrough(new JsonLineDecoderStream({ signal }));
  await assertRejects(() => Array.fromAsync(bad), JsonLineError);
  assertEquals(watched.listeners, 0);
});

Deno.test("JsonLineDecoderStream refuses a cap that is no length of a line", () => {
  assertThrows(() => new JsonLineDecoderStream({ maxLineBytes: 0 }), RangeError);
});

Deno.test("JsonLineEncoderStream writes what JsonLineWriter writes", async () => {
  const chunks = await Array.fromAsync(
    ReadableStream.from<unknown>([{ a: 1 }, "\ud800"]).pipeThrough(new JsonLineEncoderStream()),
  );
  assertEquals(chunks, [bytesOf('{"a":1}\n'), bytesOf('"\ufffd"\n')]);
  const bad = ReadableStream.from<unknown>([1n]).pipeThrough(new JsonLineEncoderStream());
  await assertRejects(() => Array.fromAsync(bad), TypeError);
});
