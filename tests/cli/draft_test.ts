import { assertEquals } from "@std/assert";
import { draftsNotice } from "../../lib/cli/draft.ts";

Deno.test("draftsNotice() says once what stores drafts, however many there are", () => {
  const drafts = ["a", "b"].map((name) => ({ path: `/tmp/${name}.md`, command: `store ${name}` }));
  const place = { id: "ID", root: undefined };
  assertEquals(draftsNotice(place, []), undefined);
  assertEquals(
    draftsNotice(place, drafts.slice(0, 1)),
    '"/tmp/a.md" holds what another edit of ID has not stored: "store a" does, or remove it',
  );
  assertEquals(
    draftsNotice(place, drafts),
    '"/tmp/a.md", "/tmp/b.md" hold what other edits of ID have not stored: "yoi ticket edit ID ' +
      '--file PATH" does, or remove them',
  );
  assertEquals(
    draftsNotice({ id: "ID", root: "old tickets" }, drafts),
    '"/tmp/a.md", "/tmp/b.md" hold what other edits of ID have not stored: "yoi ticket edit ID ' +
      `--root 'old tickets' --file PATH" does, or remove them`,
  );
});
