import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { ChunkSplitter } from "../../lib/tools/_chunk_splitter.ts";
import { comparePaths } from "../../lib/tools/_path_order.ts";
import { bytes } from "./_sample_tree.ts";

Deno.test("ChunkSplitter.push() gives the same records however the bytes are cut", () => {
  fc.assert(fc.property(
    fc.array(fc.string({ unit: fc.constantFrom(..."aé😀") })),
    fc.array(fc.nat({ max: 40 })),
    (records, cuts) => {
      const all = bytes(records.map((record) => `${record}\n`).join(""));
      const seen: string[] = [];
      const splitter = new ChunkSplitter(10, (record) => {
        seen.push(new TextDecoder().decode(record));
      });
      const places = [0, ...cuts.map((cut) => Math.min(cut, all.length)), all.length];
      places.sort((a, b) => a - b).forEach((end, index) => {
        const chunk = all.slice(places[index - 1] ?? 0, end);
        splitter.push(chunk);
        // Sources use their buffers again.
        chunk.fill(33);
      });
      assertEquals(seen, records);
    },
  ));
});

Deno.test("ChunkSplitter.push() hands out nothing after a stop", () => {
  const seen: number[] = [];
  const splitter = new ChunkSplitter(0, (record) => {
    seen.push(record.length);
    return "stop";
  });
  assertEquals(splitter.push(bytes("a", [0], "b", [0])), "stop");
  assertEquals(splitter.push(bytes("c", [0])), "stop");
  assertEquals(seen, [1]);
});

Deno.test("comparePaths() orders like the bytes of the components", () => {
  const random = fc.array(fc.string({ minLength: 1, unit: fc.constantFrom(..."a-\uffff😀é") }), {
    minLength: 1,
    maxLength: 3,
  });
  const encode = (path: string[]) =>
    path.map((name) =>
      [...new TextEncoder().encode(name)].map((b) => String.fromCharCode(b)).join("")
    );
  fc.assert(fc.property(random, random, (a, b) => {
    const [left, right] = [encode(a).join("\x01"), encode(b).join("\x01")];
    const expected = left < right ? -1 : left > right ? 1 : 0;
    assertEquals(Math.sign(comparePaths(a.join("/"), b.join("/"))), expected);
  }));
});
