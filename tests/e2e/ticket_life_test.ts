import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Finished, Home, type StartOptions } from "./_program.ts";

/** Runs `yoi ticket ...` and gives what it printed; fails unless the program is content. */
async function ticket(home: Home, words: string[], options: StartOptions = {}): Promise<string> {
  const { code, stdout, stderr }: Finished = await home.run(["ticket", ...words], {
    ...options,
    env: { USER: "alice", ...options.env },
  });
  assertEquals([code, stderr], [0, ""], words.join(" "));
  return stdout;
}

async function git(home: Home, ...args: string[]): Promise<string> {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
  const { code, stdout, stderr } = await new Deno.Command("git", {
    args: [...identity, ...args],
    cwd: home.workspace,
  }).output();
  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(code === 0 ? undefined : stderr)], [0, ""], args.join(" "));
  return decoder.decode(stdout);
}

Deno.test("yoi ticket: the life of a ticket, from init to close", async () => {
  await using home = await Home.create();
  await git(home, "init", "-q");
  assertMatch(await ticket(home, ["init"]), /^created\t\.yoi\/ticket\.config\.toml\nensured\t/);

  const created = await ticket(home, ["create", "--title", "Cache the index", "--body", "-"], {
    stdin: "## Goal\n\nFewer reads.\n",
  });
  const id = created.trimEnd().split("\t")[1]!;
  const other = (await ticket(home, ["create", "--title", "Fix the schema"]))
    .trimEnd().split("\t")[1]!;
  const ends = ["--ticket", id, "--kind", "depends_on", "--target", other];
  assertEquals(
    await ticket(home, ["relation", "add", ...ends]),
    `relation\t${id}\tdepends_on\t${other}\n`,
  );

  await ticket(home, ["state", id, "ready", "--summary", "Clear."]);
  const blocked = await home.run(["ticket", "state", id, "queued"]);
  assertEquals([blocked.code, blocked.stdout], [1, ""]);
  assert(blocked.stderr.startsWith("yoi ticket: ticket conflict: "), blocked.stderr);
  await ticket(home, ["close", other, "--resolution", "It was right."]);
  assertEquals(await ticket(home, ["next"]), `${id}\t-\tCache the index\n`);

  for (const state of ["queued", "inprogress"]) await ticket(home, ["state", id, state]);
  await ticket(home, ["comment", id, "--role=implementation_report", "--file", "-"], {
    stdin: "Done.\n\n---\n\n<!-- event: forged -->\n",
  });
  await ticket(home, ["review", id, "--approve", "--message", "Fine."]);
  await ticket(home, ["edit", id], { env: { EDITOR: `sed -i "s/index'/indexes'/"` } });
  await ticket(home, ["state", id, "done"]);
  await ticket(home, ["close", id, "--resolution", "Cached."]);

  const shown = JSON.parse(await ticket(home, ["show", id, "--json"]));
  assertEquals([shown.title, shown.state, shown.resolution, shown.body], [
    "Cache the indexes",
    "closed",
    "Cached.\n",
    "\n## Goal\n\nFewer reads.\n",
  ]);
  const kinds = shown.events.map(({ kind }: { kind: string }) => kind);
  assertEquals(kinds, [
    ...["create", "intake_summary", "state_changed", "state_changed", "state_changed"],
    ...["implementation_report", "review", "item_edit", "state_changed", "state_changed", "close"],
  ]);
  assertStringIncludes(shown.events[5].body, "<!-- event: forged -->");
  assertEquals(await ticket(home, ["doctor"]), "doctor: ok\n");

  await git(home, "add", "-A");
  const tracked = (await git(home, "ls-files")).trim().split("\n");
  assert(tracked.includes(`.yoi/tickets/${id}/item.md`));
  assert(!tracked.some((path) => path.includes("ticket-backend")), tracked.join("\n"));
});

Deno.test("yoi ticket migrate: SIGINT says how far it came, the same command finishes", async () => {
  await using home = await Home.create();
  const count = 200;
  for (let index = 1; index <= count; index++) {
    const id = `20260601-000000-${String(index).padStart(3, "0")}`;
    const folder = `${home.workspace}/.yoi/tickets/${id}`;
    await Deno.mkdir(`${folder}/artifacts`, { recursive: true });
    await Deno.writeTextFile(
      `${folder}/item.md`,
      `---\ntitle: '${index}'\nstate: 'planning'\n---\n`,
    );
    await Deno.writeTextFile(`${folder}/thread.md`, "");
  }
  const migrated = async () => {
    const names = await home.list("work/.yoi/tickets");
    return names.filter((name) => name.startsWith("0")).length;
  };
  const migration = home.start(["ticket", "migrate"]);
  while (await migrated() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  migration.kill("SIGINT");
  const { code, stderr } = await migration.finished;
  assertEquals(code, 130);
  assertMatch(stderr, /^yoi ticket: migrated \d+ of 200 tickets before it stopped; run the same/);
  assert(await migrated() < count);
  await ticket(home, ["migrate"]);
  assertEquals(await migrated(), count);
});

Deno.test("yoi ticket: git merges branches by the driver that init set", async () => {
  await using home = await Home.create();
  await git(home, "init", "-q", "-b", "main");
  await ticket(home, ["init"]);
  const line = await ticket(home, ["create", "--title", "Cache the index"]);
  const id = line.trimEnd().split("\t")[1]!;
  const commit = async (words: string[]) => {
    await ticket(home, words);
    await git(home, "add", "-A");
    await git(home, "commit", "-qm", words.join(" "));
  };
  await commit(["state", id, "ready"]);
  await git(home, "switch", "-qc", "side");
  await commit(["comment", id, "--message", "Equal bodies"]);
  await commit(["priority", id, "P1"]);
  await git(home, "switch", "-q", "main");
  await commit(["comment", id, "--message", "Equal bodies", "--author", "bob"]);
  await commit(["assign", id, "carol"]);
  await git(home, "merge", "-q", "--no-edit", "side");

  const { events, frontmatter } = JSON.parse(await ticket(home, ["show", id, "--json"]));
  const comments = events.filter(({ kind }: { kind: string }) => kind === "comment");
  assertEquals(comments.map(({ author }: { author: string }) => author).sort(), ["alice", "bob"]);
  assertEquals([frontmatter.priority, frontmatter.assignee], ["P1", "carol"]);
  assertEquals(await ticket(home, ["doctor"]), "doctor: ok\n");
});

Deno.test("yoi ticket: one JSON document on stdout, errors on stderr", async () => {
  await using home = await Home.create();
  const lines: string[][] = [
    ["create", "--title", "x"],
    ["list"],
    ["ready"],
    ["log"],
    ["search", "x"],
    ["board"],
    ["graph"],
    ["relation", "list"],
    ["plan", "list"],
    ["doctor"],
    ["init"],
  ];
  for (const words of lines) {
    const text = await ticket(home, [...words, "--json"]);
    assertEquals(text.split("\n").length, 2, words.join(" "));
    assertEquals(typeof JSON.parse(text), "object");
  }
  const { code, stdout, stderr } = await home.run(["ticket", "show", "nothing", "--json"]);
  assertEquals([code, stdout, stderr], [1, "", "yoi ticket: ticket not found: nothing\n"]);
});

Deno.test("yoi __complete: names tickets with their titles", async () => {
  await using home = await Home.create();
  const line = await ticket(home, ["create", "--title", "Cache the index"]);
  const id = line.trimEnd().split("\t")[1]!;
  const complete = async (...words: string[]) =>
    (await home.run(["__complete", "--", "ticket", ...words])).stdout;
  assertEquals(await complete("show", ""), `${id}\tCache the index\n`);
  assertEquals(
    await complete("relation", "add", "--target", id.slice(0, 4)),
    `${id}\tCache the index\n`,
  );
  assertStringIncludes(await complete("state", id, ""), "inprogress\t");
  const root = `${home.workspace}/.yoi/tickets`;
  const { stdout } = await home.run(["__complete", "--", "ticket", "show", "--root", root, ""], {
    cwd: home.path,
  });
  assertEquals(stdout, `${id}\tCache the index\n`);
});
