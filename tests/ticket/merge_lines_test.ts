import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { mergeLines } from "../../lib/ticket/merge_lines.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";

const VERSIONS = { base: "a\nb\nc\n", ours: "A\nb\nc\n", theirs: "a\nb\nC\n" };

Deno.test("mergeLines() merges as git does, and says where a person has to decide", async () => {
  assertEquals(await mergeLines(VERSIONS), { text: "A\nb\nC\n", conflict: false });
  const { text, conflict } = await mergeLines({ ...VERSIONS, theirs: "Z\nb\nc\n" });
  assertEquals([text.startsWith("<<<<<<< ours\nA\n"), conflict], [true, true]);
});

Deno.test("mergeLines() fails as the ticket room does where there is no git", async () => {
  const path = Deno.env.get("PATH") ?? "";
  Deno.env.set("PATH", "/nowhere");
  try {
    const error = await assertRejects(() => mergeLines(VERSIONS));
    assert(error instanceof TicketError && error.code === "io", String(error));
    assertStringIncludes(error.message, "git merge-file");
  } finally {
    Deno.env.set("PATH", path);
  }
});
