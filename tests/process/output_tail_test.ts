import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { OutputTail } from "../../lib/process/output_tail.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("OutputTail keeps everything while it fits", () => {
  const tail = new OutputTail();
  assertEquals(tail.text, "");
  tail.push(bytes("one\ntw"));
  tail.push(bytes("o\n"));
  assertEquals([tail.text, tail.isCut], ["one\ntwo", false]);
});

Deno.test("OutputTail keeps the last lines, whole ones", () => {
  const byLines = new OutputTail({ maxLines: 2 });
  byLines.push(bytes("one\ntwo\nthree\nfour"));
  assertEquals(byLines.text, "three\nfour");
  const byBytes = new OutputTail({ maxBytes: 10 });
  byBytes.push(bytes("first line\nlast\nend\n"));
  assertEquals([byBytes.text, byBytes.isCut], ["last\nend", true]);
});

Deno.test("OutputTail keeps the end of a line that is too long", () => {
  const tail = new OutputTail({ maxBytes: 4 });
  tail.push(bytes("0123456789"));
  assertEquals(tail.text, "6789");
});

Deno.test("OutputTail: pieces of any size give the same end", () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 30 });
  fc.assert(fc.property(pieces, fc.integer({ min: 1, max: 16 }), (pieces, maxBytes) => {
    const tail = new OutputTail({ maxBytes });
    for (const piece of pieces) tail.push(piece);
    const whole = new OutputTail({ maxBytes });
    whole.push(Uint8Array.from(pieces.flatMap((piece) => [...piece])));
    assertEquals([tail.text, tail.isCut], [whole.text, whole.isCut]);
  }));
});

Deno.test("OutputTail.collect() reads to the end, and says when the stream broke off", async () => {
  const tail = new OutputTail();
  await tail.collect(ReadableStream.from([bytes("a\n"), bytes("b\n")]));
  assertEquals(tail.text, "a\nb");
  let pulls = 0;
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulls++ === 0) controller.enqueue(bytes("c\n"));
      else controller.error(new Error("the pipe broke"));
    },
  });
  await tail.collect(broken);
  assertStringIncludes(tail.text, "c\n");
  assert(tail.text.endsWith("(output broke off: Error: the pipe broke)"));
});
