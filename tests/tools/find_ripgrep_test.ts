import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findRipgrep } from "../../lib/tools/_find_ripgrep.ts";
import { ToolError } from "../../lib/tools/tool_error.ts";
import { TempTree, toolsOver } from "./_sample_tree.ts";

/** A program that answers like ripgrep, or like something else. */
async function program(tree: TempTree, path: string, answer: string): Promise<string> {
  const full = await tree.write(path, `#!/bin/sh\necho '${answer}'\n`);
  await Deno.chmod(full, 0o755);
  return full;
}

function environment(variables: Record<string, string>): (name: string) => string | undefined {
  return (name) => variables[name];
}

Deno.test("findRipgrep() takes what YOI_RG names before what lies in PATH", async () => {
  await using tree = await TempTree.make();
  const named = await program(tree, "mine/searcher", "ripgrep 14.1.0");
  const inPath = await program(tree, "bin/rg", "ripgrep 15.0.0");
  const PATH = `${tree.path("none")}::relative:${tree.path("bin")}`;
  assertEquals(await findRipgrep({ env: environment({ YOI_RG: named, PATH }) }), named);
  assertEquals(await findRipgrep({ env: environment({ YOI_RG: "", PATH }) }), inPath);
});

Deno.test("findRipgrep() passes over programs in PATH that are no ripgrep", async () => {
  await using tree = await TempTree.make();
  await program(tree, "a/rg", "rage 1.0");
  await tree.write("b/rg", "not executable");
  await tree.write("c/rg/file", "a folder");
  const real = await program(tree, "d/rg", "ripgrep 14.1.0");
  const PATH = ["a", "b", "c", "d"].map((name) => tree.path(name)).join(":");
  assertEquals(await findRipgrep({ env: environment({ PATH }) }), real);
});

Deno.test("findRipgrep() says so when YOI_RG names no ripgrep", async () => {
  await using tree = await TempTree.make();
  const wrong = await program(tree, "rage", "rage 1.0");
  for (const YOI_RG of [wrong, tree.path("none")]) {
    const error = await assertRejects(
      () => findRipgrep({ env: environment({ YOI_RG }) }),
      ToolError,
    );
    assertEquals(error.code, "execution_failed");
    assertStringIncludes(error.message, `YOI_RG names "${YOI_RG}"`);
  }
  // The search itself says it too.
  const call = await toolsOver(tree.root, { env: environment({ YOI_RG: wrong }) });
  await assertRejects(() => call("Grep", { pattern: "x" }), ToolError, "YOI_RG");
});

Deno.test({
  name: "findRipgrep() asks nobody and finds nothing where it may run nothing",
  permissions: { read: true, run: false, env: false },
  fn: async () => {
    assertEquals(await findRipgrep({ env: environment({ PATH: "/usr/bin:/bin" }) }), undefined);
  },
});

Deno.test("findRipgrep() ends with the reason of its signal", async () => {
  await using tree = await TempTree.make();
  await program(tree, "bin/rg", "ripgrep 14.1.0");
  const reason = new Error("paused");
  const error = await assertRejects(() =>
    findRipgrep({
      env: environment({ PATH: tree.path("bin") }),
      signal: AbortSignal.abort(reason),
    })
  );
  assertEquals(error, reason);
});
