import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import fc from "fast-check";
import { spawnChild } from "../../lib/process/mod.ts";
import { type LinePumpOptions, pumpLines } from "../../lib/supervisor/line_pump.ts";
import { SharedSink } from "../../lib/supervisor/output_sink.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const PREFIX = encoder.encode("egress | ");

Deno.test("pumpLines puts the prefix before each line and writes it whole", async () => {
  assertEquals(await pumped(["one\ntwo\n"]), "egress | one\negress | two\n");
  assertEquals(await pumped(["o", "ne\nt", "", "wo", "\n"]), "egress | one\negress | two\n");
});

Deno.test("pumpLines gives a last line without LF one, and adds none elsewhere", async () => {
  assertEquals(await pumped(["one\ntw", "o"]), "egress | one\negress | two\n");
  assertEquals(await pumped(["one\n", "\n"]), "egress | one\negress | \n");
  assertEquals(await pumped([]), "");
  assertEquals(await pumped([""]), "");
});

Deno.test("pumpLines passes CRLF, NUL and broken UTF-8 as they are", async () => {
  const line = [0x61, 0x0d, 0x0a, 0x00, 0xff, 0xc3, 0x0a, 0xed, 0xa0, 0x80, 0x0d];
  const { written } = await pump([Uint8Array.from(line)], { prefix: Uint8Array.of(0x3e) });
  assertEquals(
    [...joined(written)],
    [0x3e, 0x61, 0x0d, 0x0a, 0x3e, 0x00, 0xff, 0xc3, 0x0a, 0x3e, 0xed, 0xa0, 0x80, 0x0d, 0x0a],
  );
});

Deno.test("pumpLines writes once a chunk, and not when no line is complete", async () => {
  const { written } = await pump(["a\nb\nc", "d", "e\nf\n", "g"]);
  assertEquals(written.map((bytes) => decoder.decode(bytes)), ["a\nb\n", "cde\nf\n", "g\n"]);
});

Deno.test("pumpLines cuts a line that is over the bound, so that a reader can join it", async () => {
  const options = { prefix: PREFIX, maxPieceBytes: 4 };
  assertEquals(await pumped(["abc\nde\n"], options), "egress | abc\negress | de\n");
  assertEquals(
    await pumped(["abcdefghi\nj\n"], options),
    "egress | abcd\negress | efgh\negress | i\negress | j\n",
  );
  // A piece of exactly the bound goes on: the empty one behind it ends the line.
  assertEquals(await pumped(["abcd\ne\n"], options), "egress | abcd\negress | \negress | e\n");
  assertEquals(await pumped(["abcd"], options), "egress | abcd\negress | \n");
});

Deno.test("pumpLines writes a 1 MiB line in pieces of 64 KiB and one of 64 KiB with its LF whole", async () => {
  const long = await pumped([`${"x".repeat(1 << 20)}\n`], {});
  assertEquals(long.split("\n").map((piece) => piece.length), [...Array(16).fill(65_536), 0, 0]);
  assertEquals(await pumped([`${"x".repeat(65_535)}\n`], {}), `${"x".repeat(65_535)}\n`);
});

Deno.test("pumpLines.onLine hears each line and each piece, with whether it goes on", async () => {
  const heard: [string, boolean][] = [];
  const { written } = await pump(["on", "e\nlong line\nla", "st"], {
    prefix: PREFIX,
    maxPieceBytes: 6,
    onLine: (line, goesOn) => void heard.push([decoder.decode(line), goesOn]),
  });
  assertEquals(heard, [["one", false], ["long l", true], ["ine", false], ["last", false]]);
  assertEquals(
    decoder.decode(joined(written)),
    heard.map(([line]) => `egress | ${line}\n`).join(""),
  );
});

Deno.test("pumpLines.render takes the place of prefix and line", async () => {
  const text = await pumped(["a", "b\nabcdef\n"], {
    prefix: PREFIX,
    maxPieceBytes: 4,
    render: (line, goesOn) => `<${decoder.decode(line)}${goesOn ? "..." : ""}>\n`,
  });
  assertEquals(text, "<ab>\n<abcd...>\n<ef>\n");
});

Deno.test("pumpLines.onChunk hears the bytes as they were read, before their lines are written", async () => {
  const heard: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const source = chunksOf(["a", "b\nc"]);
  const done = pumpLines(source, (bytes) => {
    heard.push(`written ${decoder.decode(bytes).trim()}`);
    resolve();
    return promise;
  }, { onChunk: (chunk) => void heard.push(`read ${decoder.decode(chunk).trim()}`) });
  await done;
  assertEquals(heard, ["read a", "read b\nc", "written ab", "written c"]);
});

Deno.test("pumpLines gives the same output however the bytes are split", async () => {
  await fc.assert(
    fc.asyncProperty(bytesWithLines(), fc.array(fc.nat(200)), pieceBytes(), async (...values) => {
      const [bytes, cuts, maxPieceBytes] = values;
      const options = { prefix: PREFIX, maxPieceBytes };
      const whole = await pump([bytes], options);
      const split = await pump(splitAt(bytes, cuts), options);
      assertEquals(joined(split.written), joined(whole.written));
      for (const each of split.written) assertEquals(each.at(-1), 0x0a);
    }),
  );
});

Deno.test("pumpLines: the lines without their prefixes are the input", async () => {
  await fc.assert(
    fc.asyncProperty(bytesWithLines(), fc.array(fc.nat(200)), pieceBytes(), async (...values) => {
      const [bytes, cuts, maxPieceBytes] = values;
      const { written } = await pump(splitAt(bytes, cuts), { prefix: PREFIX, maxPieceBytes });
      const isWhole = bytes.length === 0 || bytes.at(-1) === 0x0a;
      const expected = isWhole ? bytes : Uint8Array.of(...bytes, 0x0a);
      assertEquals(restored(joined(written), maxPieceBytes), expected);
    }),
  );
});

Deno.test("pumpLines reads one chunk and no more while a write is under way (scenario 7)", async () => {
  const CHUNK = 65_536;
  const total = 200 * 1024 * 1024;
  // Lines of 80 bytes that lie across the chunks in every way, and none at all at the end.
  const chunk = new Uint8Array(CHUNK).fill(0x78);
  for (let at = 79; at < CHUNK; at += 80) chunk[at] = 0x0a;
  const endless = new Uint8Array(CHUNK).fill(0x78);
  let read = 0;
  let written = 0;
  let most = 0;
  let underWay = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (read >= total) return controller.close();
      controller.enqueue(read < total / 2 ? chunk : endless);
      read += CHUNK;
    },
  }, { highWaterMark: 0 });
  await pumpLines(source, async (bytes) => {
    assertEquals(++underWay, 1);
    const before = read;
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    assertLessOrEqual(read, before + CHUNK);
    written += bytes.length;
    most = Math.max(most, read - written);
    underWay--;
  });
  assertEquals(read, total);
  assert(written > total);
  assertLessOrEqual(most, 3 * CHUNK);
});

Deno.test("pumpLines copes with chunks of nothing but LF", async () => {
  const { written } = await pump([new Uint8Array(65_536).fill(0x0a)], { prefix: PREFIX });
  assertEquals(written.length, 1);
  assertEquals(decoder.decode(written[0]), "egress | \n".repeat(65_536));
});

Deno.test("pumpLines refuses a bound that no piece keeps, and lets go of the source", async () => {
  for (const maxPieceBytes of [0, -1, 1.5, NaN]) {
    const source = counted(["a\n"]);
    const { write } = collector();
    await assertRejects(() => pumpLines(source.stream, write, { maxPieceBytes }), RangeError);
    assert(source.cancelled instanceof RangeError);
  }
});

Deno.test("pumpLines goes on reading when a write fails, so that the child is not blocked", async () => {
  const broken = new Deno.errors.BrokenPipe("nobody reads");
  const source = counted(["a\n", "b\n", "c"]);
  const heard: string[] = [];
  let writes = 0;
  const error = await assertRejects(() =>
    pumpLines(source.stream, () => {
      writes++;
      return Promise.reject(broken);
    }, { onLine: (line) => void heard.push(decoder.decode(line)) })
  );
  assertEquals(error, broken);
  assertEquals(writes, 1);
  assertEquals(source.pulled, 3);
  assertEquals(heard, ["a", "b", "c"]);
});

Deno.test("pumpLines writes what it has and rejects when the source fails", async () => {
  const broken = new Error("the pipe broke");
  const parts = ["one\ntw"];
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = parts.shift();
      if (part === undefined) controller.error(broken);
      else controller.enqueue(encoder.encode(part));
    },
  });
  const sink = collector();
  assertEquals(await assertRejects(() => pumpLines(source, sink.write)), broken);
  assertEquals(sink.text, "one\ntw\n");
  assertEquals(source.locked, false);
});

Deno.test("pumpLines lets go of the source when a callback throws", async () => {
  const fault = new Error("a fault of ours");
  const source = counted(["a\n", "b\n"]);
  const sink = collector();
  const error = await assertRejects(() =>
    pumpLines(source.stream, sink.write, {
      onLine: () => {
        throw fault;
      },
    })
  );
  assertEquals(error, fault);
  assertEquals(source.cancelled, fault);
  assertEquals(sink.text, "");
});

Deno.test("pumpLines aborted before it began lets go of the source", async () => {
  const source = counted(["a\n"]);
  const reason = new Error("too late");
  const sink = collector();
  const options = { signal: AbortSignal.abort(reason) };
  assertEquals(
    await assertRejects(() => pumpLines(source.stream, sink.write, options)),
    reason,
  );
  assertEquals([source.pulled, source.cancelled, source.stream.locked], [0, reason, false]);
});

Deno.test("pumpLines aborted while it reads settles and drops the unfinished line", async () => {
  const abort = new AbortController();
  const reason = new Error("drained long enough");
  const source = counted(["one\ntw"], { isEndless: true });
  const sink = collector();
  const done = pumpLines(source.stream, sink.write, { signal: abort.signal });
  await source.starved;
  abort.abort(reason);
  assertEquals(await assertRejects(() => done), reason);
  assertEquals([source.cancelled, source.stream.locked], [reason, false]);
  await turnOfEventLoop();
  assertEquals(sink.text, "one\n");
});

Deno.test("pumpLines aborted while a write is stuck settles and lets go of the source", async () => {
  const abort = new AbortController();
  const reason = new Error("drained long enough");
  const begun = Promise.withResolvers<void>();
  const stuck = Promise.withResolvers<void>();
  const source = counted(["one\n", "two\n"]);
  let writes = 0;
  const done = pumpLines(source.stream, () => {
    writes++;
    begun.resolve();
    return stuck.promise;
  }, { signal: abort.signal });
  await begun.promise;
  abort.abort(reason);
  assertEquals(await assertRejects(() => done), reason);
  assertEquals([source.cancelled, source.stream.locked], [reason, false]);
  stuck.resolve();
  await turnOfEventLoop();
  assertEquals([writes, source.pulled], [1, 2]);
});

Deno.test("pumpLines: lines of children that print side by side never mix, none is lost", async () => {
  const LINES = 20_000;
  const sink = collector();
  const shared = new SharedSink(sink);
  const names = ["one", "two", "three"];
  await Promise.all(names.map(async (name) => {
    // Both outputs of each child at once, in blocks that end anywhere in a line.
    const script = `seq 1 ${LINES} & seq 1 ${LINES} >&2; wait`;
    await using child = spawnChild({
      command: ["sh", "-c", script],
      stdout: "piped",
      stderr: "piped",
    });
    await Promise.all(["stdout" as const, "stderr" as const].map((stream) => {
      const prefix = encoder.encode(`${name} ${stream} | `);
      return pumpLines(child[stream], (bytes) => shared.write(bytes), { prefix });
    }));
    assertEquals((await child.close()).code, 0);
  }));
  const seen = new Map<string, number>();
  for (const line of sink.text.trimEnd().split("\n")) {
    const [source, number, ...rest] = line.split(" | ");
    assertEquals([Number(number), rest], [(seen.get(source!) ?? 0) + 1, []]);
    seen.set(source!, Number(number));
  }
  assertEquals([...seen.values()], Array(6).fill(LINES));
});

Deno.test("pumpLines slows a child down that prints faster than the sink takes", async () => {
  const LIMIT = 20_000_000;
  await using child = spawnChild({
    command: ["sh", "-c", `yes 'as fast as it can' | head -c ${LIMIT}`],
    stdout: "piped",
  });
  let read = 0;
  let written = 0;
  let most = 0;
  await pumpLines(child.stdout, async (bytes) => {
    await turnOfEventLoop();
    written += bytes.length;
    most = Math.max(most, read - written);
  }, { onChunk: (chunk) => void (read += chunk.length) });
  assertEquals((await child.close()).code, 0);
  assertEquals(read, LIMIT);
  assertLessOrEqual(most, 128 * 1024);
  // The last line was cut off by the bound, so the pump has ended it.
  assertEquals(written, LIMIT + (LIMIT % 18 === 0 ? 0 : 1));
});

/** After it, everything that promises could set off by then has run. */
function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** The whole output for `parts`. */
async function pumped(parts: string[], options: LinePumpOptions = { prefix: PREFIX }) {
  return decoder.decode(joined((await pump(parts, options)).written));
}

async function pump(
  parts: readonly (string | Uint8Array)[],
  options: LinePumpOptions = {},
): Promise<{ written: readonly Uint8Array[] }> {
  const { written, write } = collector();
  await pumpLines(chunksOf(parts), write, options);
  return { written };
}

function collector() {
  const written: Uint8Array[] = [];
  return {
    written,
    write: (bytes: Uint8Array): Promise<void> => {
      written.push(bytes);
      return Promise.resolve();
    },
    get text() {
      return decoder.decode(joined(written));
    },
  };
}

function chunksOf(parts: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return counted(parts).stream;
}

/** A source that tells how far it was read and with what it was cancelled. */
function counted(
  parts: readonly (string | Uint8Array)[],
  options: { isEndless?: boolean } = {},
) {
  const starved = Promise.withResolvers<void>();
  const source = {
    /** Resolves when the reader waits for more than there is. */
    starved: starved.promise,
    pulled: 0,
    cancelled: undefined as unknown,
    stream: new ReadableStream<Uint8Array>({
      pull(controller) {
        const part = parts[source.pulled];
        if (part === undefined) {
          starved.resolve();
          if (!options.isEndless) controller.close();
          return;
        }
        source.pulled++;
        controller.enqueue(typeof part === "string" ? encoder.encode(part) : part);
      },
      cancel(reason) {
        source.cancelled = reason;
      },
    }, { highWaterMark: 0 }),
  };
  return source;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** What a reader does who wants the input back, by the rule that `pumpLines` documents. */
function restored(output: Uint8Array, maxPieceBytes: number): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < output.length;) {
    assertEquals(output.subarray(at, at + PREFIX.length), PREFIX);
    at += PREFIX.length;
    const end = output.indexOf(0x0a, at);
    bytes.push(...output.subarray(at, end));
    if (end - at < maxPieceBytes) bytes.push(0x0a);
    at = end + 1;
  }
  return Uint8Array.from(bytes);
}

/** Any bytes, with enough LFs among them. */
function bytesWithLines(): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const byte = fc.oneof(fc.constant(0x0a), fc.nat(255), fc.constant(0x78));
  return fc.array(byte, { maxLength: 200 }).map((bytes) => Uint8Array.from(bytes));
}

function pieceBytes(): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(65_536));
}

function splitAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b);
  return [0, ...places].map((place, index) => bytes.subarray(place, places[index] ?? bytes.length));
}
