import { assert, assertEquals } from "@std/assert";
import type { PlanRecord } from "../../../lib/ticket/plan_file.ts";
import type { Relation } from "../../../lib/ticket/relation_view.ts";
import { Workspace } from "../_tickets.ts";

function add(ticket: string, kind: string, target: string, ...more: string[]): string[] {
  const ends = ["--ticket", ticket, "--kind", kind, "--target", target];
  return ["ticket", "relation", "add", ...ends, ...more];
}

Deno.test("yoi ticket relation add, list and remove", async () => {
  await using workspace = await Workspace.create();
  const [a, b] = [await workspace.ticket("a"), await workspace.ticket("b")];
  assertEquals(
    await workspace.do(add(a, "depends_on", b, "--note", "schema\n\tfirst")),
    `relation\t${a}\tdepends_on\t${b}\n`,
  );
  const listed = await workspace.do("ticket relation list");
  const [head, row = "", ...rest] = listed.split("\n");
  assertEquals([head, rest], ["ticket\tkind\ttarget\tauthor\tat\tnote", [""]]);
  const [ticket, kind, target, author, at = "", note] = row.split("\t");
  assertEquals([ticket, kind, target, author, note], [
    a,
    "depends_on",
    b,
    "alice",
    "schema  first",
  ]);
  assert(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at));
  assertEquals(await workspace.do(["ticket", "relation", "list", "--ticket", b]), listed);
  assertEquals(await workspace.do("ticket relation list --kind blocks"), `${head}\n`);
  const { relations } = await workspace.json<{ relations: Relation[] }>("ticket relation list");
  assertEquals(relations.map(({ ticketId }) => ticketId), [a]);

  assertEquals((await workspace.say(add(a, "depends_on", b))).code, 1);
  const ends = ["--ticket", a, "--kind", "depends_on", "--target", b];
  const removed = await workspace.do(["ticket", "relation", "remove", ...ends]);
  assertEquals(removed, `removed\t${a}\tdepends_on\t${b}\n`);
  assertEquals(await workspace.do("ticket relation list"), `${head}\n`);
});

Deno.test("yoi ticket relation add stores a circle, and tells of it", async () => {
  await using workspace = await Workspace.create();
  const [a, b, c] = [
    await workspace.ticket("a"),
    await workspace.ticket("b"),
    await workspace.ticket("c"),
  ];
  assertEquals((await workspace.say(add(a, "depends_on", b))).stderr, "");
  assertEquals((await workspace.say(add(c, "blocks", b))).stderr, "");
  assertEquals((await workspace.say(add(c, "related", a))).stderr, "");
  assertEquals(await workspace.say(add(c, "depends_on", a)), {
    code: 0,
    stdout: `relation\t${c}\tdepends_on\t${a}\n`,
    stderr: `yoi ticket: these wait for each other now: ${c} -> ${a} -> ${b} -> ${c}; ` +
      '"yoi ticket relation remove" removes one of these relations\n',
  });
});

Deno.test("yoi ticket relation add tells the whole id of a target that is named by a part of it", async () => {
  await using workspace = await Workspace.create();
  await workspace.write(".yoi/tickets/00001KT07NV00/item.md", "---\ntitle: a\nstate: ready\n---\n");
  const owner = await workspace.ticket("b");
  const { code, stderr } = await workspace.say(add(owner, "related", "00001KT"));
  assertEquals(code, 1);
  assertEquals(
    stderr,
    "yoi ticket: ticket not found: 00001KT (its whole id is 00001KT07NV00)\n",
  );
  const none = await workspace.say(add(owner, "related", "nowhere"));
  assertEquals(none.stderr, "yoi ticket: ticket not found: nowhere\n");
});

Deno.test("yoi ticket plan add and list", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("a");
  const plan = ["ticket", "plan", "add", "--ticket", id, "--kind"];
  const line = await workspace.do([...plan, "before", "--related", "00001KT07NV00"]);
  const [word, ticket, , kind] = line.trimEnd().split("\t");
  assertEquals([word, ticket, kind], ["planned", id, "before"]);
  const record = await workspace.json<PlanRecord>([
    ...[...plan, "accepted_plan", "--summary", "Two steps", "--branch", "cache"],
  ]);
  assertEquals(record.acceptedPlan?.branch, "cache");
  const rows = (await workspace.do(["ticket", "plan", "list", "--ticket", id])).split("\n");
  assertEquals(rows[0], "ticket\tid\tkind\trelated\tauthor\tat\ttext");
  assertEquals(rows.length, 4);
  assert(rows[2]!.endsWith("\tTwo steps"));
  assert((await workspace.say([...plan, "accepted_plan", "--branch", "x"])).stderr.includes(
    "require --summary",
  ));
  assertEquals((await workspace.say([...plan, "before"])).code, 1);
});

Deno.test("yoi ticket plan add says which flag a kind requires", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("a");
  for (
    const [kind, flag] of [
      ["before", "--related"],
      ["waiting_capacity_note", "--note"],
      ["accepted_plan", "--summary"],
    ] as const
  ) {
    const { code, stderr } = await workspace.say(
      ["ticket", "plan", "add", "--ticket", id, "--kind", kind],
    );
    assertEquals(code, 1);
    assert(stderr.includes(`--kind ${kind} requires ${flag}`), stderr);
  }
});

Deno.test("yoi ticket relation list keeps the notes in 80 columns", async () => {
  await using workspace = await Workspace.create();
  const [a, b] = [await workspace.ticket("a"), await workspace.ticket("b")];
  await workspace.do(add(a, "depends_on", b, "--note", "the schema comes first"));
  const text = await workspace.do("ticket relation list", { columns: 80 });
  assert(text.includes("the schema comes first"), text);
});
