import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { CommandResult } from "../../lib/process/run_command.ts";
import { formatMergeDriver, parseMergeDriver } from "../../lib/ticket/merge_driver_command.ts";
import { git, tryGit } from "./_git.ts";

Deno.test("parseMergeDriver() reads what formatMergeDriver() writes", () => {
  for (
    const program of [
      ["yoi"],
      ["/bin/deno", "run", "--allow-read", "file:///a%20b/cli.ts"],
      ["/opt/it's here/yoi", "", "100%", "a'b", "'"],
    ]
  ) {
    assertEquals(parseMergeDriver(formatMergeDriver(program)), program);
  }
});

Deno.test("parseMergeDriver() knows a setting without a guard, and those of others", () => {
  const old = "/opt/it'\\''s' yoi' ticket merge-driver %O %A %B %P";
  assertEquals(parseMergeDriver("/opt/yoi ticket merge-driver %O %A %B %P"), ["/opt/yoi"]);
  assertEquals(parseMergeDriver("'/opt/my yoi' ticket merge-driver %O %A %B %P"), ["/opt/my yoi"]);
  for (const other of [old, "", "true", "x; yoi ticket merge-driver %O %A %B %P", "merge.sh %A"]) {
    assertEquals(parseMergeDriver(other), undefined, other);
  }
});

const THREAD = "it's 100%/thread.md";

/** A program that does what one line of a shell says; our version is the file `$4`. */
async function script(folder: string, line: string): Promise<string[]> {
  const path = await Deno.makeTempFile({ dir: folder });
  await Deno.writeTextFile(path, `${line}\n`);
  return ["/bin/sh", path];
}

Deno.test("the merge driver's command leaves both versions when the program does not run", async () => {
  const folder = await Deno.makeTempDir();
  const programs: [string, readonly string[]][] = [
    ["a program that is gone", ["/nowhere/yoi"]],
    ["a module that is gone", [Deno.execPath(), "run", "--no-config", `file://${folder}/gone.ts`]],
    ["a program that may not be run", [folder]],
    ["a program that fails", await script(folder, "exit 1")],
    ["a program that is killed", await script(folder, "kill -9 $$")],
  ];
  for (const [name, program] of programs) {
    const { status, stderr } = await mergeTwo(folder, formatMergeDriver(program));
    assertEquals(status.code, 1, `${name}: ${stderr}`);
    const text = await Deno.readTextFile(`${folder}/work/${THREAD}`);
    assertEquals(
      text,
      "<<<<<<< ours\nbase\nours\n\n=======\nbase\ntheirs\n\n>>>>>>> theirs\n",
      name,
    );
    assertStringIncludes(stderr, `so ${THREAD} holds both versions whole`, name);
    const left = await Array.fromAsync(Deno.readDir(`${folder}/work`));
    assertEquals(left.filter((entry) => entry.name.includes("merge_file")), [], name);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the merge driver's command says nothing of both versions where it cannot write them", async () => {
  const folder = await Deno.makeTempDir();
  const program = await script(folder, 'mkdir "$4.both"; exit 1');
  const { status, stderr } = await mergeTwo(folder, formatMergeDriver(program));
  assert(status.code !== 0);
  assert(!stderr.includes(`so ${THREAD} holds both versions`), stderr);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("parseMergeDriver() reads the guarded setting of another version", () => {
  const [head = ""] = formatMergeDriver(["/opt/yoi"]).split(" && exit 0; ");
  const setting = `${head} && exit 0; echo other >&2; exit 1`;
  assertEquals(parseMergeDriver(setting), ["/opt/yoi"]);
});

Deno.test("the merge driver's command leaves alone what the program has done", async () => {
  const folder = await Deno.makeTempDir();
  const merged = await script(folder, 'echo merged >"$4"');
  assertEquals((await mergeTwo(folder, formatMergeDriver(merged))).status.code, 0);
  assertEquals(await Deno.readTextFile(`${folder}/work/${THREAD}`), "merged\n");
  const conflict = await script(folder, 'echo "<<<<<<< a" >"$4"; exit 1');
  assertEquals((await mergeTwo(folder, formatMergeDriver(conflict))).status.code, 1);
  assertEquals(await Deno.readTextFile(`${folder}/work/${THREAD}`), "<<<<<<< a\n");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a merge that was left undone is made by `git checkout --merge` once the driver runs", async () => {
  const folder = await Deno.makeTempDir();
  await mergeTwo(folder, formatMergeDriver(["/nowhere/yoi"]));
  const work = `${folder}/work`;
  const merged = formatMergeDriver(await script(folder, 'echo merged >"$4"'));
  await git(work, "config", "merge.yoi-ticket.driver", merged);
  await git(work, "checkout", "--merge", "--", THREAD);
  assertEquals(await Deno.readTextFile(`${work}/${THREAD}`), "merged\n");
  await Deno.remove(folder, { recursive: true });
});

/** Merges a branch where both sides added to one file, in a fresh repository. */
async function mergeTwo(folder: string, driver: string): Promise<CommandResult> {
  const work = `${folder}/work`;
  await Deno.remove(work, { recursive: true }).catch(() => {});
  await Deno.mkdir(`${work}/${THREAD}`.slice(0, -"/thread.md".length), { recursive: true });
  const commit = async (text: string) => {
    await Deno.writeTextFile(`${work}/${THREAD}`, text);
    await git(work, "add", "--all");
    await git(work, "commit", "--quiet", "-m", "x");
  };
  await git(work, "init", "--quiet", "--initial-branch=main");
  await git(work, "config", "merge.yoi-ticket.driver", driver);
  await Deno.writeTextFile(`${work}/.gitattributes`, "thread.md merge=yoi-ticket\n");
  await commit("base\n");
  await git(work, "checkout", "--quiet", "-b", "side");
  await commit("base\ntheirs\n");
  await git(work, "checkout", "--quiet", "main");
  await commit("base\nours\n");
  return await tryGit(work, "merge", "--quiet", "-m", "merge", "side");
}
