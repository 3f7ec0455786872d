import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { TicketList } from "../../../lib/ticket/ticket.ts";
import { textWidth } from "../../../lib/cli/text_width.ts";
import { Workspace } from "../_tickets.ts";

/** Writes tickets as other programs do. */
async function seed(workspace: Workspace, tickets: Record<string, Record<string, string>>) {
  for (const [id, fields] of Object.entries(tickets)) {
    const all = { title: "x", state: "ready", updated_at: "2026-06-02T08:00:00Z", ...fields };
    const lines = Object.entries(all).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
    await workspace.write(`.yoi/tickets/${id}/item.md`, `---\n${lines.join("")}---\n`);
  }
}

const THREE = {
  "00001KT07NV00": { title: "Cache the index", state: "queued", readiness: "implementation_ready" },
  "00001KT07NV01": { title: "Fix the schema", state: "closed", updated_at: "2026-06-05T00:00:00Z" },
  "00001KT07NV02": { title: "Read less", state: "ready", priority: "P0", assignee: "bob" },
};
const HEAD = "state\tid\ttitle\tupdated_at\thints\n";

Deno.test("yoi ticket list prints the lines that scripts know", async () => {
  await using workspace = await Workspace.create();
  assertEquals(await workspace.do("ticket list"), HEAD);
  await seed(workspace, THREE);
  const first = "queued\t00001KT07NV00\tCache the index\t2026-06-02T08:00:00Z\t" +
    "readiness:implementation_ready\n";
  assert((await workspace.do("ticket list")).startsWith(HEAD + first));
  const cut = await workspace.do("ticket list --limit 1");
  assert(cut.startsWith(`${HEAD}${first}# truncated: returned 1 of 3; `), cut);
  assert((await workspace.do("ticket list --limit 0")).startsWith(
    `${HEAD}# truncated: returned 0 of 3; `,
  ));
});

Deno.test("yoi ticket list filters, sorts, turns round and goes on behind a ticket", async () => {
  await using workspace = await Workspace.create();
  await seed(workspace, THREE);
  const ids = async (flags: string) => {
    const { tickets } = await workspace.json<TicketList>(`ticket list ${flags}`);
    return tickets.map(({ id }) => id.slice(-1)).join("");
  };
  assertEquals(await ids("--state ready,closed"), "12");
  assertEquals(await ids("--state queued --state=ready"), "2");
  assertEquals(await ids("--state active --state=all"), "012");
  assertEquals(await ids("--state active"), "02");
  assertEquals(await ids("--state all"), "012");
  assertEquals(await ids("--priority P0"), "2");
  assertEquals(await ids("--priority none"), "01");
  assertEquals(await ids("--assignee bob"), "2");
  assertEquals(await ids("--assignee none"), "01");
  assertEquals(await ids("--text INDEX"), "0");
  assertEquals(await ids("--sort updated --reverse"), "120");
  assertEquals(await ids("--sort priority"), "201");
  assertEquals(await ids("--after 00001KT07NV00"), "12");
  assertEquals(await ids("--offset 2"), "2");
});

Deno.test("yoi ticket takes a number with more digits than it can count for all there is", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("one");
  const most = "99999999999999999999";
  assertStringIncludes(await workspace.do(["ticket", "list", "--limit", most]), id);
  const behind = ["ticket", "list", "--offset", most, "--limit", most];
  assertEquals(await workspace.do(behind), "state\tid\ttitle\tupdated_at\thints\n");
  for (const verb of [["search", "one"], ["log"], ["board"]]) {
    assertStringIncludes(await workspace.do(["ticket", ...verb, "--limit", most]), id);
  }
  const shown = await workspace.do(["ticket", "show", id, "--events", most]);
  assertEquals(shown, await workspace.do(["ticket", "show", id]));
});

Deno.test("yoi ticket list reaches beyond 100 rows", async () => {
  await using workspace = await Workspace.create();
  await seed(
    workspace,
    Object.fromEntries(
      Array.from({ length: 120 }, (_, number) => [`00001KT07N${number + 100}`, {}]),
    ),
  );
  const rows = async (flags: string) =>
    (await workspace.do(`ticket list${flags}`)).split("\n").filter((line) =>
      line.startsWith("ready")
    ).length;
  assertEquals([await rows(""), await rows(" --limit 110"), await rows(" --all")], [50, 110, 120]);
  const { total, truncated } = await workspace.json<TicketList>("ticket list");
  assertEquals([total, truncated], [120, true]);
});

Deno.test("yoi ticket list W3: a bad ticket is told beside the good ones, and is no failure", async () => {
  await using workspace = await Workspace.create();
  await seed(workspace, THREE);
  await workspace.write(".yoi/tickets/00001KT07NV09/item.md", "no frontmatter, a secret\n");
  const { code, stdout, stderr } = await workspace.say("ticket list");
  assertEquals([code, stdout.split("\n").length], [0, 5]);
  assert(stderr.startsWith("yoi ticket: cannot read 00001KT07NV09"), stderr);
  assertEquals(stderr.split("\n").length, 2);
  assert(!stderr.includes("secret"));
  const { problems } = await workspace.json<TicketList>("ticket list");
  assertEquals(problems.length, 1);
});

Deno.test("yoi ticket list W11: no title breaks a line, and long ones are cut", async () => {
  await using workspace = await Workspace.create();
  await seed(workspace, {
    "00001KT07NV00": { title: `a\tb\nc\x1b[2J ${"x".repeat(200)}`, readiness: "y\t\nz" },
  });
  const [, row = ""] = (await workspace.do("ticket list")).split("\n");
  const [state, id, title = "", updated, hints] = row.split("\t");
  assertEquals([state, id, updated, hints], [
    "ready",
    "00001KT07NV00",
    "2026-06-02T08:00:00Z",
    "readiness:y z",
  ]);
  assert(title.startsWith("a b c\\x1b[2J xxx") && title.endsWith("...") && title.length === 96);
});

Deno.test("yoi ticket list is an aligned table that fits, on a terminal", async () => {
  await using workspace = await Workspace.create();
  await seed(workspace, { ...THREE, "00001KT07NV03": { title: "長い題名".repeat(30) } });
  for (const columns of [40, 80, 120]) {
    const text = await workspace.do("ticket list", { columns });
    for (const line of text.split("\n")) assert(textWidth(line) <= columns, line);
    const dates = columns < 80 ? "TITLE" : "P   UPDATED_AT";
    assert(text.startsWith(`STATE   ID             ${dates}`), text);
    assert(!text.includes("\t"));
  }
  assertStringIncludes(await workspace.do("ticket list", { columns: 120 }), "Cache the index");
});

Deno.test("yoi ticket list keeps the titles where ids take the whole terminal", async () => {
  await using workspace = await Workspace.create();
  const item = '---\ntitle: "Keep me"\nworkflow_state: "ready"\n---\n';
  await workspace.write(`old/open/20260601-080000-${"long-".repeat(16)}slug/item.md`, item);
  assertStringIncludes(await workspace.do("ticket list --root old", { columns: 60 }), "Keep me");
});

Deno.test("yoi ticket list --root reads roots of every generation", async () => {
  await using workspace = await Workspace.create();
  const item = '---\ntitle: "x"\nstate: "ready"\n---\n';
  await workspace.write("old/open/20260601-080000-cache-the-index/item.md", item);
  await workspace.write("old/20260601-080000-001/item.md", item);
  await workspace.write("old/00001KT07NV00/item.md", item);
  for (const root of ["old", `${workspace.path}/old`]) {
    const { tickets } = await workspace.json<TicketList>(`ticket list --root ${root}`);
    assertEquals(tickets.map(({ generation }) => generation).sort(), ["v1", "v2", "v3"]);
  }
});
