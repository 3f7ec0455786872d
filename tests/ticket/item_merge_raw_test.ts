/** Items whose values the first v1 programs wrote without quotes. */

import { assert, assertEquals } from "@std/assert";
import { mergeItems } from "../../lib/ticket/_item_merge.ts";

const FIELDS = {
  id: "20260601-021104-keep-history",
  title: "TUI: keep history #1",
  status: "open",
  priority: "P2",
  labels: "[tui, history]",
  updated_at: "2026-06-01T02:11:04Z",
  assignee: "null",
};
const BASE = raw({});

Deno.test("mergeItems: two sides that changed a raw item agree field by field, the later time wins", async () => {
  const ours = raw({ updated_at: "2026-06-02T00:00:00Z", priority: "P1" });
  const theirs = raw({ updated_at: "2026-06-03T00:00:00Z", assignee: "bob", team: "a: b # c" });
  const text = raw({
    updated_at: "2026-06-03T00:00:00Z",
    priority: "P1",
    assignee: "bob",
    team: "a: b # c",
  });
  const merged = { text, conflict: false };
  assertEquals(await mergeItems({ base: BASE, ours, theirs }), merged);
  assertEquals(await mergeItems({ base: BASE, ours: theirs, theirs: ours }), merged);
  const crlf = (item: string) => item.replaceAll("\n", "\r\n");
  assertEquals(await mergeItems({ base: crlf(BASE), ours: crlf(ours), theirs: crlf(theirs) }), {
    text: crlf(text),
    conflict: false,
  });
});

Deno.test("mergeItems: a raw field that diverged is a conflict of that line alone, bodies go by lines", async () => {
  const ours = raw({ title: "TUI: ours", updated_at: "2026-06-03T00:00:00Z" }, "Ours.\n");
  const theirs = raw({ title: "TUI: theirs", updated_at: "2026-06-02T00:00:00Z" });
  assertEquals(await mergeItems({ base: BASE, ours, theirs }), {
    text: ours.replace(
      "title: TUI: ours\n",
      "<<<<<<< ours\ntitle: TUI: ours\n=======\ntitle: TUI: theirs\n>>>>>>> theirs\n",
    ),
    conflict: true,
  });
});

Deno.test("mergeItems: raw items that both sides added are merged field by field", async () => {
  const ours = raw({ updated_at: "2026-06-02T00:00:00Z" });
  const theirs = raw({ updated_at: "2026-06-03T00:00:00Z" });
  assertEquals(await mergeItems({ base: "", ours, theirs }), { text: theirs, conflict: false });
});

Deno.test("mergeItems: of a raw item that one side migrated the YAML stays, with what the other did", async () => {
  const migrated = yaml("2026-06-01T02:11:04Z", "P2");
  const changed = raw({ updated_at: "2026-06-02T00:00:00Z", priority: "P0" }, "More.\n");
  const merged = { text: yaml("2026-06-02T00:00:00Z", "P0", "More.\n"), conflict: false };
  for (const [ours, theirs] of [[migrated, changed], [changed, migrated]] as const) {
    assertEquals(await mergeItems({ base: BASE, ours, theirs }), merged);
  }
  // What the new form has no place for is not lost in silence.
  const labelled = raw({ labels: "[tui, slow]" });
  const { text, conflict } = await mergeItems({ base: BASE, ours: migrated, theirs: labelled });
  assert(conflict);
  assert(text.includes("<<<<<<< ours\n=======\nlabels: ['tui', 'slow']\n>>>>>>> theirs\n"), text);
});

Deno.test("mergeItems: an item that one side made raw becomes YAML again beside one that did not", async () => {
  const plain = (item: string) =>
    item.replace("title: TUI: keep history #1", "title: Keep history");
  const base = plain(BASE);
  const ours = raw({ title: "TUI: forget", updated_at: "2026-06-02T00:00:00Z" });
  const theirs = plain(raw({ priority: "P1", updated_at: "2026-06-03T00:00:00Z" }));
  assertEquals(await mergeItems({ base, ours, theirs }), {
    text: theirs.replace("title: Keep history", "title: 'TUI: forget'"),
    conflict: false,
  });
  // In raw lines quotes belong to the text, so nobody can say whether this title was changed.
  const quoted = (item: string) => item.replace("title: Keep history", "title: 'Keep history'");
  const { conflict } = await mergeItems({ base: quoted(base), ours, theirs: quoted(theirs) });
  assert(conflict);
});

Deno.test("mergeItems: indented lines of what is no YAML are left to a merge by lines", async () => {
  const indented = (item: string) => item.replace("assignee:", "note: a: b\n  c: d\nassignee:");
  const [ours, theirs] = ["P0", "P1"].map((priority) => indented(raw({ priority })));
  let seen = "";
  await mergeItems({ base: indented(BASE), ours: ours!, theirs: theirs! }, (versions) => {
    seen = versions.base;
    return Promise.resolve({ text: "", conflict: true });
  });
  assertEquals(seen, indented(BASE));
});

function raw(fields: Readonly<Record<string, string>>, body = "Body.\n"): string {
  const lines = Object.entries({ ...FIELDS, ...fields });
  return `---\n${lines.map(([key, value]) => `${key}: ${value}\n`).join("")}---\n\n${body}`;
}

/** What a migration makes of it. */
function yaml(updatedAt: string, priority: string, body = "Body.\n"): string {
  return `---\ntitle: 'TUI: keep history #1'\npriority: '${priority}'\n` +
    `updated_at: '${updatedAt}'\nassignee: null\nstate: 'planning'\n---\n\n${body}`;
}
