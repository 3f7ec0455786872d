import { assertEquals } from "@std/assert";
import {
  flattenSegment,
  flattenSegments,
  isKnownSegment,
  type Segment,
} from "../../lib/protocol/segment.ts";

const flattened: [segment: Segment, text: string, known: boolean][] = [
  [{ kind: "text", content: " a " }, " a ", true],
  [{ kind: "paste", id: 1, chars: 9, lines: 9, content: "b\n" }, "b\n", true],
  [{ kind: "file_ref", path: "src/a.ts" }, "@src/a.ts", true],
  [{ kind: "knowledge_ref", slug: "style" }, "#style", true],
  [{ kind: "workflow_invoke", slug: "release" }, "/release", true],
  [{ kind: "Text", content: "x" }, "[unknown input segment]", false],
  [{ kind: "toString" }, "[unknown input segment]", false],
];

for (const [segment, text, known] of flattened) {
  Deno.test(`flattenSegment writes ${JSON.stringify(segment)} as the model sees it`, () => {
    assertEquals(flattenSegment(segment), text);
    assertEquals(isKnownSegment(segment), known);
  });
}

Deno.test("flattenSegments joins the pieces without a separator", () => {
  assertEquals(
    flattenSegments(flattened.map(([segment]) => segment)),
    flattened.map(([, text]) => text).join(""),
  );
  assertEquals(flattenSegments([]), "");
});
