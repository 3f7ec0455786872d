import { assertEquals } from "@std/assert";
import { conflictLine, isTimestamp, lineAt, lineOf } from "../../lib/ticket/_doctor_text.ts";

Deno.test("isTimestamp() accepts UTC with seconds on a day that exists", () => {
  const right = ["2026-06-01T00:00:00Z", "2024-02-29T23:59:59Z", "2026-12-31T10:20:30Z"];
  const wrong = [
    "",
    "2026-06-01",
    "2026-06-01T00:00:00",
    "2026-06-01T00:00:00+09:00",
    "2026-06-01T00:00:00.5Z",
    "2026-06-01 00:00:00Z",
    " 2026-06-01T00:00:00Z",
    "2026-06-01T00:00:00Z\n",
    "2026-13-01T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-06-31T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-06-01T24:00:00Z",
    "2026-06-01T00:60:00Z",
  ];
  assertEquals(right.filter((text) => !isTimestamp(text)), []);
  assertEquals(wrong.filter(isTimestamp), []);
});

Deno.test("lineAt() and lineOf() count lines from 1", () => {
  const text = "a\nb\n\nc";
  assertEquals([0, 1, 2, 3, 4, 5].map((offset) => lineAt(text, offset)), [1, 1, 2, 2, 3, 4]);
  assertEquals(lineAt("", 0), 1);
  assertEquals(lineOf(text, /c/), 4);
  assertEquals(lineOf(text, /d/), null);
});

Deno.test("conflictLine() finds markers in order and outside of code", () => {
  const conflict = "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n";
  assertEquals(conflictLine(`x\n${conflict}`), 2);
  assertEquals(conflictLine(`\`\`\`\n${conflict}\`\`\`\n`), undefined);
  assertEquals(conflictLine(`\`\`\`\n${conflict}\`\`\`\n${conflict}`), 8);
  assertEquals(conflictLine(">>>>>>> theirs\n<<<<<<< ours\n"), undefined);
  assertEquals(conflictLine("<<<<<<< ours\n"), undefined);
  assertEquals(conflictLine("  <<<<<<< ours\n>>>>>>> theirs\n"), undefined);
});
