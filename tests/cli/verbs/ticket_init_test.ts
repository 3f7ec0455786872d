import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runCommand } from "../../../lib/process/run_command.ts";
import { formatMergeDriver, parseMergeDriver } from "../../../lib/ticket/merge_driver_command.ts";
import { Workspace } from "../_tickets.ts";

async function git(workspace: Workspace, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runCommand({
    command: ["git", ...args],
    cwd: workspace.path,
  });
  if (status.code !== 0) throw new Error(stderr);
  return stdout;
}

const ENSURED = "ensured\t.yoi/tickets\nensured\t.yoi/tickets/.gitattributes\n" +
  "ensured\t.yoi/tickets/.gitignore\n";

Deno.test("yoi ticket init prepares a workspace, and a second time changes nothing", async () => {
  await using workspace = await Workspace.create();
  const files = async () =>
    await Promise.all(
      [".yoi/ticket.config.toml", ".yoi/tickets/.gitattributes", ".yoi/tickets/.gitignore"]
        .map((path) => workspace.read(path)),
    );
  assertEquals(await workspace.do("ticket init"), `created\t.yoi/ticket.config.toml\n${ENSURED}`);
  const before = await files();
  assertStringIncludes(before[0]!, "[backend]");
  assertEquals(await workspace.do("ticket init"), `kept\t.yoi/ticket.config.toml\n${ENSURED}`);
  assertEquals(await files(), before);
  assertEquals(await workspace.do("ticket doctor"), "doctor: ok\n");
});

Deno.test("yoi ticket init keeps what is there, and uses the configured root", async () => {
  await using workspace = await Workspace.create();
  await workspace.write(".yoi/ticket.config.toml", '[backend]\nroot = "records"\n');
  await workspace.write("records/.gitignore", "*.log");
  const result = await workspace.json<{ config: { state: string }; ensured: string[] }>(
    "ticket init",
  );
  assertEquals(result.config.state, "kept");
  assertEquals(result.ensured[0], "records");
  assertEquals(await workspace.read(".yoi/ticket.config.toml"), '[backend]\nroot = "records"\n');
  const ignored = await workspace.read("records/.gitignore");
  assert(ignored.startsWith("*.log\n/.ticket-backend.lock\n"), ignored);
});

Deno.test("yoi ticket init keeps a configuration that cannot be used, and does the rest", async () => {
  await using workspace = await Workspace.create();
  await git(workspace, "init", "-q");
  await workspace.write(".yoi/ticket.config.toml", "[ticket]\nbad = 1\n");
  const { code, stdout, stderr } = await workspace.say("ticket init");
  assertEquals(code, 0, stderr);
  assertEquals(
    stdout,
    "kept\t.yoi/ticket.config.toml\nensured\tgit merge driver yoi-ticket\n",
  );
  assertStringIncludes(stderr, "it stays as it is");
  await workspace.write(".yoi/ticket.config.toml", "a = \n");
  for (const line of ["ticket init", "ticket list"]) {
    assertEquals((await workspace.say(line)).stderr.split("\n").length, 2, line);
  }
  assertEquals((await workspace.say("ticket list")).code, 1);
});

Deno.test("yoi ticket init adds lines to files alone, and keeps their bytes", async () => {
  await using workspace = await Workspace.create();
  const attributes = `${workspace.root}/.gitattributes`;
  await workspace.write("elsewhere", "mine\n");
  await Deno.mkdir(workspace.root, { recursive: true });
  await Deno.symlink(`${workspace.path}/elsewhere`, attributes);
  const { code, stderr } = await workspace.say("ticket init");
  assertEquals(code, 1);
  assertStringIncludes(stderr, ".gitattributes");
  assertEquals(await workspace.read("elsewhere"), "mine\n");
  await Deno.remove(attributes);
  await Deno.writeFile(attributes, new Uint8Array([0x23, 0xe9, 0x0a]));
  await workspace.do("ticket init");
  assertEquals([...(await Deno.readFile(attributes)).slice(0, 3)], [0x23, 0xe9, 0x0a]);
});

Deno.test("yoi ticket init writes nothing over a link out of the workspace", async () => {
  await using workspace = await Workspace.create();
  await Deno.mkdir(`${workspace.path}/work`);
  await Deno.mkdir(`${workspace.path}/out`);
  await Deno.symlink("../out", `${workspace.path}/work/.yoi`);
  for (const line of ["ticket init", "ticket create --title lost", "objective create --title x"]) {
    const { code, stderr } = await workspace.say(line, { cwd: `${workspace.path}/work` });
    assertEquals(code, 1, line);
    assertStringIncludes(stderr, "outside the workspace");
  }
  assertEquals(await Array.fromAsync(Deno.readDir(`${workspace.path}/out`)), []);
});

Deno.test("yoi ticket init --root prepares that folder alone", async () => {
  await using workspace = await Workspace.create();
  const text = await workspace.do("ticket init --root other");
  assertEquals(text, ENSURED.replaceAll(".yoi/tickets", "other"));
  await assertMissing(`${workspace.path}/.yoi`);
});

Deno.test("yoi ticket init sets the merge driver of the clone, and git sees what it should", async () => {
  await using workspace = await Workspace.create();
  await git(workspace, "init", "-q");
  const first = await workspace.do("ticket init");
  assert(first.endsWith("ensured\tgit merge driver yoi-ticket\n"), first);
  const driver = await git(workspace, "config", "--local", "merge.yoi-ticket.driver");
  const program = parseMergeDriver(driver.trimEnd());
  assertEquals(formatMergeDriver(program ?? []), driver.trimEnd());
  await workspace.do("ticket init");
  assertEquals(await git(workspace, "config", "--get-all", "merge.yoi-ticket.driver"), driver);

  const id = await workspace.ticket("x");
  const other = await workspace.ticket("y");
  await workspace.do(
    ["ticket", "relation", "add", "--ticket", id, "--kind", "related", "--target", other],
  );
  await workspace.write(`.yoi/tickets/${id}/.item.md.0123456789abcdef.yoi-tmp`, "");
  await workspace.write(".yoi/tickets/.00001KT07NV00.new/item.md", "");
  const status = await git(workspace, "status", "--porcelain", "-uall");
  assertEquals(status.match(/\.ticket-backend|yoi-tmp|\.new/), null, status);
  assertStringIncludes(status, `${id}/item.md`);
  for (const file of ["thread.md", "item.md", "resolution.md", "artifacts/relations.json"]) {
    const path = `.yoi/tickets/${id}/${file}`;
    assertEquals(await git(workspace, "check-attr", "merge", path), `${path}: merge: yoi-ticket\n`);
  }
});

Deno.test("yoi ticket init does the rest where git refuses, and doctor passes on its reason", async () => {
  await using workspace = await Workspace.create();
  await workspace.write(".git", "gitdir: /nowhere\n");
  const { code, stdout, stderr } = await workspace.say("ticket init");
  assertEquals(code, 0);
  assertEquals(stdout, `created\t.yoi/ticket.config.toml\n${ENSURED}`);
  assertEquals(
    stderr,
    "yoi ticket: git refuses the setting of the merge driver: not a git repository: /nowhere\n",
  );
  const doctor = await workspace.say("ticket doctor");
  assertStringIncludes(doctor.stderr, "not a git repository: /nowhere; fix that");
});

async function assertMissing(path: string): Promise<void> {
  const found = await Deno.lstat(path).catch((error) => error);
  assert(found instanceof Deno.errors.NotFound, `"${path}" exists`);
}
