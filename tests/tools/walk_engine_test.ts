import { assertEquals } from "@std/assert";
import { TempTree, toolsOver } from "./_sample_tree.ts";

const FILES = { ".git/HEAD": "", "a.bak": "foo\n", "a.own": "foo\n", "a.txt": "foo\n" };

/** The files found in a work tree by a person with this home folder. */
async function found(home: Record<string, string>, variables: Record<string, string> = {}) {
  await using tree = await TempTree.make(FILES);
  await using person = await TempTree.make(home);
  const env = (name: string) => name === "HOME" ? person.root : variables[name];
  const call = await toolsOver(tree.root, { ripgrep: false, env });
  const { content } = await call("Grep", { pattern: "foo" });
  return content!.replaceAll(`${tree.root}/`, "").trimEnd().split("\n");
}

Deno.test("WalkEngine honours the ignore file of the person", async () => {
  assertEquals(await found({}), ["a.bak", "a.own", "a.txt"]);
  assertEquals(await found({ ".config/git/ignore": "*.bak\n" }), ["a.own", "a.txt"]);
  assertEquals(
    await found({
      ".config/git/ignore": "*.bak\n",
      ".gitconfig": "[core]\n\texcludesFile = ~/own-ignore\n",
      "own-ignore": "*.own\n",
    }),
    ["a.bak", "a.txt"],
  );
});

Deno.test("WalkEngine goes on past what it cannot read, and Grep says so", async () => {
  await using tree = await TempTree.make({ "a.txt": "foo\n", "z.txt": "foo\n" });
  const huge = await tree.write("huge.txt", "");
  await Deno.truncate(huge, 257 * 1024 * 1024);
  const call = await toolsOver(tree.root, { ripgrep: false });
  assertEquals(await call("Grep", { pattern: "foo" }), {
    summary: "Found matches in 2 file(s); 1 path could not be read " +
      `(${huge}: larger than 268435456 bytes)`,
    content: `${tree.path("a.txt")}\n${tree.path("z.txt")}\n`,
  });
});
