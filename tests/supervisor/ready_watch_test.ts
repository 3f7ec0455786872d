import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ReadyWatch } from "../../lib/supervisor/ready_watch.ts";

const encoder = new TextEncoder();

Deno.test("ReadyWatch finds the marker inside a line, before the line is whole", () => {
  assertEquals(found("listening on", ["now listening on :8080\n"]), 1);
  assertEquals(found("ready", ["ready"]), 1);
  assertEquals(found("ready", ["read\ny", "not yet\n"]), 0);
});

Deno.test("ReadyWatch finds the marker wherever chunks end", () => {
  const text = "lilistelistening ooon: listening on あ!\n";
  for (const marker of ["listening on", "on あ", "あ!"]) {
    const bytes = encoder.encode(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      assertEquals(foundIn(marker, [bytes.subarray(0, cut), bytes.subarray(cut)]), 1);
    }
    assertEquals(foundIn(marker, [...bytes].map((byte) => Uint8Array.of(byte))), 1);
  }
});

Deno.test("ReadyWatch agrees with String.includes for any text in any chunks", () => {
  // Few letters, and one more often than the other: markers that nearly match again and again.
  const letters = (maxLength: number) =>
    fc.string({ unit: fc.constantFrom("a", "a", "b"), minLength: 1, maxLength });
  fc.assert(
    fc.property(letters(10), fc.array(letters(40), { maxLength: 8 }), (marker, parts) => {
      assertEquals(found(marker, parts), parts.join("").includes(marker) ? 1 : 0);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("ReadyWatch watches each stream for itself and tells only of the first match", () => {
  let times = 0;
  const watch = new ReadyWatch("ready", () => times++);
  const [stdout, stderr] = [watch.stream(), watch.stream()];
  stdout(encoder.encode("rea"));
  stderr(encoder.encode("dy"));
  assertEquals([times, watch.isOver], [0, false]);
  stderr(encoder.encode("\nready"));
  assertEquals([times, watch.isOver], [1, true]);
  stdout(encoder.encode("dy\nready\n"));
  stderr(encoder.encode("ready ready\n"));
  assertEquals(times, 1);
});

Deno.test("ReadyWatch.stop ends the watch", () => {
  let times = 0;
  const watch = new ReadyWatch("ready", () => times++);
  const follow = watch.stream();
  follow(encoder.encode("rea"));
  watch.stop();
  follow(encoder.encode("dy ready\n"));
  assertEquals([times, watch.isOver], [0, true]);
});

Deno.test("ReadyWatch refuses a marker that every line or no line contains", () => {
  assertThrows(() => new ReadyWatch("", () => {}), TypeError, 'Cannot watch for ""');
  assertThrows(() => new ReadyWatch("a\nb", () => {}), TypeError);
});

function found(marker: string, parts: readonly string[]): number {
  return foundIn(marker, parts.map((part) => encoder.encode(part)));
}

/** How often the marker was told of. */
function foundIn(marker: string, chunks: readonly Uint8Array[]): number {
  let times = 0;
  const follow = new ReadyWatch(marker, () => times++).stream();
  for (const chunk of chunks) follow(chunk);
  return times;
}
