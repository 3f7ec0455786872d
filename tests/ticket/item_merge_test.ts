import { assert, assertEquals } from "@std/assert";
import { mergeItems } from "../../lib/ticket/_item_merge.ts";

const BASE = item({ state: "planning", updated_at: "2026-06-01T00:00:00Z", assignee: "" });

Deno.test("mergeItems: different fields of the two sides both count, the later time wins", async () => {
  const ours = item({ state: "ready", updated_at: "2026-06-02T00:00:00Z", assignee: "" });
  const theirs = item({ state: "planning", updated_at: "2026-06-03T00:00:00Z", assignee: "alice" });
  assertEquals(await mergeItems({ base: BASE, ours, theirs }), {
    text: item({ state: "ready", updated_at: "2026-06-03T00:00:00Z", assignee: "alice" }),
    conflict: false,
  });
});

Deno.test("mergeItems: a state that diverged is a conflict of that line alone", async () => {
  const ours = item({ state: "ready", updated_at: "2026-06-02T00:00:00Z", assignee: "bob" });
  const theirs = item({ state: "closed", updated_at: "2026-06-03T00:00:00Z", assignee: "" });
  const { text, conflict } = await mergeItems({ base: BASE, ours, theirs });
  assert(conflict);
  assertEquals(
    text,
    item({ state: "ready", updated_at: "2026-06-03T00:00:00Z", assignee: "bob" }).replace(
      "state: 'ready'\n",
      "<<<<<<< ours\nstate: 'ready'\n=======\nstate: 'closed'\n>>>>>>> theirs\n",
    ),
  );
});

Deno.test("mergeItems: of an ancestor that is a merge of two, what those differed in is open", async () => {
  const base = item({ state: "ready", updated_at: "2026-06-02T00:00:00Z", assignee: "" }).replace(
    "state: 'ready'\n",
    "<<<<<<< ours\nstate: 'queued'\n=======\nstate: 'planning'\n>>>>>>> theirs\n",
  );
  const ours = item({ state: "queued", updated_at: "2026-06-03T00:00:00Z", assignee: "" });
  const theirs = item({ state: "queued", updated_at: "2026-06-04T00:00:00Z", assignee: "bob" });
  assertEquals(await mergeItems({ base, ours, theirs }), { text: theirs, conflict: false });

  const other = theirs.replace("queued", "planning");
  const { text, conflict } = await mergeItems({ base, ours, theirs: other });
  assert(conflict);
  const diverged = "<<<<<<< ours\nstate: 'queued'\n=======\nstate: 'planning'\n>>>>>>> theirs\n";
  assertEquals(text, theirs.replace("state: 'queued'\n", diverged));
});

Deno.test("mergeItems: frontmatter that cannot be changed key by key is merged by lines", async () => {
  const braces = (state: string, title: string) =>
    `---\n{title: '${title}', state: '${state}'}\n---\n`;
  const { text, conflict } = await mergeItems({
    base: braces("planning", "a"),
    ours: braces("ready", "a"),
    theirs: braces("planning", "b"),
  });
  assert(conflict);
  assert(text.includes("'ready'") && text.includes("'b'"), text);
});

Deno.test("mergeItems: comments that one side added stay, those of both sides are merged by lines", async () => {
  const text = (state: string, assignee: string, comment: string) =>
    `---\ntitle: 'a'\nstate: '${state}'\n${comment}assignee: '${assignee}'\n---\n`;
  const base = text("planning", "", "");
  const ours = text("ready", "", "");
  const theirs = text("planning", "bob", "# asked on Monday\n");
  for (const [one, other] of [[ours, theirs], [theirs, ours]] as const) {
    assertEquals(await mergeItems({ base, ours: one, theirs: other }), {
      text: text("ready", "bob", "# asked on Monday\n"),
      conflict: false,
    });
  }
  const both = await mergeItems({ base, ours: text("ready", "", "# no\n"), theirs });
  assert(both.conflict && both.text.includes("# no") && both.text.includes("# asked on Monday"));
});

Deno.test("mergeItems: a # in a value is no comment", async () => {
  const text = (title: string, readiness: string) =>
    `---\ntitle: '${title}'\nreadiness: "${readiness}"\nupdated_at: '2026'\n---\n`;
  assertEquals(
    await mergeItems({
      base: text("Fix #1", "later"),
      ours: text("Fix #2", "later"),
      theirs: text("Fix #1", "waits for #7"),
    }),
    {
      text: text("Fix #2", "waits for #7").replace('"waits for #7"', "'waits for #7'"),
      conflict: false,
    },
  );
});

Deno.test("mergeItems: two sides that queued it agree, and the later queueing counts", async () => {
  const base = item({ state: "ready" });
  const ours = item({ state: "queued", queued_by: "bob", queued_at: "2026-06-02T00:00:00Z" });
  const theirs = item({ state: "queued", queued_by: "eve", queued_at: "2026-06-03T00:00:00Z" });
  const { text, conflict } = await mergeItems({ base, ours, theirs });
  assertEquals(conflict, false);
  assert(text.includes("queued_by: 'eve'\nqueued_at: '2026-06-03T00:00:00Z'\n"));
});

Deno.test("mergeItems: a key that one side removed goes, one that it added comes", async () => {
  const base = item({ state: "queued", queued_by: "bob" });
  const ours = item({ state: "planning" });
  const theirs = item({ state: "queued", queued_by: "bob", team: "core" });
  const { text, conflict } = await mergeItems({ base, ours, theirs });
  assertEquals(conflict, false);
  assertEquals(text, item({ state: "planning", team: "core" }));
});

Deno.test("mergeItems: numbers and switches of the other side stay what they are", async () => {
  const base = item({ state: "ready" });
  const theirs = base.replace("---\n\n", "estimate: 12\nurgent: true\n---\n\n");
  const ours = item({ state: "planning" });
  const { text } = await mergeItems({ base, ours, theirs });
  assertEquals(text, ours.replace("---\n\n", "estimate: 12\nurgent: true\n---\n\n"));
});

Deno.test("mergeItems: bodies are merged by lines, and a place that both changed is a conflict", async () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const body = (change: Record<number, string>) =>
    lines.map((line, index) => change[index] ?? line).join("\n");
  const base = item({ state: "ready" }, body({}));
  const ours = item({ state: "ready" }, body({ 2: "ours" }));
  const apart = await mergeItems({
    base,
    ours,
    theirs: item({ state: "ready" }, body({ 15: "theirs" })),
  });
  assertEquals(apart, {
    text: item({ state: "ready" }, body({ 2: "ours", 15: "theirs" })),
    conflict: false,
  });
  const together = await mergeItems({
    base,
    ours,
    theirs: item({ state: "ready" }, body({ 2: "theirs" })),
  });
  assert(together.conflict);
  assert(together.text.includes("<<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\n"));
});

Deno.test("mergeItems: an item that both sides added is merged field by field, too", async () => {
  const ours = item({ state: "ready", updated_at: "2026-06-02T00:00:00Z" });
  const theirs = item({ state: "ready", updated_at: "2026-06-03T00:00:00Z", assignee: "alice" });
  assertEquals(await mergeItems({ base: "", ours, theirs }), { text: theirs, conflict: false });
  const another = item({ state: "done" }, "Other.\n");
  const { text, conflict } = await mergeItems({ base: "", ours, theirs: another });
  assert(conflict);
  assert(text.startsWith("---\ntitle: 'Cache'\n<<<<<<< ours\nstate: 'ready'\n"), text);
  assert(text.endsWith("Other.\n>>>>>>> theirs\n"), text);
});

Deno.test("mergeItems: what is no item is merged by lines", async () => {
  const merged = await mergeItems({ base: "", ours: "one\n", theirs: "two\n" });
  assertEquals(merged, {
    text: "<<<<<<< ours\none\n=======\ntwo\n>>>>>>> theirs\n",
    conflict: true,
  });
});

Deno.test("mergeItems: an item of an unknown state is merged field by field all the same", async () => {
  const versions = {
    base: item({ workflow_state: "odd", priority: "P1", assignee: "" }),
    ours: item({ workflow_state: "odd", priority: "P2", assignee: "" }),
    theirs: item({ workflow_state: "odd", priority: "P1", assignee: "bob" }),
  };
  assertEquals(await mergeItems(versions), {
    text: item({ workflow_state: "odd", priority: "P2", assignee: "bob" }),
    conflict: false,
  });
});

Deno.test("mergeItems: equal sides and an untouched side need no git", async () => {
  const refuse = () => Promise.reject(new Error("not needed"));
  const changed = item({ state: "ready" });
  for (
    const versions of [
      { base: BASE, ours: changed, theirs: changed },
      { base: BASE, ours: BASE, theirs: changed },
      { base: BASE, ours: changed, theirs: BASE },
    ]
  ) {
    assertEquals(await mergeItems(versions, refuse), { text: changed, conflict: false });
  }
});

function item(fields: Record<string, string>, body = "\nBody.\n"): string {
  const lines = Object.entries({ title: "Cache", ...fields });
  return `---\n${lines.map(([key, value]) => `${key}: '${value}'\n`).join("")}---\n${body}`;
}
