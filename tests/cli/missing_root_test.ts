import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { missingRootNotice } from "../../lib/cli/missing_root.ts";
import { git } from "../ticket/_git.ts";
import { Workspace } from "./_tickets.ts";

Deno.test("missingRootNotice() says what to do, and nothing where nothing is amiss", () => {
  const root = "/w/sub/.yoi/tickets";
  const facts = { root, isNamed: false, isMade: false };
  const missing = `there is no ticket root at "${root}"`;
  const above = `but "/w" is a workspace: run yoi there, or use --root`;
  assertEquals(missingRootNotice(facts), `${missing}: "yoi ticket init" creates it`);
  assertEquals(missingRootNotice({ ...facts, isNamed: true }), missing);
  assertEquals(missingRootNotice({ ...facts, isMade: true }), undefined);
  const sparse = { ...facts, isInGit: true };
  const checkOut = 'check them out with "git restore", in a sparse checkout with "git' +
    ' sparse-checkout add"';
  assertEquals(missingRootNotice(sparse), `${missing}, but git has files of it: ${checkOut}`);
  assertEquals(
    missingRootNotice({ ...sparse, isMade: true }),
    `${missing} yet, so this creates one; git has files of it, though: ${checkOut}`,
  );
  const inside = { ...facts, workspaceAbove: "/w" };
  assertEquals(missingRootNotice(inside), `${missing}, ${above}`);
  assertEquals(
    missingRootNotice({ ...inside, isMade: true }),
    `${missing} yet, so this creates one; "/w" is a workspace, too: for its tickets run yoi there, ` +
      "or use --root",
  );
});

const EMPTY = "state\tid\ttitle\tupdated_at\thints\n";

Deno.test("yoi ticket tells of a root that does not exist, which reads as an empty one", async () => {
  await using workspace = await Workspace.create();
  const root = `${workspace.path}/.yoi/tickets`;
  const missing = (path: string) => `yoi ticket: there is no ticket root at "${path}"`;
  for (const verb of ["list", "board", "doctor", "list --json"]) {
    const { code, stderr } = await workspace.say(`ticket ${verb}`);
    assertEquals([code, stderr], [0, `${missing(root)}: "yoi ticket init" creates it\n`], verb);
  }
  assertEquals(await workspace.say("ticket list --root tickts"), {
    code: 0,
    stdout: EMPTY,
    stderr: `${missing(`${workspace.path}/tickts`)}\n`,
  });
  assertEquals((await workspace.say("__complete -- ticket show ")).stderr, "");
  assertEquals((await workspace.say("ticket create --title x --root made")).stderr, "");
  assertEquals((await workspace.say("ticket create --title x")).stderr, "");
  assertEquals((await workspace.say("ticket list")).stderr, "");
});

Deno.test("yoi ticket says how a root comes back that a sparse checkout leaves out", async () => {
  await using workspace = await Workspace.create();
  await workspace.write("README.md", "");
  await workspace.write(".yoi/tickets/.gitattributes", "");
  const { path } = workspace;
  await git(path, "init", "--quiet");
  await git(path, "add", "--all");
  await git(path, "commit", "--quiet", "-m", "tickets");
  await git(path, "sparse-checkout", "set", "docs");
  for (const verb of ["list", "doctor", "init"]) {
    const { stderr } = await workspace.say(`ticket ${verb}`);
    assertStringIncludes(stderr, 'in a sparse checkout with "git sparse-checkout add"', verb);
  }
  await git(path, "sparse-checkout", "add", ".yoi/tickets");
  assertEquals((await workspace.say("ticket list")).stderr, "");
});

Deno.test("yoi ticket names the workspace above, also to who creates a ticket", async () => {
  for (const mark of [".yoi/tickets/.gitkeep", ".yoi/ticket.config.toml"]) {
    await using workspace = await Workspace.create();
    await workspace.write(mark, "");
    await workspace.write("lib/deep/x.ts", "");
    const cwd = `${workspace.path}/lib/deep`;
    const above = `"${workspace.path}" is a workspace`;
    for (const line of ["ticket list", "ticket show 00001KT07NV00"]) {
      const { stderr } = await workspace.say(line, { cwd });
      const advice = `, but ${above}: run yoi there, or use --root`;
      assert(stderr.split("\n", 1)[0]!.endsWith(advice), stderr);
    }
    for (const line of ["ticket init", "ticket create --title x"]) {
      const { stderr } = await workspace.say(line, { cwd });
      const advice = ` yet, so this creates one; ${above}, too: for its tickets run yoi there`;
      assertStringIncludes(stderr, advice, line);
      assertEquals((await workspace.say("ticket list", { cwd })).stderr, "");
      assertEquals((await workspace.say("ticket init", { cwd })).stderr, "");
      await Deno.remove(`${cwd}/.yoi`, { recursive: true });
    }
  }
});

Deno.test("yoi objective names the workspace above, and tells of nothing in one without objectives", async () => {
  await using workspace = await Workspace.create();
  await workspace.write("lib/x.ts", "");
  const lines = ["objective list", "objective show x", "objective doctor"];
  const cwd = `${workspace.path}/lib`;
  assertEquals((await workspace.say(lines[0]!, { cwd })).stderr, "");
  await workspace.write(".yoi/tickets/.gitkeep", "");
  assertEquals((await workspace.say(lines[0]!)).stderr, "");
  for (const line of lines) {
    const { stderr } = await workspace.say(line, { cwd });
    const notice = `yoi objective: there are no objectives at "${cwd}/.yoi/objectives", but ` +
      `"${workspace.path}" is a workspace: run yoi there\n`;
    assert(stderr.startsWith(notice), `${line}: ${stderr}`);
  }
  assertEquals(
    (await workspace.say("objective create --title x", { cwd })).stderr,
    `yoi objective: there are no objectives at "${cwd}/.yoi/objectives" yet, so this creates the ` +
      `first; "${workspace.path}" is a workspace, too: for its objectives run yoi there\n`,
  );
  assertEquals((await workspace.say("objective list", { cwd })).stderr, "");
  assertEquals((await workspace.say("__complete -- objective show ", { cwd })).stderr, "");
});

Deno.test("yoi ticket tells of a workspace that is named as a root", async () => {
  await using workspace = await Workspace.create();
  await workspace.write(".yoi/tickets/.gitkeep", "");
  const notice = `yoi ticket: "${workspace.path}" is a workspace: its tickets lie in ` +
    `"${workspace.path}/.yoi/tickets"\n`;
  assertEquals(await workspace.say("ticket list --root ."), {
    code: 0,
    stdout: EMPTY,
    stderr: notice,
  });
  assertEquals((await workspace.say("ticket create --title x --root .")).stderr, notice);
  assertEquals((await workspace.say("ticket list --root .yoi/tickets")).stderr, "");
});

Deno.test("yoi ticket init says nothing about a root that it makes", async () => {
  await using workspace = await Workspace.create();
  assertEquals((await workspace.say("ticket init --root here")).stderr, "");
});
