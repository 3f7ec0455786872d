import { assertEquals, assertStringIncludes } from "@std/assert";
import { Workspace } from "../_tickets.ts";

function event(author: string, at: string): string {
  return `<!-- event: comment author: ${author} at: ${at} -->\n\n## Comment\n\n${author}\n\n---\n`;
}

Deno.test("yoi ticket merge-driver leaves the merge of two threads in OURS", async () => {
  await using workspace = await Workspace.create();
  const first = event("alice", "2026-06-01T00:00:00Z");
  await workspace.write("base", first);
  await workspace.write("ours", `${first}\n${event("carol", "2026-06-03T00:00:00Z")}`);
  await workspace.write("theirs", `${first}\n${event("bob", "2026-06-02T00:00:00Z")}`);
  const words = ["ticket", "merge-driver", "base", "ours", "theirs"];
  assertEquals(await workspace.do([...words, ".yoi/tickets/00001KT07NV00/thread.md"]), "");
  const merged = await workspace.read("ours");
  const authors = [...merged.matchAll(/author: (\w+)/g)].map(([, author]) => author);
  assertEquals(authors, ["alice", "bob", "carol"]);
});

Deno.test("yoi ticket merge-driver fails when a person has to decide, with markers in OURS", async () => {
  await using workspace = await Workspace.create();
  const item = (state: string) =>
    `---\ntitle: 'x'\nstate: '${state}'\ncreated_at: '2026-06-01T00:00:00Z'\n` +
    "updated_at: '2026-06-01T00:00:00Z'\n---\n";
  await workspace.write("base", item("ready"));
  await workspace.write("ours", item("planning"));
  await workspace.write("theirs", item("queued"));
  const { code } = await workspace.say(
    ["ticket", "merge-driver", "base", "ours", "theirs", ".yoi/tickets/00001KT07NV00/item.md"],
  );
  assertEquals(code, 1);
  assertStringIncludes(await workspace.read("ours"), "<<<<<<<");
});

Deno.test("yoi ticket merge-driver says why a file holds both versions whole", async () => {
  await using workspace = await Workspace.create();
  for (const name of ["base", "ours", "theirs"]) {
    await Deno.writeFile(`${workspace.path}/${name}`, new TextEncoder().encode(`${name}\n`));
  }
  await Deno.writeFile(`${workspace.path}/ours`, Uint8Array.of(0xff, 0x0a));
  const path = ".yoi/tickets/00001KT07NV00/thread.md";
  const { code, stderr } = await workspace.say(
    ["ticket", "merge-driver", "base", "ours", "theirs", path],
  );
  assertEquals(code, 1);
  assertStringIncludes(stderr, `yoi ticket: cannot merge ${path}: `);
  assertStringIncludes(stderr, "both versions whole, between conflict markers");
});

Deno.test("yoi ticket merge-driver says which states a person has to decide between, and where", async () => {
  await using workspace = await Workspace.create();
  const change = (from: string, to: string, second: number) =>
    `<!-- event: state_changed author: a at: 2026-06-01T00:00:0${second}Z from: ${from} to: ${to} ` +
    "reason: r field: state -->\n\n## State changed\n\n---\n";
  const first = change("planning", "ready", 1);
  await workspace.write("base", first);
  await workspace.write(
    "ours",
    `${first}\n${change("ready", "planning", 2)}\n${change("planning", "ready", 4)}`,
  );
  await workspace.write("theirs", `${first}\n${change("ready", "queued", 3)}`);
  const folder = ".yoi/tickets/00001KT07NV00";
  const { code, stderr } = await workspace.say(
    ["ticket", "merge-driver", "base", "ours", "theirs", `${folder}/thread.md`],
  );
  assertEquals(code, 1);
  assertEquals(
    stderr,
    `yoi ticket: both branches changed the state in ${folder}/thread.md: ours ends with ready, ` +
      "theirs with queued. The thread has the events of both and needs no change; look at `state` " +
      `in ${folder}/item.md, then \`git add ${folder}\` and commit\n`,
  );
  const merged = await workspace.read("ours");
  assertEquals([...merged.matchAll(/ to: (\w+)/g)].map(([, to]) => to), [
    "ready",
    "planning",
    "queued",
    "ready",
  ]);
  assertEquals(merged.match(/^[<=>]{7}/m), null);
});
