import { assertEquals, assertRejects } from "@std/assert";
import { runCommand } from "../../lib/process/run_command.ts";
import { askWorkTree, workTreeAround } from "../../lib/ticket/work_tree.ts";

Deno.test("workTreeAround() finds the nearest folder with a .git, without asking git", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/a/b`, { recursive: true });
  assertEquals(workTreeAround(`${folder}/a/b`), undefined);
  await Deno.writeTextFile(`${folder}/.git`, "");
  assertEquals(workTreeAround(`${folder}/a/b`), folder);
  await Deno.mkdir(`${folder}/a/.git`);
  assertEquals(workTreeAround(`${folder}/a/b/not/there`), `${folder}/a`);
  await Deno.symlink(`${folder}/a/b`, `${folder}/link`);
  assertEquals(workTreeAround(`${folder}/link`), `${folder}/a`);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("askWorkTree() tells a work tree from a repository, and why git refuses", async () => {
  const folder = await Deno.makeTempDir();
  await runCommand({ command: ["git", "init", "--quiet"], cwd: folder });
  assertEquals(await askWorkTree(folder), { kind: "inside" });
  assertEquals(await askWorkTree(`${folder}/.git`), { kind: "outside" });
  await Deno.writeTextFile(`${folder}/.git/config`, "[nonsense\n");
  assertEquals(await askWorkTree(folder), {
    kind: "refused",
    reason: "bad config line 1 in file .git/config",
    isGitMissing: false,
  });
  const reason = new Error("enough");
  assertEquals(await assertRejects(() => askWorkTree(folder, AbortSignal.abort(reason))), reason);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("askWorkTree() names the variable that leads git elsewhere", async () => {
  const folder = await Deno.makeTempDir();
  await runCommand({ command: ["git", "init", "--quiet"], cwd: folder });
  Deno.env.set("GIT_DIR", "/nowhere");
  try {
    const reason = "not a git repository: '/nowhere', which the variable GIT_DIR names";
    assertEquals(await askWorkTree(folder), { kind: "refused", reason, isGitMissing: false });
  } finally {
    Deno.env.delete("GIT_DIR");
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("askWorkTree() asks no git that would wait for a writer", async () => {
  const folder = await Deno.makeTempDir();
  await runCommand({ command: ["git", "init", "--quiet"], cwd: folder });
  await Deno.remove(`${folder}/.git/HEAD`);
  await runCommand({ command: ["mkfifo", `${folder}/.git/HEAD`], cwd: folder });
  const reason =
    `"${folder}/.git/HEAD" is not a file, and git would wait for somebody to write to it`;
  assertEquals(await askWorkTree(folder), { kind: "refused", reason, isGitMissing: false });
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "askWorkTree() says that it may not ask git, also where git is all that it may start",
  permissions: { read: true, run: ["git"] },
  fn: async () => {
    const reason = "this program may not start and stop git (`--allow-run`)";
    assertEquals(await askWorkTree("."), { kind: "refused", reason, isGitMissing: false });
  },
});
