import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { TicketDetail } from "../../../lib/ticket/ticket.ts";
import { Workspace } from "../_tickets.ts";

Deno.test("yoi ticket show prints the document, and with --json the library's shape", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("Cache the index", "--body", "Why?");
  const text = await workspace.do(["ticket", "show", id]);
  assert(text.startsWith(`# Cache the index\n\nState: planning\nID: ${id}\nUpdated: `), text);
  assertStringIncludes(text, "\n## thread.md\n\n- create by yoi ticket at ");
  const ticket = await workspace.json<TicketDetail>(["ticket", "show", id]);
  assertEquals(Object.keys(ticket).sort(), [
    ...["artifacts", "body", "events", "frontmatter", "generation", "id", "problems"],
    ...["relations", "resolution", "state", "title", "v3Id"],
  ]);
  assertEquals([ticket.id, ticket.v3Id, ticket.body], [id, id, "\nWhy?\n"]);
});

Deno.test("yoi ticket show takes the beginning of an id, and an old slug", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const { id: found } = await workspace.json<TicketDetail>(["ticket", "show", id.slice(0, 6)]);
  assertEquals(found, id);
  await workspace.write(
    ".yoi/tickets/open/20260601-080000-read-less/item.md",
    "---\ntitle: Read less: now\nstatus: open\n---\n",
  );
  const old = await workspace.do("ticket show read-less");
  assertStringIncludes(old, "\nGeneration: v1\nID after migration: ");
  const { code, stderr } = await workspace.say("ticket show 00000");
  assertEquals([code, stderr], [1, "yoi ticket: ticket not found: 00000\n"]);
});

Deno.test("yoi ticket show --events shows the last ones alone", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  for (const message of ["one", "two"]) {
    await workspace.do(["ticket", "comment", id, "--message", message]);
  }
  const text = await workspace.do(["ticket", "show", id, "--events", "1"]);
  assertStringIncludes(text, "## thread.md\n\n(2 earlier events)\n- comment by alice at ");
  assert(!text.includes("one"));
  const { events } = await workspace.json<TicketDetail>(["ticket", "show", id, "--events", "0"]);
  assertEquals(events, []);
});

Deno.test("yoi ticket show W11: on a terminal nothing of a record is obeyed", async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    ".yoi/tickets/00001KT07NV00/item.md",
    "---\ntitle: x\nstate: ready\n---\n\nred \x1b[31m\tand\n\x9b2J\n",
  );
  const seen = await workspace.do("ticket show 00001KT07NV00", { columns: 80 });
  assertStringIncludes(seen, "red \\x1b[31m\tand\n\\x9b2J\n");
  assertStringIncludes(await workspace.do("ticket show 00001KT07NV00"), "red \x1b[31m");
});

Deno.test("yoi ticket show W11: --json on a terminal obeys nothing either, and means the same", async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    ".yoi/tickets/00001KT07NV00/item.md",
    "---\ntitle: x\nstate: ready\n---\n\n\x9b2J \u202e\n",
  );
  const line = "ticket show 00001KT07NV00 --json";
  const [seen, piped] = [await workspace.do(line, { columns: 80 }), await workspace.do(line)];
  assertStringIncludes(seen, String.raw`"body":"\n\u009b2J \u202e\n"`);
  assertStringIncludes(piped, '"body":"\\n\x9b2J \u202e\\n"');
  assertEquals(JSON.parse(seen), JSON.parse(piped));
});
