import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Workspace } from "../_tickets.ts";

async function objective(workspace: Workspace, title: string, ...flags: string[]) {
  const line = await workspace.do(["objective", "create", "--title", title, ...flags]);
  assertMatch(line, /^created\t[0-9A-Z]{13}\n$/);
  return line.trimEnd().split("\t")[1]!;
}

Deno.test("yoi objective create, list and show", async () => {
  await using workspace = await Workspace.create();
  const ticket = await workspace.ticket("x");
  const links = ["--ticket", ticket, "--ticket", ticket];
  const id = await objective(workspace, "  Faster search ", ...links);
  const [head, row = ""] = (await workspace.do("objective list")).split("\n");
  assertEquals(head, "state\tid\ttitle\tupdated_at\tlinked_tickets");
  const [state, listed, title, , linked] = row.split("\t");
  assertEquals([state, listed, title, linked], [
    "active",
    id,
    "Faster search",
    `${ticket},${ticket}`,
  ]);
  assertEquals(await workspace.do("objective list --state done"), `${head}\n`);
  const text = await workspace.do(["objective", "show", id]);
  assert(text.startsWith(`# Faster search\n\nState: active\nID: ${id}\nUpdated: `), text);
  assertStringIncludes(text, '\n## item.md\n\n---\ntitle: "Faster search"\nstate: "active"\n');
  const shown = await workspace.json<{ linkedTickets: string[] }>(["objective", "show", id]);
  assertEquals(shown.linkedTickets, [ticket, ticket]);
  assertEquals(await workspace.do(["objective", "show", id.slice(0, 5)]), text);
  assertEquals(
    (await workspace.say("objective show 9")).stderr,
    "yoi objective: objective not found: 9\n",
  );
});

Deno.test("yoi objective create refuses links to what is no ticket", async () => {
  await using workspace = await Workspace.create();
  for (const link of ["00001KT07NV00", "../x"]) {
    const { code, stderr } = await workspace.say(
      ["objective", "create", "--title", "x", "--ticket", link],
    );
    assertEquals(code, 1);
    assert(stderr.startsWith("yoi objective: "), stderr);
  }
  assertEquals((await workspace.say(["objective", "create", "--title", " "])).code, 1);
});

Deno.test("yoi objective list W11: a title with a tab breaks no line, a bad file no list", async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    ".yoi/objectives/00001KT07NV00/item.md",
    '---\ntitle: "a\\tb\\e[2J"\nstate: "active"\ncreated_at: "x"\nupdated_at: "y"\n---\n',
  );
  await workspace.write(".yoi/objectives/00001KT07NV01/item.md", "nothing\n");
  const { code, stdout, stderr } = await workspace.say("objective list");
  assertEquals([code, stdout.split("\n")[1]], [0, "active\t00001KT07NV00\ta b\\x1b[2J\ty\t"]);
  assert(stderr.startsWith("yoi objective: cannot read 00001KT07NV01: "), stderr);
});

Deno.test("yoi objective doctor fails on errors alone", async () => {
  await using workspace = await Workspace.create();
  const ok = { code: 0, stdout: "doctor: ok\n", stderr: "" };
  assertEquals(await workspace.say("objective doctor"), ok);
  const ticket = await workspace.ticket("x");
  const id = await objective(workspace, "x", "--ticket", ticket, "--ticket", ticket);
  const warned = await workspace.say("objective doctor");
  assertEquals([warned.code, warned.stdout], [0, "doctor: ok\n"]);
  assert(warned.stderr.startsWith(`warning\t${id}\t`), warned.stderr);
  assert(warned.stderr.endsWith("doctor: ok (1 warning)\n"), warned.stderr);
  await Deno.remove(`${workspace.root}/${ticket}`, { recursive: true });
  const failed = await workspace.say("objective doctor");
  assertEquals([failed.code, failed.stderr], [1, ""]);
  assert(failed.stdout.includes(`error\t${id}\t`), failed.stdout);
  assertEquals(JSON.parse((await workspace.say("objective doctor --json")).stdout).ok, false);
});
