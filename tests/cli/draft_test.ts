import { assertEquals } from "@std/assert";
import { draftsNotice } from "../../lib/cli/draft.ts";

Deno.test("draftsNotice() says once what stores drafts, however many there are", () => {
  const drafts = ["a", "b"].map((name) => ({ path: `/tmp/${name}.md`, command: `store ${name}` }));
  const place = { id: "ID", root: undefined };
  assertEquals(draftsNotice(place, []), undefined);
  assertEquals(
    draftsNotice(place, drafts.slice(0, 1)),
    '"/tmp/a.md" holds the text of another edit of ID, which was not stored: "store a" stores it, or remove it',
  );
  assertEquals(
    draftsNotice(place, drafts),
    '"/tmp/a.md", "/tmp/b.md" hold texts of other edits of ID, which were not stored: "yoi ticket edit ' +
      'ID --file PATH" stores one, or remove them',
  );
  assertEquals(
    draftsNotice({ id: "ID", root: "old tickets" }, drafts),
    '"/tmp/a.md", "/tmp/b.md" hold texts of other edits of ID, which were not stored: "yoi ticket edit ' +
      `ID --root 'old tickets' --file PATH" stores one, or remove them`,
  );
});
