import { assertEquals } from "@std/assert";
import { previewSegments } from "../../lib/protocol/preview.ts";

const text = (content: string) => ({ kind: "text", content });

Deno.test("previewSegments joins trimmed pieces and references by a blank", () => {
  const preview = previewSegments([
    text("  explain\r\nthis\n"),
    { kind: "paste", id: 1, chars: 3, lines: 1, content: "\tabc " },
    { kind: "file_ref", path: "a b" },
    { kind: "knowledge_ref", slug: "k" },
    { kind: "workflow_invoke", slug: "w" },
    { kind: "voice" },
  ]);
  assertEquals(preview, "explain  this abc @a b #k /w [unknown input segment]");
});

Deno.test("previewSegments trims what the wire calls white space", () => {
  assertEquals(previewSegments([text("\u0085\u2003a\ufeff \u3000")]), "a\ufeff");
  assertEquals(previewSegments([text("\u0085"), text("b")]), " b");
});

Deno.test("previewSegments counts characters, not code units, and marks a cut", () => {
  assertEquals(previewSegments([text("a".repeat(120))]), "a".repeat(120));
  assertEquals(previewSegments([text("a".repeat(121))]), "a".repeat(120) + "…");
  assertEquals(previewSegments([text("😀".repeat(3))], 2), "😀😀…");
  assertEquals(previewSegments([text("世界")], 2), "世界");
  assertEquals(previewSegments([text("x")], 0), "…");
  assertEquals(previewSegments([]), "");
});
