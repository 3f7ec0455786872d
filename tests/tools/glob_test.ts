import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findRipgrep } from "../../lib/tools/_find_ripgrep.ts";
import { ScopeError } from "../../lib/scope/scope_error.ts";
import { ToolError } from "../../lib/tools/tool_error.ts";
import { type CallTool, TempTree, toolsOver } from "./_sample_tree.ts";

const ripgrep = await findRipgrep({ env: (name) => Deno.env.get(name) });

/** Runs a test with either engine. */
function withEngines(title: string, test: (ripgrep: string | false) => Promise<void>): void {
  Deno.test(`${title} (TypeScript)`, () => test(false));
  Deno.test(`${title} (ripgrep)`, () => {
    if (ripgrep === undefined) throw new Error("Cannot test: there is no ripgrep");
    return test(ripgrep);
  });
}

/** Names found, relative to the tree, sorted. */
async function names(call: CallTool, tree: TempTree, input: Record<string, unknown>) {
  const { content = "" } = await call("Glob", input);
  return content.split("\n").filter((line) => line !== "").map((line) => {
    assertEquals(line.startsWith(`${tree.root}/`), true);
    return line.slice(tree.root.length + 1);
  }).sort();
}

withEngines("Glob follows ripgrep's rules for patterns", async (ripgrep) => {
  await using tree = await TempTree.make({
    "a.ts": "",
    "src/b.ts": "",
    "src/deep/c.ts": "",
    "src/deep/d.js": "",
    "test/e.TS": "",
  });
  await Deno.symlink("src", tree.path("linked"));
  await Deno.symlink("a.ts", tree.path("link.ts"));
  const call = await toolsOver(tree.root, { ripgrep });
  const table: [string, string[]][] = [
    ["*.ts", ["a.ts", "src/b.ts", "src/deep/c.ts"]],
    ["src/*.ts", ["src/b.ts"]],
    ["src/**", ["src/b.ts", "src/deep/c.ts", "src/deep/d.js"]],
    ["/*.ts", ["a.ts"]],
    ["**/deep/*.{ts,js}", ["src/deep/c.ts", "src/deep/d.js"]],
    ["[ab].ts", ["a.ts", "src/b.ts"]],
    ["?.[tT][sS]", ["a.ts", "src/b.ts", "src/deep/c.ts", "test/e.TS"]],
    ["!*.ts", ["src/deep/d.js", "test/e.TS"]],
    [`${tree.root}/src/*.ts`, ["src/b.ts"]],
    ["src", []],
  ];
  for (const [pattern, expected] of table) {
    assertEquals(await names(call, tree, { pattern }), expected, pattern);
  }
  assertEquals(await names(call, tree, { pattern: "*.ts", path: tree.path("src/deep") }), [
    "src/deep/c.ts",
  ]);
});

withEngines(
  "Glob honours ignore files, lists hidden ones, skips version control",
  async (ripgrep) => {
    await using tree = await TempTree.make({
      ".git/config": "",
      ".gitignore": "node_modules/\n*.log\n",
      ".github/ci.yml": "",
      "node_modules/p/index.js": "",
      "app.log": "",
      "main.ts": "",
    });
    const call = await toolsOver(tree.root, { ripgrep });
    assertEquals(await names(call, tree, { pattern: "**" }), [
      ".github/ci.yml",
      ".gitignore",
      "main.ts",
    ]);
    // A pattern that names an ignored file does not bring it back; the option does.
    assertEquals(await names(call, tree, { pattern: "*.log" }), []);
    assertEquals(await names(call, tree, { pattern: "**", include_ignored: true }), [
      ".github/ci.yml",
      ".gitignore",
      "app.log",
      "main.ts",
      "node_modules/p/index.js",
    ]);
  },
);

withEngines("Glob gives the newest first, equal ones by path", async (ripgrep) => {
  await using tree = await TempTree.make({ "a.ts": "", "b.ts": "", "c.ts": "", "d.ts": "" });
  for (const [name, time] of [["a.ts", 10], ["b.ts", 30], ["c.ts", 20], ["d.ts", 30]] as const) {
    await Deno.utime(tree.path(name), time, time);
  }
  const call = await toolsOver(tree.root, { ripgrep });
  const { summary, content } = await call("Glob", { pattern: "*.ts" });
  assertEquals(summary, "Found 4 file(s) matching *.ts");
  assertEquals(content, ["b.ts", "d.ts", "c.ts", "a.ts"].map((n) => `${tree.path(n)}\n`).join(""));
});

withEngines("Glob shows 1000 of 1005 and says so", async (ripgrep) => {
  await using tree = await TempTree.make();
  for (let n = 0; n < 1005; n++) await Deno.writeTextFile(tree.path(`f${n}.txt`), "");
  const call = await toolsOver(tree.root, { ripgrep });
  const { summary, content } = await call("Glob", { pattern: "f*.txt" });
  assertEquals(summary, "Found 1005+ files matching f*.txt (truncated to 1000)");
  assertEquals(content!.trimEnd().split("\n").length, 1000);
});

withEngines("Glob says that nothing was found without content", async (ripgrep) => {
  await using tree = await TempTree.make();
  const call = await toolsOver(tree.root, { ripgrep });
  assertEquals(await call("Glob", { pattern: "*.zig" }), {
    summary: "No files found matching *.zig",
  });
});

withEngines("Glob never shows what the scope closes", async (ripgrep) => {
  await using tree = await TempTree.make({
    "open/a.txt": "",
    "open/[x]/b.txt": "",
    "open/[x]/deep/c.txt": "",
    "secret/d.txt": "",
    "flat/e.txt": "",
    "flat/deep/f.txt": "",
  });
  const call = await toolsOver(tree.root, {
    ripgrep,
    rules: {
      deny: [
        { target: tree.path("secret"), permission: "read" },
        { target: tree.path("open/[x]/deep"), permission: "read" },
        { target: tree.path("flat"), permission: "read", recursive: false },
      ],
    },
  });
  assertEquals(await names(call, tree, { pattern: "*.txt" }), [
    "flat/deep/f.txt",
    "open/[x]/b.txt",
    "open/a.txt",
  ]);
  await assertRejects(() => call("Glob", { pattern: "*", path: tree.path("secret") }), ScopeError);
});

withEngines("Glob refuses a base that is a link, a file or not there", async (ripgrep) => {
  await using tree = await TempTree.make({ "real/a.txt": "", "file.txt": "" });
  await Deno.symlink("real", tree.path("link"));
  const call = await toolsOver(tree.root, { ripgrep });
  const refusal = async (path: string) =>
    await assertRejects(() => call("Glob", { pattern: "*", path }), ScopeError);
  const link = await refusal(tree.path("link"));
  assertEquals(link.code, "symlink_directory");
  assertStringIncludes(link.message, tree.path("link"));
  assertStringIncludes(link.message, tree.path("real"));
  assertEquals((await refusal(tree.path("file.txt"))).code, "not_directory");
  assertEquals((await refusal(tree.path("none"))).code, "not_found");
  assertEquals((await refusal("relative")).code, "relative");
});

withEngines("Glob refuses a pattern that is no glob", async (ripgrep) => {
  await using tree = await TempTree.make();
  const call = await toolsOver(tree.root, { ripgrep });
  for (const pattern of ["[", "{a", "a}", "[z-a]", "x\\", " "]) {
    const error = await assertRejects(() => call("Glob", { pattern }), ToolError);
    assertStringIncludes(error.message, "invalid Glob input: invalid glob");
  }
  await assertRejects(
    () => call("Glob", { pattern: "" }),
    ToolError,
    "invalid Glob input: pattern",
  );
});

withEngines("Glob ends with the reason of its signal", async (ripgrep) => {
  await using tree = await TempTree.make({ "a/b/c.txt": "" });
  const call = await toolsOver(tree.root, { ripgrep });
  const reason = new Error("paused");
  const controller = new AbortController();
  const result = call("Glob", { pattern: "*" }, controller.signal);
  controller.abort(reason);
  assertEquals(await assertRejects(() => result), reason);
});
