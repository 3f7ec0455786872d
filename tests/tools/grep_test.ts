import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findRipgrep } from "../../lib/tools/_find_ripgrep.ts";
import { identify, isAlive, type ProcessIdentity } from "../../lib/process/identity.ts";
import { ScopeError } from "../../lib/scope/scope_error.ts";
import { ToolError } from "../../lib/tools/tool_error.ts";
import { bytes, TempTree, toolsOver } from "./_sample_tree.ts";

const ripgrep = await findRipgrep({ env: (name) => Deno.env.get(name) });

/** Runs a test with either engine. */
function withEngines(title: string, test: (ripgrep: string | false) => Promise<void>): void {
  Deno.test(`${title} (TypeScript)`, () => test(false));
  Deno.test(`${title} (ripgrep)`, () => {
    if (ripgrep === undefined) throw new Error("Cannot test: there is no ripgrep");
    return test(ripgrep);
  });
}

withEngines("Grep writes each mode in its form, ordered by path", async (ripgrep) => {
  await using tree = await TempTree.make({
    "b.txt": "one\nfoo 1\ntwo\n",
    "a/x.txt": "foo 2\nfoo 3\n",
    "a-b.txt": "foo 4",
    "none.txt": "bar\n",
  });
  const call = await toolsOver(tree.root, { ripgrep });
  const [ax, ab, b] = ["a/x.txt", "a-b.txt", "b.txt"].map((name) => tree.path(name));
  assertEquals(await call("Grep", { pattern: "foo" }), {
    summary: "Found matches in 3 file(s)",
    content: `${ax}\n${ab}\n${b}\n`,
  });
  assertEquals(await call("Grep", { pattern: "foo", output_mode: "count" }), {
    summary: "Found matches in 3 file(s), 4 total line(s)",
    content: `${ax}:2\n${ab}:1\n${b}:1\n`,
  });
  assertEquals(await call("Grep", { pattern: "foo", output_mode: "content" }), {
    summary: "4 matching line(s) in 3 file(s)",
    content: `${ax}:1:foo 2\n${ax}:2:foo 3\n${ab}:1:foo 4\n${b}:2:foo 1\n`,
  });
  assertEquals(
    await call("Grep", { pattern: "foo 1", output_mode: "content", "-n": false, "-C": 1 }),
    {
      summary: "1 matching line(s) in 1 file(s)",
      content: `${b}-one\n${b}:foo 1\n${b}-two\n`,
    },
  );
  assertEquals(await call("Grep", { pattern: "nope" }), { summary: "No files matched" });
  assertEquals(await call("Grep", { pattern: "nope", output_mode: "content" }), {
    summary: "No matches",
  });
});

withEngines("Grep says truncated only when there is more", async (ripgrep) => {
  await using tree = await TempTree.make(
    Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`${n}.txt`, "foo\nfoo\n"])),
  );
  const call = await toolsOver(tree.root, { ripgrep });
  const summary = async (input: Record<string, unknown>) =>
    (await call("Grep", { pattern: "foo", ...input })).summary;
  assertEquals(await summary({ head_limit: 2 }), "Found matches in 2 file(s) (truncated at 2)");
  assertEquals(await summary({ head_limit: 5 }), "Found matches in 5 file(s)");
  assertEquals(await summary({ offset: 3 }), "Found matches in 2 file(s)");
  assertEquals(await summary({ offset: 5 }), "No files matched");
  const content = { output_mode: "content" };
  assertEquals(
    await summary({ ...content, head_limit: 3 }),
    "3 matching line(s) in 2 file(s) (truncated at 3)",
  );
  assertEquals(await summary({ ...content, head_limit: 10 }), "10 matching line(s) in 5 file(s)");
  for (const head_limit of [Number.MAX_SAFE_INTEGER, 2 ** 64 - 1]) {
    const all = { ...content, head_limit, "-C": head_limit };
    assertEquals(await summary(all), "10 matching line(s) in 5 file(s)");
  }
  assertEquals(await summary({ ...content, offset: 1e17 }), "No matches");
  assertEquals(
    await summary({ ...content, offset: 9, head_limit: 1 }),
    "1 matching line(s) in 1 file(s)",
  );
  assertEquals(
    await summary({ output_mode: "count", head_limit: 1 }),
    "Found matches in 1 file(s), 2 total line(s) (truncated at 1)",
  );
});

withEngines("Grep keeps the context of the last match it may show", async (ripgrep) => {
  await using tree = await TempTree.make({ "a.txt": "1\n2 foo\n3\n4 foo\n5\n6\n7 foo\n8\n" });
  const call = await toolsOver(tree.root, { ripgrep });
  const path = tree.path("a.txt");
  const shown = async (input: Record<string, unknown>) =>
    (await call("Grep", { pattern: "foo", output_mode: "content", ...input })).content!
      .replaceAll(path, "").trimEnd().split("\n");
  // The second match is not permitted any more: here it is context of the first.
  assertEquals(await shown({ "-C": 2, head_limit: 1 }), ["-1-1", ":2:2 foo", "-3-3", "-4-4 foo"]);
  assertEquals(await shown({ "-A": 1, head_limit: 2 }), [":2:2 foo", "-3-3", ":4:4 foo", "-5-5"]);
  assertEquals(await shown({ "-B": 2, offset: 1, head_limit: 1 }), [
    "-2-2 foo",
    "-3-3",
    ":4:4 foo",
  ]);
  assertEquals(await shown({ "-A": 5, "-B": 5, "-C": 0, offset: 2 }), [":7:7 foo"]);
});

withEngines("Grep reads CRLF, bad bytes and huge lines", async (ripgrep) => {
  await using tree = await TempTree.make({
    "bad.txt": bytes("a", [0xff], "b foo\n"),
    "crlf.txt": "foo\r\nbar\r\n",
    "wide.txt": `${"z".repeat(9000)}foo\n`,
  });
  const call = await toolsOver(tree.root, { ripgrep });
  const { content } = await call("Grep", { pattern: "foo$", output_mode: "content" });
  assertEquals(
    content,
    `${tree.path("bad.txt")}:1:a\ufffdb foo\n${tree.path("crlf.txt")}:1:foo\n` +
      `${tree.path("wide.txt")}:1:${"z".repeat(2000)} [line cut: 7003 more characters]\n`,
  );
});

withEngines("Grep skips hidden, ignored, binary and linked files", async (ripgrep) => {
  await using tree = await TempTree.make({
    ".git/HEAD": "foo\n",
    ".gitignore": "*.log\n",
    ".env": "foo\n",
    "app.log": "foo\n",
    "binary.bin": bytes("foo\n", [0]),
    "a.ts": "foo\n",
    "b.py": "foo\n",
  });
  await Deno.symlink("a.ts", tree.path("link.ts"));
  const call = await toolsOver(tree.root, { ripgrep });
  const files = async (input: Record<string, unknown>) =>
    ((await call("Grep", { pattern: "foo", ...input })).content ?? "")
      .replaceAll(`${tree.root}/`, "").trimEnd().split("\n");
  assertEquals(await files({}), ["a.ts", "b.py"]);
  assertEquals(await files({ hidden: true }), [".env", "a.ts", "b.py"]);
  assertEquals(await files({ include_ignored: true }), ["a.ts", "app.log", "b.py"]);
  assertEquals(await files({ glob: "*.ts" }), ["a.ts"]);
  assertEquals(await files({ glob: "!*.ts" }), ["b.py"]);
  assertEquals(await files({ type: "py" }), ["b.py"]);
  assertEquals(await files({ "-A": null, glob: null, type: null, path: null }), ["a.ts", "b.py"]);
});

withEngines(
  "Grep searches a single file, whatever its name, also through a link",
  async (ripgrep) => {
    await using tree = await TempTree.make({ "we*rd [x].log": "foo\n", ".gitignore": "*.log\n" });
    await Deno.symlink("we*rd [x].log", tree.path("link"));
    const call = await toolsOver(tree.root, { ripgrep });
    for (const path of [tree.path("we*rd [x].log"), tree.path("link")]) {
      assertEquals(await call("Grep", { pattern: "fo+", path, output_mode: "content" }), {
        summary: "1 matching line(s) in 1 file(s)",
        content: `${path}:1:foo\n`,
      });
    }
  },
);

withEngines("Grep never shows what the scope closes", async (ripgrep) => {
  await using tree = await TempTree.make({
    "open.txt": "foo\n",
    "secret/key.txt": "foo\n",
    "flat/a.txt": "foo\n",
    "flat/deep/b.txt": "foo\n",
  });
  const call = await toolsOver(tree.root, {
    ripgrep,
    rules: {
      deny: [
        { target: tree.path("secret"), permission: "read" },
        { target: tree.path("flat"), permission: "read", recursive: false },
      ],
    },
  });
  for (const output_mode of ["files_with_matches", "content", "count"]) {
    const { summary, content } = await call("Grep", { pattern: "foo", output_mode });
    assertEquals(content!.includes("secret") || content!.includes("flat/a"), false);
    assertStringIncludes(content!, "flat/deep/b.txt");
    assertStringIncludes(summary, "2 file(s)");
  }
  const limited = await call("Grep", { pattern: "foo", head_limit: 2 });
  assertEquals(limited.summary, "Found matches in 2 file(s)");
  await assertRejects(
    () => call("Grep", { pattern: "foo", path: tree.path("secret/key.txt") }),
    ScopeError,
  );
});

withEngines("Grep refuses what is no expression, no glob, no type", async (ripgrep) => {
  await using tree = await TempTree.make({ "a.txt": "a\n" });
  const call = await toolsOver(tree.root, { ripgrep });
  const failure = async (input: Record<string, unknown>) =>
    (await assertRejects(() => call("Grep", input), ToolError)).message;
  for (const pattern of ["(", "[", "(?=a)", "(a)\\1", "a\\nb", "\\q"]) {
    assertStringIncludes(await failure({ pattern }), "invalid Grep input: invalid regex");
  }
  assertStringIncludes(await failure({ pattern: "a", glob: "[" }), "invalid glob");
  assertStringIncludes(await failure({ pattern: "a", type: "klingon" }), 'unknown type "klingon"');
  assertStringIncludes(await failure({ pattern: "a", output_mode: "lines" }), "output_mode");
  assertStringIncludes(await failure({ pattern: "a", "-i": null }), "-i");
  assertStringIncludes(await failure({ pattern: "a", multiline: null }), "multiline");
});

withEngines("Grep lets multiline matches span lines", async (ripgrep) => {
  await using tree = await TempTree.make({ "a.txt": "start\nmiddle\nend\nother\n" });
  const call = await toolsOver(tree.root, { ripgrep });
  const { summary, content } = await call("Grep", {
    pattern: "start.*end",
    multiline: true,
    output_mode: "content",
  });
  assertEquals(summary, "3 matching line(s) in 1 file(s)");
  assertEquals(content!.replaceAll(tree.path("a.txt"), ""), ":1:start\n:2:middle\n:3:end\n");
});

/** A stand-in for ripgrep: a shell script. */
async function fakeRipgrep(tree: TempTree, script: string): Promise<string> {
  const path = await tree.write("fake-rg", `#!/bin/sh\n${script}\n`);
  await Deno.chmod(path, 0o755);
  return path;
}

Deno.test("Grep goes on past files that cannot be read, and says how many", async () => {
  await using tree = await TempTree.make({ "secret/x": "" });
  const ripgrep = await fakeRipgrep(
    tree,
    `printf '%s\\0' "${tree.root}/a.txt"
     echo "rg: ${tree.root}/b.txt: Permission denied (os error 13)" >&2
     echo "rg: ${tree.root}/c.txt: Permission denied (os error 13)" >&2
     echo "rg: ${tree.root}/secret/x: Permission denied (os error 13)" >&2
     exit 2`,
  );
  const call = await toolsOver(tree.root, {
    ripgrep,
    rules: { deny: [{ target: tree.path("secret"), permission: "read" }] },
  });
  assertEquals(await call("Grep", { pattern: "foo" }), {
    summary: "Found matches in 1 file(s); 2 paths could not be read " +
      `(${tree.root}/b.txt: Permission denied (os error 13))`,
    content: `${tree.root}/a.txt\n`,
  });
});

Deno.test("Grep tells ripgrep not to open what the scope closes", async () => {
  await using tree = await TempTree.make({ "a/we*rd/x": "" });
  const ripgrep = await fakeRipgrep(tree, `printf '%s\\n' "$@" > "${tree.root}/arguments"`);
  const call = await toolsOver(tree.root, {
    ripgrep,
    rules: { deny: [{ target: tree.path("a/we*rd"), permission: "read" }] },
  });
  await call("Grep", { pattern: "--pre=x", glob: "*.ts", path: tree.root });
  const given = (await Deno.readTextFile(tree.path("arguments"))).trimEnd().split("\n");
  // The last glob that matches counts, so nothing the caller asks for opens the tree again.
  assertEquals(given.filter((argument) => argument.startsWith("--glob")), [
    "--glob=*.ts",
    "--glob=!/a/we\\*rd",
  ]);
  // What the caller gives is never taken for an option.
  assertEquals(given.slice(-3), ["--regexp=--pre=x", "--", tree.root]);
});

Deno.test("Grep says what is wrong with a ripgrep that fails", async () => {
  await using tree = await TempTree.make();
  const ripgrep = await fakeRipgrep(tree, "echo 'out of memory' >&2; exit 3");
  const call = await toolsOver(tree.root, { ripgrep });
  const error = await assertRejects(() => call("Grep", { pattern: "foo" }), ToolError);
  assertEquals(error.code, "execution_failed");
  assertStringIncludes(error.message, "out of memory");
});

Deno.test("Grep ends its process with the whole group when it is aborted", async () => {
  await using tree = await TempTree.make();
  await new Deno.Command("mkfifo", { args: [tree.path("pids")] }).output();
  // Reading the pipe waits until both processes are there.
  const ripgrep = await fakeRipgrep(
    tree,
    `trap '' TERM; sleep 1000 & echo "$$ $!" > "${tree.root}/pids"; wait; sleep 1000`,
  );
  const call = await toolsOver(tree.root, { ripgrep });
  const controller = new AbortController();
  const result = call("Grep", { pattern: "foo" }, controller.signal);
  const pids = (await Deno.readTextFile(tree.path("pids"))).trim().split(" ").map(Number);
  const processes = pids.map((pid) => identify(pid)) as ProcessIdentity[];
  assertEquals(processes.length, 2);
  const reason = new Error("paused");
  controller.abort(reason);
  assertEquals(await assertRejects(() => result), reason);
  assertEquals(processes.map((process) => isAlive(process)), [false, false]);
});

Deno.test("Grep ends an expression that would take for ever (TypeScript)", async () => {
  await using tree = await TempTree.make({ "a.txt": `${"a".repeat(60)}!\n` });
  const call = await toolsOver(tree.root, { ripgrep: false });
  const controller = new AbortController();
  const reason = new Error("paused");
  const result = call("Grep", { pattern: "^(a|a?)+$" }, controller.signal);
  // The search is under way, or about to be; in both cases it has to end.
  setTimeout(() => controller.abort(reason), 50);
  assertEquals(await assertRejects(() => result), reason);
});
