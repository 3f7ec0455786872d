import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Workspace } from "../_tickets.ts";

/** Three tickets: one ready, one ready that waits for it, one urgent in planning. */
async function three(workspace: Workspace): Promise<[string, string, string]> {
  const ready = ["--state", "ready", "--summary", "Clear."];
  const a = await workspace.ticket("Cache the index", ...ready);
  const b = await workspace.ticket("Read less", ...ready, "--priority", "P0");
  const c = await workspace.ticket("Think", "--priority", "P0");
  await workspace.do(
    ["ticket", "relation", "add", "--ticket", b, "--kind", "depends_on", "--target", a],
  );
  return [a, b, c];
}

Deno.test("yoi ticket ready and next show what waits for nothing, by priority and age", async () => {
  await using workspace = await Workspace.create();
  await Deno.mkdir(workspace.root, { recursive: true });
  const none = { code: 1, stderr: "yoi ticket: No ticket is ready and unblocked\n" };
  assertEquals(await workspace.say("ticket next"), { ...none, stdout: "" });
  assertEquals(await workspace.say("ticket next --json"), { ...none, stdout: "null\n" });
  const broken = await workspace.say(["ticket", "next", "--json", "--root", "/dev/null"]);
  assertEquals([broken.code, broken.stdout], [1, ""]);
  assertEquals(await workspace.do("ticket ready"), "priority\tid\ttitle\tupdated_at\thints\n");
  assertEquals(await workspace.do("ticket ready", { columns: 80 }), "P  ID  TITLE\n(none)\n");
  const [a, b] = await three(workspace);
  assertEquals(await workspace.do("ticket next"), `${a}\t-\tCache the index\n`);
  const ready = async () => {
    const { tickets } = await workspace.json<{ tickets: { id: string }[] }>("ticket ready");
    return tickets.map(({ id }) => id);
  };
  assertEquals(await ready(), [a]);
  await workspace.do(["ticket", "close", a, "--resolution", "Done."]);
  assertEquals(await ready(), [b]);
  assertEquals(await workspace.do("ticket next"), `${b}\tP0\tRead less\n`);
  assertEquals((await workspace.json<{ id: string }>("ticket next")).id, b);
  assertStringIncludes(await workspace.do("ticket ready", { columns: 80 }), "P   ID");
});

Deno.test("yoi ticket search finds words anywhere in a ticket", async () => {
  await using workspace = await Workspace.create();
  const [a] = await three(workspace);
  await workspace.do(["ticket", "comment", a, "--message", "The Fountain is empty"]);
  const [head, row = "", ...rest] = (await workspace.do("ticket search fountain cache")).split(
    "\n",
  );
  assertEquals([head, rest], ["state\tid\ttitle\twhere\ttext", [""]]);
  assert(row.startsWith(`ready\t${a}\tCache the index\t`), row);
  assertEquals((await workspace.do("ticket search fountain nowhere")).split("\n").length, 2);
  const [, both = ""] = (await workspace.do("ticket search CACHE index")).split("\n");
  assertEquals(both.split("\t")[3], "title");
  assertEquals((await workspace.say("ticket search")).code, 1);
});

Deno.test("yoi ticket log shows what happened, newest first", async () => {
  await using workspace = await Workspace.create();
  const [a] = await three(workspace);
  await workspace.write(
    ".yoi/tickets/00001KT07NV00/item.md",
    "---\ntitle: old\nstate: planning\n---\n",
  );
  await workspace.write(
    ".yoi/tickets/00001KT07NV00/thread.md",
    "<!-- event: comment author: bob at: 2026-06-01T00:00:00Z -->\n\nlong\n\tago\n\n---\n",
  );
  const rows = (await workspace.do("ticket log --all")).trimEnd().split("\n");
  assertEquals(rows[0], "at\tticket\tevent\tauthor\ttitle\ttext");
  assertEquals(rows.at(-1), "2026-06-01T00:00:00Z\t00001KT07NV00\tcomment\tbob\told\tlong ago");
  assert(rows.some((row) => row.includes(`\t${a}\tstate_changed[planning>ready]\tyoi ticket\t`)));
  assertEquals((await workspace.do("ticket log --limit 2")).trimEnd().split("\n").length, 4);
  const { events } = await workspace.json<{ events: { ticket: string }[] }>(
    "ticket log --since 2h",
  );
  assertEquals(events.length, rows.length - 2);
  assertEquals((await workspace.say("ticket log --since soon")).code, 1);
  const { stderr } = await workspace.say("ticket log --since 9999999w");
  assert(stderr.startsWith(`yoi: Cannot use --since "9999999w": `), stderr);
});

Deno.test("yoi ticket board shows columns on a terminal and lists elsewhere", async () => {
  await using workspace = await Workspace.create();
  const [, b, c] = await three(workspace);
  const plain = await workspace.do("ticket board");
  assert(plain.startsWith(`planning (1)\n  ${c} P0 Think\n\nready (2)\n  ${b} P0 Read less\n`));
  assert(!plain.includes("closed"));
  const [head = ""] = (await workspace.do("ticket board", { columns: 120 })).split("\n");
  assert(/^planning \(1\) +ready \(2\) +queued \(0\) +inprogress \(0\) +done \(0\)$/.test(head));
  assertEquals(await workspace.do("ticket board --state done"), "done (0)\n");
  assertStringIncludes(await workspace.do("ticket board --limit 1"), "… 1 more");
  const { columns } = await workspace.json<{ columns: { state: string; tickets: unknown[] }[] }>(
    "ticket board --state all",
  );
  assertEquals(columns.map(({ tickets }) => tickets.length), [1, 2, 0, 0, 0, 0]);
});

Deno.test("yoi ticket board --json shows at most --limit tickets a column, and counts all", async () => {
  await using workspace = await Workspace.create();
  const [, b, c] = await three(workspace);
  const board = async (...flags: string[]) => {
    const { columns } = await workspace.json<{
      columns: { state: string; tickets: { id: string }[]; total: number; truncated: boolean }[];
    }>(["ticket", "board", "--state", "planning,ready", ...flags]);
    return columns.map(({ state, tickets, total, truncated }) => [
      ...[state, tickets.map(({ id }) => id), total, truncated],
    ]);
  };
  assertEquals(await board("--limit", "1"), [
    ["planning", [c], 1, false],
    ["ready", [b], 2, true],
  ]);
  assertEquals((await board("--limit", "0")).map(([, shown]) => shown), [[], []]);
  for (let index = 0; index < 20; index++) await workspace.ticket(`more ${index}`);
  const [, shown, total, truncated] = (await board())[0]!;
  assertEquals([(shown as string[]).length, total, truncated], [21, 21, false]);
  assertStringIncludes(await workspace.do("ticket board"), "… 1 more");
});

Deno.test("yoi ticket graph draws relations, all or those around a ticket", async () => {
  await using workspace = await Workspace.create();
  const [a, b, c] = await three(workspace);
  const [d, e] = [await workspace.ticket("d"), await workspace.ticket("e")];
  await workspace.do(
    ["ticket", "relation", "add", "--ticket", d, "--kind", "related", "--target", e],
  );
  const mermaid = await workspace.do("ticket graph");
  assertStringIncludes(mermaid, `t${b} -->|depends_on| t${a}`);
  assert(!mermaid.includes(c), "a ticket without relations is not shown");
  assert((await workspace.do("ticket graph --format dot")).startsWith("digraph"));
  const around = await workspace.json<{ tickets: { id: string }[]; relations: unknown[] }>(
    ["ticket", "graph", "--ticket", a],
  );
  assertEquals(around.tickets.map(({ id }) => id), [a, b]);
  assertEquals(around.relations.length, 1);
  assertStringIncludes(await workspace.do(["ticket", "graph", "--ticket", c]), c);
});

Deno.test("yoi ticket graph tells a ticket that cannot be read from one that is missing", async () => {
  await using workspace = await Workspace.create();
  const [a, b, c, d] = [
    await workspace.ticket("a"),
    await workspace.ticket("b"),
    await workspace.ticket("c"),
    await workspace.ticket("d"),
  ];
  for (const target of [b, c, d]) {
    const line = [
      "ticket",
      "relation",
      "add",
      "--ticket",
      a,
      "--kind",
      "blocks",
      "--target",
      target,
    ];
    await workspace.do(line);
  }
  await workspace.write(`.yoi/tickets/${b}/item.md`, "nothing\n");
  await Deno.remove(`${workspace.root}/${c}`, { recursive: true });
  await Deno.rename(`${workspace.root}/${d}`, `${workspace.root}/.away`);
  await Deno.symlink(".away", `${workspace.root}/${d}`);
  const { code, stdout } = await workspace.say("ticket graph");
  assertEquals(code, 0);
  assertStringIncludes(stdout, `["${b}<br/>(unreadable)"]`);
  assertStringIncludes(stdout, `["${c}<br/>(missing)"]`);
  assertStringIncludes(stdout, `["${d}<br/>(unreadable)"]`);
});
