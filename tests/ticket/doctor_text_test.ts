import { assertEquals } from "@std/assert";
import { conflictLine, lineAt, lineOf } from "../../lib/ticket/_doctor_text.ts";

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
