/** What the doctor says about the clone that a root lies in. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runDoctor } from "../../lib/ticket/_doctor.ts";
import { formatMergeDriver } from "../../lib/ticket/merge_driver_command.ts";
import {
  AT,
  created,
  event,
  ID,
  item,
  OTHER,
  relations,
  SampleRoot,
  thread,
  ticket,
  topOf,
  type Tree,
} from "./_doctor_samples.ts";
import { git, tryGit } from "./_git.ts";

const ATTRIBUTES =
  "thread.md merge=yoi-ticket\nitem.md merge=yoi-ticket\nrelations.json merge=yoi-ticket\n" +
  "orchestration-plan.jsonl merge=yoi-ticket\n";
const WHOLE: Tree = { ".gitattributes": ATTRIBUTES, ...ticket() };
/** A program that is there and merges nothing. */
const DRIVER = formatMergeDriver(["false"]);

Deno.test("runDoctor() warns in a clone without the merge driver, when it is asked to look", async () => {
  using root = SampleRoot.of(ticket());
  const top = topOf(root);
  await git(top, "init", "--quiet");
  assertEquals(await findings(root), [["merge_driver_missing", top]]);
  const { ok, diagnostics } = await runDoctor(root.path);
  assertEquals(ok, true);
  assertStringIncludes(diagnostics[0]!.message, "yoi ticket init");
  assertEquals((await runDoctor(root.path, { checkMergeDriver: false })).diagnostics, []);
});

Deno.test("runDoctor() is content with a clone that merges tickets, and with drivers of others", async () => {
  using root = await clone(WHOLE);
  assertEquals(await findings(root), []);
  await git(topOf(root), "config", "merge.yoi-ticket.driver", "merge.sh %O %A %B");
  assertEquals(await findings(root), []);
  // Written by hand, it leaves what happens without the program to whoever wrote it.
  await git(topOf(root), "config", "merge.yoi-ticket.driver", "sh ticket merge-driver %O %A %B %P");
  assertEquals(await findings(root), []);
});

Deno.test("runDoctor() looks at a root that is the top of its work tree", async () => {
  using root = SampleRoot.of(WHOLE);
  await git(root.path, "init", "--quiet");
  await git(root.path, "config", "merge.yoi-ticket.driver", DRIVER);
  assertEquals(await findings(root), []);
  await Deno.writeTextFile(`${root.path}/${ID}/.gitattributes`, "*.md merge=union\n");
  assertEquals((await findings(root)).filter(([code]) => code === "merge_driver_unused"), [
    ["merge_driver_unused", `${root.path}/${ID}/thread.md`],
    ["merge_driver_unused", `${root.path}/${ID}/item.md`],
  ]);
});

Deno.test("runDoctor() names what the merge driver's setting names and that is not there", async () => {
  using root = await clone(WHOLE);
  const top = topOf(root);
  const cases: [program: string[], missing: string[]][] = [
    [["/nowhere/yoi"], ["/nowhere/yoi"]],
    [["no-such-yoi"], ["no-such-yoi"]],
    [
      ["sh", "run", "--allow-read", "--config", "/nowhere/deno.json", "file:///nowhere/a%20b.ts"],
      ["/nowhere/deno.json", "/nowhere/a b.ts"],
    ],
  ];
  for (const [program, missing] of cases) {
    await git(top, "config", "merge.yoi-ticket.driver", formatMergeDriver(program));
    const { diagnostics } = await runDoctor(root.path);
    assertEquals(
      diagnostics.map(({ code, path }) => [code, path]),
      missing.map(() => ["merge_driver_broken", top]),
    );
    for (const [index, name] of missing.entries()) {
      assertStringIncludes(diagnostics[index]!.message, `there is no "${name}"`);
    }
  }
});

Deno.test("runDoctor() passes on why git refuses", async () => {
  using root = await clone(WHOLE);
  const top = topOf(root);
  await Deno.writeTextFile(`${top}/.git/config`, "[nonsense\n");
  const { ok, diagnostics } = await runDoctor(root.path);
  assertEquals(ok, true);
  assertEquals(diagnostics.map(({ code, path }) => [code, path]), [["git_refuses", top]]);
  assertStringIncludes(diagnostics[0]!.message, "bad config line 1");
});

Deno.test({
  name: "runDoctor() tells that it may not ask git, also where git is all that it may start",
  permissions: { read: true, write: true, env: true, run: ["git"] },
  fn: async () => {
    using root = SampleRoot.of(WHOLE);
    await Deno.mkdir(`${topOf(root)}/.git`);
    const { ok, diagnostics } = await runDoctor(root.path);
    assertEquals(ok, true);
    assertEquals(diagnostics.map(({ code, path }) => [code, path]), [["git_refuses", topOf(root)]]);
    assertStringIncludes(diagnostics[0]!.message, "--allow-run");
  },
});

Deno.test("runDoctor() looks at the clone that a link to its root leads into", async () => {
  using root = await clone(WHOLE);
  await Deno.writeTextFile(`${root.path}/${ID}/.gitattributes`, "thread.md merge=union\n");
  using elsewhere = SampleRoot.of({});
  const link = `${elsewhere.path}/tickets`;
  await Deno.symlink(root.path, link);
  const { diagnostics } = await runDoctor(link);
  assertEquals(diagnostics.map(({ code, path }) => [code, path]), [
    ["merge_driver_unused", `${link}/${ID}/thread.md`],
  ]);
});

Deno.test("runDoctor() tells that git merges tickets without the driver", async () => {
  using root = await clone({ ...WHOLE, ".gitattributes": "" });
  const attributes = `${root.path}/.gitattributes`;
  const { diagnostics } = await runDoctor(root.path);
  assertEquals(diagnostics.map(({ code, path }) => [code, path]), [
    ["merge_driver_unused", attributes],
  ]);
  assertStringIncludes(diagnostics[0]!.message, '"thread.md", "item.md", "artifacts/relations');
  assertStringIncludes(diagnostics[0]!.message, "yoi ticket init");

  await Deno.writeTextFile(attributes, `${ATTRIBUTES}*.md merge=union\n`);
  const after = (await runDoctor(root.path)).diagnostics;
  assertEquals(after.map(({ code, path }) => [code, path]), [["merge_driver_unused", attributes]]);
  assertStringIncludes(after[0]!.message, '"thread.md", "item.md" as its attribute "union" says');
});

Deno.test("runDoctor() asks for no attributes of a root that does not exist", async () => {
  using root = await clone(WHOLE);
  assertEquals((await runDoctor(`${topOf(root)}/elsewhere/tickets`)).diagnostics, []);
});

Deno.test("runDoctor() tells of one ticket whose files git merges otherwise", async () => {
  using root = await clone({ ...WHOLE, ...ticket(OTHER) });
  await Deno.writeTextFile(`${root.path}/${OTHER}/.gitattributes`, "item.md -merge\n");
  assertEquals((await findings(root)).filter(([code]) => code === "merge_driver_unused"), [
    ["merge_driver_unused", `${root.path}/${OTHER}/item.md`],
  ]);
});

Deno.test("runDoctor() tells which files of new tickets git ignores, unless it ignores the root", async () => {
  using root = await clone(WHOLE);
  const ignore = `${topOf(root)}/.gitignore`;
  const ignored = async (lines: string) => {
    await Deno.writeTextFile(ignore, lines);
    return (await runDoctor(root.path)).diagnostics;
  };
  const [finding, ...others] = await ignored("*.log\nartifacts/\n");
  assertEquals(others, []);
  const { code, severity, path, line, message } = finding!;
  assertEquals([code, severity, path, line], ["records_ignored", "warning", ignore, 2]);
  assertStringIncludes(message, '"artifacts/relations.json", "artifacts/orchestration-plan.jsonl"');
  assertStringIncludes(message, "`artifacts/`");

  const records = await ignored("*.md\n*.jsonl\n");
  assertEquals(records.map(({ line }) => line), [1, 2]);
  assertStringIncludes(records[0]!.message, '"thread.md", "item.md", "resolution.md"');
  assertEquals(await ignored("*.md\n!store/**/*.md\n"), []);
  assertEquals(await ignored("store/\n"), []);
  // Tickets that were committed before are meant to be shared, and new ones stay behind.
  await git(topOf(root), "add", "--force", "store");
  assertEquals((await ignored("store/\n")).map(({ line }) => line), [1]);
});

Deno.test("runDoctor() tells of merges that were not finished, and of a version that would be lost", async () => {
  using root = await clone(WHOLE);
  const top = topOf(root);
  // A setting without a guard, whose program fails.
  await git(top, "config", "merge.yoi-ticket.driver", "false");
  const path = `${root.path}/${ID}/item.md`;
  const commit = async (title: string) => {
    await Deno.writeTextFile(path, item({ title: `'${title}'` }));
    await git(top, "add", "--all");
    await git(top, "commit", "--quiet", "-m", title);
  };
  await commit("base");
  await git(top, "checkout", "--quiet", "-b", "side");
  await commit("theirs");
  await git(top, "checkout", "--quiet", "main");
  await commit("ours");
  assert((await tryGit(top, "merge", "--quiet", "side")).status.code !== 0);

  const { ok, diagnostics } = await runDoctor(root.path);
  assertEquals(ok, true);
  assertEquals(diagnostics.map(({ code, path }) => [code, path]), [["merge_unfinished", path]]);
  assertStringIncludes(diagnostics[0]!.message, `git checkout --merge -- ':/store/${ID}/item.md'`);
  // A merge can come to what we had, and `git checkout --merge` never says that it is finished.
  assertStringIncludes(diagnostics[0]!.message, "stays the same then, `git add` it");

  await Deno.writeTextFile(path, item({ title: "'both'" }));
  const after = (await runDoctor(root.path)).diagnostics;
  assertEquals(after.map(({ code }) => code), ["merge_unfinished"]);
  assertStringIncludes(after[0]!.message, "then `git add` it");
  await Deno.remove(path);
  assert((await findings(root)).some(([code]) => code === "merge_unfinished"));
  await Deno.writeTextFile(path, item({ title: "'both'" }));
  await git(top, "add", "--all");
  assertEquals(await findings(root), []);
});

Deno.test("runDoctor() has a record merged again whose markers git set without the merge driver", async () => {
  using root = await clone(WHOLE);
  const top = topOf(root);
  await git(top, "config", "--unset", "merge.yoi-ticket.driver");
  const path = `${root.path}/${ID}/thread.md`;
  const commit = async (...bodies: string[]) => {
    const comments = bodies.map((body) => event("comment", `author: kim ${AT}`, body));
    await Deno.writeTextFile(path, thread(created(), ...comments));
    await git(top, "add", "--all");
    await git(top, "commit", "--quiet", "-m", "work");
  };
  await commit();
  await git(top, "checkout", "--quiet", "-b", "side");
  await commit("theirs");
  await git(top, "checkout", "--quiet", "main");
  await commit("ours");
  assert((await tryGit(top, "merge", "--quiet", "side")).status.code !== 0);

  const remedy = `\`git checkout --merge -- ':/store/${ID}/thread.md'\``;
  const unfinished = async () =>
    (await runDoctor(root.path)).diagnostics.find(({ code }) => code === "merge_unfinished")
      ?.message;
  assertStringIncludes(await unfinished() ?? "", remedy);
  // Versions that stand between markers as a whole, since the driver could not run.
  await git(top, "config", "merge.yoi-ticket.driver", DRIVER);
  await git(top, "checkout", "--merge", "--", path);
  assertStringIncludes(await unfinished() ?? "", remedy);
  // The markers that the driver sets, between events.
  await Deno.writeTextFile(path, `${created()}\n<<<<<<< ours\n=======\n>>>>>>> theirs\n`);
  assertStringIncludes(await unfinished() ?? "", "settle what is between");
});

Deno.test("runDoctor() says how a ticket stays that one branch deleted and the other changed", async () => {
  const files = { "artifacts/relations.json": relations([["related", OTHER]]) };
  using root = await clone({ ...WHOLE, ...ticket(ID, files), ...ticket(OTHER) });
  const top = topOf(root);
  const path = `${root.path}/${ID}/thread.md`;
  await git(top, "add", "--all");
  await git(top, "commit", "--quiet", "-m", "base");
  await git(top, "checkout", "--quiet", "-b", "deleted");
  await git(top, "rm", "--quiet", "-r", `store/${ID}`);
  await git(top, "commit", "--quiet", "-m", "deleted");
  await git(top, "checkout", "--quiet", "-b", "changed", "main");
  await Deno.writeTextFile(path, thread(created(), event("comment", `author: kim ${AT}`)));
  await git(top, "commit", "--quiet", "--all", "-m", "changed");

  for (const [ours, theirs, revision] of CHANGED_AND_DELETED) {
    await git(top, "checkout", "--quiet", "-B", "main", ours);
    assert((await tryGit(top, "merge", "--quiet", theirs)).status.code !== 0);
    const { diagnostics } = await runDoctor(root.path);
    const found = diagnostics.filter(({ code }) => code === "merge_unfinished");
    assertEquals(found.map(({ path }) => path), [path]);
    const pathspec = `:/store/${ID}`;
    assertStringIncludes(found[0]!.message, `git checkout ${revision} -- '${pathspec}'`);
    await git(top, "checkout", "--quiet", revision, "--", pathspec);
    assertEquals(await findings(root), []);
    await git(top, "commit", "--quiet", "-m", "kept");
  }
});

Deno.test("runDoctor() says how a single file stays that one branch deleted and the other changed", async () => {
  using root = await clone({ ...WHOLE, ...ticket(ID, { "resolution.md": "Done.\n" }) });
  const top = topOf(root);
  const path = `${root.path}/${ID}/resolution.md`;
  await git(top, "add", "--all");
  await git(top, "commit", "--quiet", "-m", "base");
  await git(top, "checkout", "--quiet", "-b", "deleted");
  await git(top, "rm", "--quiet", `store/${ID}/resolution.md`);
  await git(top, "commit", "--quiet", "-m", "deleted");
  await git(top, "checkout", "--quiet", "main");
  await Deno.writeTextFile(path, "Dropped.\n");
  await git(top, "commit", "--quiet", "--all", "-m", "changed");
  assert((await tryGit(top, "merge", "--quiet", "deleted")).status.code !== 0);
  const found = (await runDoctor(root.path)).diagnostics
    .filter(({ code }) => code === "merge_unfinished");
  assertEquals(found.map(({ path }) => path), [path]);
  assertStringIncludes(found[0]!.message, "`git rm` removes it; `git add` keeps it");
});

Deno.test("runDoctor() says how a ticket of a stash stays that the branch deleted", async () => {
  using root = await clone({ ...WHOLE, ...ticket(OTHER) });
  const top = topOf(root);
  await git(top, "add", "--all");
  await git(top, "commit", "--quiet", "-m", "base");
  const text = thread(created(), event("comment", `author: kim ${AT}`));
  await Deno.writeTextFile(`${root.path}/${ID}/thread.md`, text);
  await git(top, "stash", "--quiet");
  await git(top, "rm", "--quiet", "-r", `store/${ID}`);
  await git(top, "commit", "--quiet", "-m", "deleted");
  assert((await tryGit(top, "stash", "pop", "--quiet")).status.code !== 0);
  const { diagnostics } = await runDoctor(root.path);
  const found = diagnostics.find(({ code }) => code === "merge_unfinished");
  const [, revision = ""] = /with '([^']*)' after a `git stash pop`/.exec(found!.message) ?? [];
  await git(top, "checkout", "--quiet", revision, "--", `:/store/${ID}`);
  assertEquals(await findings(root), []);
});

/** Our branch, theirs, and what git calls the one that has the ticket. */
const CHANGED_AND_DELETED = [
  ["changed", "deleted", "HEAD"],
  ["deleted", "changed", "MERGE_HEAD"],
] as const;

Deno.test("runDoctor() tells of a file that git takes for one with two new names", async () => {
  using root = await clone(WHOLE);
  const top = topOf(root);
  await git(top, "add", "--all");
  await git(top, "commit", "--quiet", "-m", "base");
  for (const name of ["one", "two"]) {
    await git(top, "checkout", "--quiet", "-b", name, "main");
    await git(top, "mv", `store/${ID}/thread.md`, `store/${ID}/${name}.md`);
    await git(top, "commit", "--quiet", "-m", name);
  }
  assert((await tryGit(top, "merge", "--quiet", "one")).status.code !== 0);
  const { diagnostics } = await runDoctor(root.path);
  const found = diagnostics.filter(({ message }) => message.includes("-X no-renames"));
  assertEquals(found.map(({ path }) => path), [`${root.path}/${ID}/thread.md`]);
});

/** A root in a clone with a merge driver. */
async function clone(tree: Tree): Promise<SampleRoot> {
  const root = SampleRoot.of(tree);
  await git(topOf(root), "init", "--quiet", "--initial-branch=main");
  await git(topOf(root), "config", "merge.yoi-ticket.driver", DRIVER);
  return root;
}

async function findings({ path }: SampleRoot): Promise<(string | null)[][]> {
  return (await runDoctor(path)).diagnostics.map(({ code, path }) => [code, path]);
}
