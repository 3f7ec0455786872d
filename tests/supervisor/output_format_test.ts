import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { jsonLine, lineForm, plainPrefix } from "../../lib/supervisor/output_format.ts";
import { pumpLines } from "../../lib/supervisor/line_pump.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const FACTS = { child: "egress", pid: 42, stream: "stderr", now: () => 1_700_000_000_123 } as const;

Deno.test("plainPrefix is the name and a bar", () => {
  assertEquals(decoder.decode(plainPrefix("git-gate", false)), "git-gate | ");
});

Deno.test("plainPrefix with colour colours the name alone, a name always alike", () => {
  const text = decoder.decode(plainPrefix("git-gate", true));
  // deno-lint-ignore no-control-regex
  assertMatch(text, /^\x1b\[\d+mgit-gate\x1b\[0m \| $/);
  assertEquals(decoder.decode(plainPrefix("git-gate", true)), text);
  assertNotEquals(decoder.decode(plainPrefix("egress", true)).slice(0, 5), text.slice(0, 5));
});

Deno.test("jsonLine writes the five fields in order", () => {
  assertEquals(
    jsonLine(FACTS)(encoder.encode('say "hi"\r'), false),
    '{"at":"2023-11-14T22:13:20.123Z","child":"egress","pid":42,"stream":"stderr",' +
      '"line":"say \\"hi\\"\\r"}\n',
  );
});

Deno.test("jsonLine takes the time of each line", () => {
  let now = 0;
  const render = jsonLine({ ...FACTS, now: () => now });
  const at = () => JSON.parse(render(encoder.encode("x"), false)).at;
  assertEquals([at(), at()], ["1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z"]);
  now = 1500;
  assertEquals(at(), "1970-01-01T00:00:01.500Z");
});

Deno.test("jsonLine reads broken UTF-8 as U+FFFD, line by line, and keeps a byte order mark", () => {
  const render = jsonLine(FACTS);
  const line = (...bytes: number[]) => JSON.parse(render(Uint8Array.from(bytes), false)).line;
  assertEquals(line(0x61, 0xff, 0x62), "a\ufffdb");
  assertEquals(line(0x61, 0xe3, 0x81), "a\ufffd");
  assertEquals(line(0x82, 0x61), "\ufffda");
  assertEquals(line(0xef, 0xbb, 0xbf, 0x61), "\ufeffa");
  assertEquals(line(0x00), "\0");
});

Deno.test("jsonLine marks pieces that go on and tears no letter between them", async () => {
  const pieces: { line: string; goesOn?: boolean }[] = [];
  const source = new Blob(["aあいう\nb\n"]).stream();
  await pumpLines(source, (bytes) => {
    const lines = decoder.decode(bytes).trimEnd().split("\n");
    pieces.push(...lines.map((line) => JSON.parse(line)));
    return Promise.resolve();
  }, { ...lineForm({ ...FACTS, format: "json" }), maxPieceBytes: 5 });
  assertEquals(pieces.map(({ goesOn }) => goesOn), [true, true, undefined, undefined]);
  assertEquals(
    pieces.map(({ line }) => line).join("/"),
    "aあ/いう//b",
  );
});

Deno.test("lineForm is plain and without colour unless said otherwise", async () => {
  const form = lineForm(FACTS);
  assertEquals(form, { prefix: encoder.encode("egress | ") });
  const written: string[] = [];
  await pumpLines(new Blob(["\xff\n"]).stream(), (bytes) => {
    written.push(decoder.decode(bytes));
    return Promise.resolve();
  }, lineForm({ ...FACTS, colour: true }));
  assertEquals(written, [`${decoder.decode(plainPrefix("egress", true))}\xff\n`]);
});
