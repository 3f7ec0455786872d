import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Workspace } from "../_tickets.ts";

Deno.test("yoi ticket create prints the id, and stores what it was given", async () => {
  await using workspace = await Workspace.create();
  await workspace.write("body.md", "## Goal\n\nFast.\n");
  const line = await workspace.do([
    ...["ticket", "create", "--title", "Cache: the 'index'", "--file=body.md"],
    ...["--priority", "P1", "--assignee", "bob", "--readiness", "draft"],
    ...["--risk-flag", "io", "--risk-flag", "format"],
  ]);
  assertMatch(line, /^created\t[0-9A-Z]{13}\n$/);
  const id = line.trimEnd().split("\t")[1]!;
  const ticket = await workspace.json<Record<string, unknown>>(["ticket", "show", id]);
  assertEquals(ticket.title, "Cache: the 'index'");
  assertEquals(ticket.body, "\n## Goal\n\nFast.\n");
  const { priority, assignee, readiness, risk_flags } = ticket.frontmatter as Record<
    string,
    unknown
  >;
  assertEquals([priority, assignee, readiness, risk_flags], ["P1", "bob", "draft", [
    "io",
    "format",
  ]]);
  const events = ticket.events as { kind: string; author: string }[];
  assertEquals(events.map(({ kind, author }) => [kind, author]), [["create", "yoi ticket"]]);
});

Deno.test("yoi ticket create --state ready passes the intake gate, which wants a summary", async () => {
  await using workspace = await Workspace.create();
  const words = ["ticket", "create", "--title", "x", "--state", "ready"];
  const refused = await workspace.say(words);
  assertEquals(refused.code, 1);
  assert(refused.stderr.startsWith("yoi: --state ready requires --summary\n"), refused.stderr);
  const early = await workspace.say(["ticket", "create", "--title", "x", "--summary", "Clear."]);
  assertEquals(early.code, 1);
  assertStringIncludes(early.stderr, "yoi: --summary is only for --state ready\n");
  const { id, state } = await workspace.json<{ id: string; state: string }>([
    ...words,
    ...["--summary", "Clear.", "--author", "carol"],
  ]);
  assertEquals(state, "ready");
  const { events } = await workspace.json<{ events: { kind: string; author: string }[] }>(
    ["ticket", "show", id],
  );
  assertEquals(events.map(({ kind }) => kind), ["create", "intake_summary", "state_changed"]);
  assertEquals(new Set(events.map(({ author }) => author)), new Set(["carol"]));
});

Deno.test("yoi ticket create says where the ticket would go before it reads the text", async () => {
  await using workspace = await Workspace.create();
  const line = "ticket create --title x --file nowhere.md";
  await workspace.write(".yoi/tickets/.gitkeep", "");
  await workspace.write("lib/x.ts", "");
  const { stderr } = await workspace.say(line, { cwd: `${workspace.path}/lib` });
  assertMatch(
    stderr,
    /^yoi ticket: there is no ticket root .*\nyoi ticket: Cannot read "nowhere\.md"/,
  );
  await workspace.write(".yoi/ticket.config.toml", "[backend]\nrot = 'x'\n");
  assertMatch((await workspace.say(line)).stderr, /^yoi ticket: .*"backend\.rot" is unknown/);
});

Deno.test("yoi ticket create W1: a title of two lines is refused, nothing is written", async () => {
  await using workspace = await Workspace.create();
  for (const title of ["x\n---\nstate: closed", "a\x1b[2Jb", "", "  "]) {
    const { code, stdout, stderr } = await workspace.say(["ticket", "create", "--title", title]);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "title");
  }
  const { tickets } = await workspace.json<{ tickets: unknown[] }>("ticket list");
  assertEquals(tickets, []);
});

Deno.test("yoi ticket create uses the configured root and language", async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    ".yoi/ticket.config.toml",
    '[backend]\nroot = "records"\n[ticket]\nlanguage = "ja"\n',
  );
  const id = await workspace.ticket("x");
  assertStringIncludes(await workspace.read(`records/${id}/item.md`), "## 背景");
});
