import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { JsonLineError, JsonLineReader } from "../../lib/stream/mod.ts";
import { bytesOf, cut, ManualSource, outcomeOf, sourceOf, WatchedSignal } from "./_source.ts";

Deno.test("JsonLineReader reads one value, many in one chunk, and one over many chunks", async () => {
  assertEquals(await outcomeOf(sourceOf('{"a":1}\n')), { values: [{ a: 1 }], bad: [] });
  assertEquals((await outcomeOf(sourceOf("1\n[2]\nnull\n"))).values, [1, [2], null]);
  assertEquals((await outcomeOf(sourceOf("{", '"a"', ":", "1}", "\n"))).values, [{ a: 1 }]);
  assertEquals((await outcomeOf(sourceOf("", "1", "", "\n", ""))).values, [1]);
  assertEquals((await outcomeOf(sourceOf())).values, []);
});

Deno.test("JsonLineReader skips blank lines, strips white space and takes CRLF", async () => {
  const text = "\n\r\n  \t\n1\r\n \u00a0\u2003[2]\u3000\u0085\r\n\u2028\n3";
  assertEquals(await outcomeOf(sourceOf(text)), { values: [1, [2], 3], bad: [] });
});

Deno.test("JsonLineReader takes a byte order mark for damage, not for white space", async () => {
  assertEquals(await outcomeOf(sourceOf("\ufeff1\n2\n\ufeff\n\ufeff3")), {
    values: [2],
    bad: ["syntax:1", "syntax:3", "incomplete:4"],
  });
});

Deno.test("JsonLineReader splits on LF only", async () => {
  const value = { text: "a\u2028b\u2029c\u0085d" };
  assertEquals(await outcomeOf(sourceOf(`${JSON.stringify(value)}\n1\r2\n`)), {
    values: [value],
    bad: ["syntax:2"],
  });
});

Deno.test("JsonLineReader reads values with keys like __proto__ and toString as plain keys", async () => {
  const reader = new JsonLineReader(
    sourceOf('{"method":"__proto__","__proto__":1,"toString":2}\n'),
  );
  const value = await reader.read();
  assertInstanceOf(value, Object);
  assertEquals(Object.keys(value), ["method", "__proto__", "toString"]);
  assertEquals(Object.getPrototypeOf(value), Object.prototype);
  await reader[Symbol.asyncDispose]();
});

Deno.test("JsonLineReader reads a last line without LF, or says that it is incomplete", async () => {
  assertEquals(await outcomeOf(sourceOf("1\n", "[2]")), { values: [1, [2]], bad: [] });
  assertEquals(await outcomeOf(sourceOf("1\n", "[2")), { values: [1], bad: ["incomplete:2"] });
  assertEquals(await outcomeOf(sourceOf("1\n", "  ")), { values: [1], bad: [] });
  const cutLetter = bytesOf('"あ').subarray(0, 3);
  assertEquals(await outcomeOf(sourceOf("1\n", cutLetter)), { values: [1], bad: ["incomplete:2"] });
});

Deno.test("JsonLineReader reports a bad line with its number and reads the next good one", async () => {
  const text = '1\n\n{"a":\nx\n"unclosed\n{} {}\n2\n';
  assertEquals(await outcomeOf(sourceOf(text)), {
    values: [1, 2],
    bad: ["syntax:3", "syntax:4", "syntax:5", "syntax:6"],
  });
});

Deno.test("JsonLineReader reports bytes that are not UTF-8 and keeps a U+FFFD that was sent", async () => {
  const bad = Uint8Array.of(0x22, 0xc3, 0x28, 0x22, 0x0a);
  const cutBeforeLineFeed = Uint8Array.of(0x22, 0xe3, 0x81, 0x0a);
  const surrogate = Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22, 0x0a);
  assertEquals(
    await outcomeOf(sourceOf("1\n", bad, '"\ufffd"\n', cutBeforeLineFeed, surrogate, '"あ"\n')),
    { values: [1, "\ufffd", "あ"], bad: ["invalid:2", "invalid:4", "invalid:5"] },
  );
  const all = new Uint8Array([...bytesOf('"\ufffd"\n'), ...bad, ...bytesOf("2\n"), ...bad]);
  assertEquals(await outcomeOf(sourceOf(all)), {
    values: ["\ufffd", 2],
    bad: ["invalid:2", "invalid:4"],
  });
});

Deno.test("JsonLineReader.read() rejects for a bad line and reads on when called again", async () => {
  const reader = new JsonLineReader(sourceOf('1\n{"a"\n2\n"', Uint8Array.of(0xff), '"\n3'));
  assertEquals(await reader.read(), 1);
  const error = await assertRejects(() => reader.read(), JsonLineError, "Cannot read line 2: ");
  assertEquals([error.kind, error.line], ["syntax", 2]);
  assertInstanceOf(error.cause, SyntaxError);
  assertEquals(await reader.read(), 2);
  await assertRejects(
    () => reader.read(),
    JsonLineError,
    "Cannot read line 4: it is not UTF-8",
  );
  assertEquals(await reader.read(), 3);
  assertEquals(await reader.read(), undefined);
  assertEquals(await reader.read(), undefined);
});

Deno.test("JsonLineReader.readBatch() gives what is there after one wait", async () => {
  await using reader = new JsonLineReader(sourceOf("1\n2\n3", "4\n", "\n\n", "5"));
  assertEquals(await reader.readBatch(), [1, 2]);
  assertEquals(await reader.readBatch(), [34]);
  assertEquals(await reader.readBatch(), [5]);
  assertEquals(await reader.readBatch(), []);
});

Deno.test("JsonLineReader.readBatch() gives the values before a bad line first", async () => {
  await using reader = new JsonLineReader(sourceOf("1\n2\nx\n3\ny\n"));
  assertEquals(await reader.readBatch(), [1, 2]);
  await assertRejects(() => reader.readBatch(), JsonLineError, "Cannot read line 3: ");
  assertEquals(await reader.readBatch(), [3]);
  await assertRejects(() => reader.read(), JsonLineError, "Cannot read line 5: ");
  assertEquals(await reader.readBatch(), []);
});

Deno.test("JsonLineReader decodes values; what decode throws makes the line invalid", async () => {
  const cause = new TypeError('Cannot decode value: "x" is not a number');
  const decode = (value: unknown): number => {
    if (typeof value !== "number") throw cause;
    return value * 2;
  };
  const errors: JsonLineError[] = [];
  const reader = new JsonLineReader(sourceOf('1\n"x"\n3\n'), {
    decode,
    onInvalid: (error) => errors.push(error),
  });
  assertEquals(await Array.fromAsync(reader), [2, 6]);
  assertEquals(errors.map(({ kind, line }) => ({ kind, line })), [{ kind: "invalid", line: 2 }]);
  assertEquals(errors[0]!.cause, cause);
  assertEquals(errors[0]!.message, `Cannot read line 2: ${cause.message}`);
});

Deno.test("JsonLineReader rejects the call in which onInvalid throws, and reads on", async () => {
  await using reader = new JsonLineReader(sourceOf("x\n1\n"), {
    onInvalid: () => {
      throw new RangeError("enough");
    },
  });
  await assertRejects(() => reader.read(), RangeError, "enough");
  assertEquals(await reader.read(), 1);
});

Deno.test("JsonLineReader reads a line at the cap and reports one over it, however it is cut", async () => {
  const atCap = '"12345678"';
  const text = `${atCap}\n"123456789"\n1\n${
    "x".repeat(500)
  }\n\n"あ12345"\n"あい12"\n"あい123"\n2\n`;
  const expected = {
    values: [atCap.slice(1, -1), 1, "あ12345", "あい12", 2],
    bad: ["too_long:2", "too_long:4", "too_long:8"],
  };
  for (let size = 1; size <= 40; size++) {
    const source = sourceOf(...cut(bytesOf(text), size));
    assertEquals(await outcomeOf(source, { maxLineBytes: 10 }), expected, `chunks of ${size}`);
  }
  assertEquals(await outcomeOf(sourceOf(text), { maxLineBytes: 10 }), expected);
});

Deno.test("JsonLineReader reports a last line over the cap once, as too long", async () => {
  assertEquals(await outcomeOf(sourceOf("1\n", "23", "45", "67"), { maxLineBytes: 3 }), {
    values: [1],
    bad: ["too_long:2"],
  });
});

Deno.test("JsonLineReader reports an endless line before it ends and keeps no more than the cap", async () => {
  const chunk = bytesOf("x".repeat(1000));
  const maxLineBytes = 100_000;
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(chunk),
  });
  await using reader = new JsonLineReader(source, { maxLineBytes });
  const work = await countWork(async () => {
    const error = await assertRejects(() => reader.read(), JsonLineError);
    assertEquals([error.kind, error.line], ["too_long", 1]);
  });
  assert(work.largestBuffer <= maxLineBytes, `a buffer of ${work.largestBuffer} bytes`);
  assert(work.copied <= 3 * maxLineBytes, `${work.copied} bytes were copied`);
});

Deno.test("JsonLineReader discards the rest of a line over the cap without copying it", async () => {
  const chunk = bytesOf("x".repeat(1000));
  const chunks = [...Array(5000).fill(chunk), bytesOf("\n1\n")];
  const work = await countWork(async () => {
    const outcome = await outcomeOf(sourceOf(...chunks), { maxLineBytes: 10_000 });
    assertEquals(outcome, { values: [1], bad: ["too_long:1"] });
  });
  assert(work.copied <= 30_000, `${work.copied} bytes were copied`);
});

Deno.test("JsonLineReader does work in proportion to an 8 MiB line in chunks of 1,460 bytes", async () => {
  const text = "あ1234567890".repeat(8 * 1024 * 1024 / 13);
  const bytes = bytesOf(`${JSON.stringify(text)}\n1\n`);
  const work = await countWork(async () => {
    const { values } = await outcomeOf(sourceOf(...cut(bytes, 1460)));
    assert(values[0] === text);
    assertEquals(values.length, 2);
  });
  // Doubling copies each byte about three times; looking at all of them in each chunk would make
  // these numbers thousands of times as large.
  assert(work.copied <= 4 * bytes.length, `${work.copied} bytes were copied`);
  assert(work.scanned <= 4 * bytes.length, `${work.scanned} bytes were scanned`);
  assert(work.decoded <= 2 * bytes.length, `${work.decoded} bytes were decoded`);
});

Deno.test("JsonLineReader does work in proportion to lines that hold U+FFFD", async () => {
  const bytes = bytesOf('"\ufffd"\n'.repeat(20_000));
  const work = await countWork(async () => {
    assertEquals((await outcomeOf(sourceOf(bytes))).values.length, 20_000);
  });
  assert(work.decoded <= 4 * bytes.length, `${work.decoded} bytes were decoded`);
});

Deno.test("JsonLineReader refuses a cap that is no length of a line", () => {
  for (const maxLineBytes of [0, -1, 1.5, NaN, Infinity, 2 ** 29]) {
    const source = sourceOf("1\n");
    assertThrows(
      () => new JsonLineReader(source, { maxLineBytes }),
      RangeError,
      `"${maxLineBytes}"`,
    );
    assertEquals(source.locked, false);
  }
});

Deno.test("JsonLineReader serves overlapping calls in order, with one read of the source at a time", async () => {
  const source = new ManualSource();
  const reader = new JsonLineReader(source.stream);
  const calls = [reader.read(), reader.read(), reader.readBatch(), reader.read(), reader.read()];
  source.send("1\n");
  assertEquals(await calls[0], 1);
  source.send("2\n3\n4\n");
  source.send("5\n");
  source.end();
  assertEquals(await Promise.all(calls), [1, 2, [3, 4], 5, undefined]);
});

Deno.test("JsonLineReader lets no call overtake one that waits, also when a value is there", async () => {
  const source = new ManualSource();
  const reader = new JsonLineReader(source.stream);
  const third = reader.read().then((first) => {
    assertEquals(first, 1);
    return reader.read();
  });
  const second = reader.read();
  source.send("1\n2\n3\n4\n5\n6\n");
  assertEquals([await second, await third], [2, 3]);

  const values = reader[Symbol.asyncIterator]();
  assertEquals([await reader.read(), (await values.next()).value], [4, 5]);
  assertEquals(await reader.read(), 6);
  const item = reader.read().then(() => values.next());
  const batch = reader.read();
  source.send("7\n8\n9\n");
  assertEquals([await batch, (await item).value], [8, 9]);
  await reader[Symbol.asyncDispose]();
});

Deno.test("JsonLineReader gives a bad line to the one overlapping call that met it", async () => {
  const source = new ManualSource();
  const reader = new JsonLineReader(source.stream);
  const calls = [reader.read(), reader.read(), reader.read()];
  source.send("1\nx\n2\n");
  const results = await Promise.allSettled(calls);
  assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  await reader[Symbol.asyncDispose]();
});

Deno.test("JsonLineReader rejects every waiting call and later ones with the error of the source", async () => {
  const source = new ManualSource();
  await using reader = new JsonLineReader(source.stream);
  const error = new Error("connection reset");
  source.send("1\n2");
  assertEquals(await reader.read(), 1);
  const calls = [reader.read(), reader.readBatch(), reader.read()];
  source.fail(error);
  for (const call of calls) assertEquals(await rejection(call), error);
  assertEquals(await rejection(reader.read()), error);
  assertEquals(source.stream.locked, false);
});

Deno.test("JsonLineReader cancels the source with the reason of the signal and rejects the waiting calls", async () => {
  const source = new ManualSource();
  const owner = new AbortController();
  const reader = new JsonLineReader(source.stream, { signal: owner.signal });
  source.send("1\n2");
  assertEquals(await reader.read(), 1);
  const calls = [reader.read(), reader.readBatch()];
  const reason = new Error("no longer needed");
  owner.abort(reason);
  assertEquals(await source.cancelled, reason);
  for (const call of calls) assertEquals(await rejection(call), reason);
  assertEquals(await rejection(reader.read()), reason);
});

Deno.test("JsonLineReader gives nothing more after an abort, also not what had come", async () => {
  const owner = new AbortController();
  const reader = new JsonLineReader(sourceOf("1\n2\n3\n"), { signal: owner.signal });
  assertEquals(await reader.read(), 1);
  owner.abort("stop");
  assertEquals(await rejection(reader.read()), "stop");
});

Deno.test("JsonLineReader takes a signal that is aborted already", async () => {
  const source = new ManualSource();
  const reader = new JsonLineReader(source.stream, { signal: AbortSignal.abort("early") });
  assertEquals(await source.cancelled, "early");
  assertEquals(await rejection(reader.read()), "early");
});

Deno.test("JsonLineReader rejects with the reason when an abort overtakes a chunk", async () => {
  const source = new ManualSource();
  const owner = new AbortController();
  const reader = new JsonLineReader(source.stream, { signal: owner.signal });
  const call = reader.read();
  await Promise.resolve();
  source.send("1\n");
  owner.abort("stop");
  assertEquals(await rejection(call), "stop");
});

Deno.test("JsonLineReader takes its listener back at every end", async () => {
  const ends: ((reader: JsonLineReader) => Promise<unknown>)[] = [
    (reader) => Array.fromAsync(reader),
    (reader) => reader[Symbol.asyncDispose](),
    async (reader) => {
      for await (const _ of reader) break;
    },
  ];
  for (const end of ends) {
    const watched = new WatchedSignal();
    const reader = new JsonLineReader(sourceOf("1\n2\n"), { signal: watched.signal });
    assertEquals(watched.listeners, 1);
    await end(reader);
    assertEquals(watched.listeners, 0);
    assertEquals(await reader.read(), undefined);
  }
});

Deno.test("JsonLineReader disposal cancels the source and ends the waiting calls", async () => {
  const source = new ManualSource();
  const reader = new JsonLineReader(source.stream);
  source.send('{"half":');
  const calls = [reader.read(), reader.readBatch()];
  await Promise.all([reader[Symbol.asyncDispose](), reader[Symbol.asyncDispose]()]);
  assertEquals(await Promise.all(calls), [undefined, []]);
  assertEquals(await reader.read(), undefined);
  assertEquals(await source.cancelled, undefined);
  assertEquals(source.stream.locked, false);
});

Deno.test("JsonLineReader disposal ends the calls at once when the source is slow to cancel", async () => {
  const gate = Promise.withResolvers<void>();
  const reader = new JsonLineReader(
    new ReadableStream<Uint8Array>({ cancel: () => gate.promise }),
  );
  const call = reader.read();
  const disposed = reader[Symbol.asyncDispose]();
  assertEquals(await call, undefined);
  gate.resolve();
  await disposed;
});

Deno.test("JsonLineReader disposal may come from inside onInvalid and decode", async () => {
  const reader: JsonLineReader = new JsonLineReader(sourceOf("1\nx\n2\n"), {
    onInvalid: () => void reader[Symbol.asyncDispose](),
  });
  assertEquals(await Array.fromAsync(reader), [1]);
  const other: JsonLineReader = new JsonLineReader(sourceOf("1\n2\n"), {
    decode: (value) => {
      void other[Symbol.asyncDispose]();
      return value;
    },
  });
  assertEquals(await Array.fromAsync(other), [1]);
});

Deno.test("JsonLineReader iteration ends with a bad line and releases the source", async () => {
  for (const split of [["1\nx\n2\n"], ["1\n", "x\n2\n"]]) {
    const source = new ManualSource();
    for (const text of split) source.send(text);
    const seen: unknown[] = [];
    const error = await assertRejects(async () => {
      for await (const value of new JsonLineReader(source.stream)) seen.push(value);
    }, JsonLineError);
    assertEquals(seen, [1]);
    assertEquals(await source.cancelled, error);
    assertEquals(source.stream.locked, false);
  }
});

Deno.test("JsonLineReader iteration cancels the source when the loop is left", async () => {
  const source = new ManualSource();
  source.send("1\n2\n");
  const reader = new JsonLineReader(source.stream);
  for await (const value of reader) {
    assertEquals(value, 1);
    break;
  }
  assertEquals(await source.cancelled, undefined);
  assertEquals(await reader.read(), undefined);
});

Deno.test("JsonLineReader iteration takes overlapping next() calls in order", async () => {
  const source = new ManualSource();
  const values = new JsonLineReader(source.stream)[Symbol.asyncIterator]();
  const calls = [values.next(), values.next(), values.next()];
  source.send("1\n2\n");
  source.end();
  assertEquals(await Promise.all(calls), [
    { done: false, value: 1 },
    { done: false, value: 2 },
    { done: true, value: undefined },
  ]);
});

Deno.test("JsonLineReader asks the source only for what is read", async () => {
  let pulled = 0;
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytesOf(`${++pulled}\n`)),
  }, { highWaterMark: 0 });
  await using reader = new JsonLineReader(source);
  assertEquals([await reader.read(), await reader.read()], [1, 2]);
  assertEquals(pulled, 2);
});

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const [result] = await Promise.allSettled([promise]);
  assertEquals(result.status, "rejected");
  return result.status === "rejected" ? result.reason : undefined;
}

interface Work {
  copied: number;
  scanned: number;
  decoded: number;
  largestBuffer: number;
}

/** Counts the bytes that `run` copies, scans and decodes, by watching the methods that do it. */
async function countWork(run: () => Promise<void>): Promise<Work> {
  const work: Work = { copied: 0, scanned: 0, decoded: 0, largestBuffer: 0 };
  const bytes = Uint8Array.prototype;
  const decoder = TextDecoder.prototype;
  const { set, indexOf, lastIndexOf } = bytes;
  const { decode } = decoder;
  bytes.set = function (source, offset) {
    work.copied += source.length;
    work.largestBuffer = Math.max(work.largestBuffer, this.buffer.byteLength);
    set.call(this, source, offset);
  };
  bytes.indexOf = function (value, from = 0) {
    const index = indexOf.call(this, value, from);
    work.scanned += (index < 0 ? this.length : index + 1) - from;
    return index;
  };
  bytes.lastIndexOf = function (value) {
    const index = lastIndexOf.call(this, value);
    work.scanned += this.length - Math.max(index, 0);
    return index;
  };
  decoder.decode = function (input, options) {
    work.decoded += input?.byteLength ?? 0;
    return decode.call(this, input, options);
  };
  try {
    await run();
  } finally {
    // The real ones are inherited.
    for (const name of ["set", "indexOf", "lastIndexOf"]) Reflect.deleteProperty(bytes, name);
    decoder.decode = decode;
  }
  return work;
}
