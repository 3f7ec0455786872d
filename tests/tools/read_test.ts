import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { FileTracker } from "../../lib/tools/file_tracker.ts";
import { createReadTool } from "../../lib/tools/read.ts";
import { describeToolError, ToolError } from "../../lib/tools/tool_error.ts";
import { Scope } from "../../lib/scope/scope.ts";
import { ScopeError } from "../../lib/scope/scope_error.ts";
import { bytes, TempTree, toolsOver } from "./_sample_tree.ts";

const FIVE = "one\ntwo\nthree\nfour\nfive\n";

async function describeFailure(call: Promise<unknown>): Promise<string> {
  return describeToolError(await assertRejects(() => call));
}

Deno.test("Read shows a whole file with numbers and says how many lines", async () => {
  await using tree = await TempTree.make({ "three.txt": "a\nb\nc\n", "end.txt": "a\nb" });
  const call = await toolsOver(tree.root);
  const path = tree.path("three.txt");
  assertEquals(await call("Read", { file_path: path }), {
    summary: `Read 3 line(s) from ${path}`,
    content: "     1\ta\n     2\tb\n     3\tc\n",
  });
  // A last line without its end is a line like the others.
  const { content } = await call("Read", { file_path: tree.path("end.txt") });
  assertEquals(content, "     1\ta\n     2\tb\n");
});

Deno.test("Read shows a part by offset and limit, with absolute numbers", async () => {
  await using tree = await TempTree.make({ "five.txt": FIVE });
  const call = await toolsOver(tree.root);
  const path = tree.path("five.txt");
  const table: [Record<string, unknown>, string, string][] = [
    [{ offset: 1, limit: 2 }, "Read 2 line(s) [2..3] of 5", "     2\ttwo\n     3\tthree\n"],
    [{ offset: 4 }, "Read 1 line(s) [5..5] of 5", "     5\tfive\n"],
    [{ limit: 1 }, "Read 1 line(s) [1..1] of 5", "     1\tone\n"],
    [{ limit: 0 }, "Read 1 line(s) [1..1] of 5", "     1\tone\n"],
    [{ offset: 5 }, "Read 0 line(s) [6..5] of 5", ""],
    [{ offset: 99 }, "Read 0 line(s) [100..99] of 5", ""],
    [{ offset: 4, limit: 1e17 }, "Read 1 line(s) [5..5] of 5", "     5\tfive\n"],
    [
      { offset: 0, limit: 5 },
      "Read 5 line(s)",
      FIVE.trim().split("\n").map((line, at) => `     ${at + 1}\t${line}\n`).join(""),
    ],
    [{ offset: null, limit: 1 }, "Read 1 line(s) [1..1] of 5", "     1\tone\n"],
  ];
  for (const [range, summary, content] of table) {
    const output = await call("Read", { file_path: path, ...range });
    assertEquals(output, { summary: `${summary} from ${path}`, content });
  }
});

Deno.test("Read shows at most 2000 lines when no limit is given", async () => {
  await using tree = await TempTree.make({ "long.txt": "x\n".repeat(2500) });
  const call = await toolsOver(tree.root);
  const { summary } = await call("Read", { file_path: tree.path("long.txt") });
  assertStringIncludes(summary, "Read 2000 line(s) [1..2000] of 2500");
});

Deno.test("Read takes an empty file for no lines, not for an error", async () => {
  await using tree = await TempTree.make({ "empty.txt": "", "feed.txt": "\n" });
  const call = await toolsOver(tree.root);
  const path = tree.path("empty.txt");
  assertEquals(await call("Read", { file_path: path }), {
    summary: `Read 0 line(s) from ${path}`,
    content: "",
  });
  const { content } = await call("Read", { file_path: tree.path("feed.txt") });
  assertEquals(content, "     1\t\n");
});

Deno.test("Read hides carriage returns and marks, and shows bad bytes as U+FFFD", async () => {
  await using tree = await TempTree.make({
    "crlf.txt": "a\r\nb\rc\r\n\r\n",
    "bom.txt": bytes([0xef, 0xbb, 0xbf], "a\n", [0xef, 0xbb, 0xbf], "b\n"),
    "bad.txt": bytes("a", [0xff], "b\n", [0xe3, 0x81], "\n"),
    // The letter lies across the border of two chunks.
    "split.txt": "x".repeat(65_535) + "\n" + "y".repeat(65_534) + "é\n",
  });
  const call = await toolsOver(tree.root);
  const read = async (name: string) => (await call("Read", { file_path: tree.path(name) })).content;
  assertEquals(await read("crlf.txt"), "     1\ta\n     2\tb\rc\n     3\t\n");
  assertEquals(await read("bom.txt"), "     1\ta\n     2\t\ufeffb\n");
  assertEquals(await read("bad.txt"), "     1\ta\ufffdb\n     2\t\ufffd\n");
  assertEquals((await read("split.txt"))!.includes("\ufffd"), false);
});

Deno.test("Read cuts a huge line and says how long it is", async () => {
  await using tree = await TempTree.make({
    "wide.txt": `${"z".repeat(300_000)}\nnext\n`,
    "emoji.txt": "😀".repeat(1500),
  });
  const call = await toolsOver(tree.root);
  const { content } = await call("Read", { file_path: tree.path("wide.txt") });
  assertEquals(content, `     1\t${"z".repeat(2000)} [line cut: 300000 bytes]\n     2\tnext\n`);
  const emoji = await call("Read", { file_path: tree.path("emoji.txt") });
  assertEquals(emoji.content, `     1\t${"😀".repeat(1000)} [line cut: 6000 bytes]\n`);
});

Deno.test("Read ends a very long text at a line and says where to go on", async () => {
  await using tree = await TempTree.make({ "big.txt": `${"y".repeat(999)}\n`.repeat(500) });
  const call = await toolsOver(tree.root);
  const { summary, content } = await call("Read", { file_path: tree.path("big.txt") });
  const last = content!.split("\n").length - 1;
  assertStringIncludes(summary, `Read ${last} line(s) [1..${last}] of 500`);
  assertStringIncludes(summary, `continue with offset ${last}`);
  assertEquals(content!.length < 256 * 1024, true);
  const next = await call("Read", { file_path: tree.path("big.txt"), offset: last, limit: 1 });
  assertStringIncludes(next.content!, `${last + 1}\ty`);
});

Deno.test("Read refuses binary files, folders, pipes and files that are too large", async () => {
  await using tree = await TempTree.make({
    "binary.bin": bytes("text\n", [0], "more"),
    "folder/file": "x",
    "large.txt": "0123456789",
  });
  await new Deno.Command("mkfifo", { args: [tree.path("pipe")] }).output();
  const scope = await Scope.open({ allow: [{ target: tree.root, permission: "read" }] });
  const tool = createReadTool({ scope, tracker: new FileTracker(), maxFileBytes: 9 });
  const context = { callId: "", batchId: "", index: 0, signal: new AbortController().signal };
  const failure = (name: string) =>
    describeFailure(tool.execute({ file_path: tree.path(name) }, context));
  const call = await toolsOver(tree.root);
  const start = "Tool execution failed: Invalid argument: Cannot read";
  assertEquals(
    await describeFailure(call("Read", { file_path: tree.path("binary.bin") })),
    `${start} "${tree.path("binary.bin")}": it is a binary file (NUL byte at 5)`,
  );
  assertStringIncludes(await failure("folder"), "it is a directory");
  assertStringIncludes(await failure("pipe"), "it is not a regular file");
  assertStringIncludes(await failure("large.txt"), "it has 10 bytes and Read takes 9");
});

Deno.test("Read bounds files that tell no true size", async () => {
  const scope = await Scope.open({ allow: [{ target: "/proc/self", permission: "read" }] });
  const tracker = new FileTracker();
  const context = { callId: "", batchId: "", index: 0, signal: new AbortController().signal };
  const tool = createReadTool({ scope, tracker, maxFileBytes: 10 });
  const error = await assertRejects(
    () => tool.execute({ file_path: "/proc/self/status" }, context),
    ToolError,
  );
  assertStringIncludes(error.message, "more than 10 bytes");
  assertEquals(tracker.recent(), []);
});

Deno.test("Read tells relative, missing and closed paths apart", async () => {
  await using tree = await TempTree.make({ "secret/key": "k\n" });
  const call = await toolsOver(tree.root, {
    rules: { deny: [{ target: tree.path("secret"), permission: "read" }] },
  });
  const failure = (path: string) => describeFailure(call("Read", { file_path: path }));
  assertStringIncludes(await failure("a.txt"), "Invalid argument: Cannot use");
  assertStringIncludes(await failure(tree.path("no.txt")), "Execution failed: Cannot find");
  assertStringIncludes(await failure(tree.path("secret/key")), "outside the scope");
  await assertRejects(() => call("Read", { file_path: "/etc/hostname" }), ScopeError);
});

Deno.test("Read refuses input that is not one, naming the field", async () => {
  await using tree = await TempTree.make({ "a.txt": "a\n" });
  const call = await toolsOver(tree.root);
  const path = tree.path("a.txt");
  const inputs = [{}, { file_path: null }, { file_path: 1 }];
  for (const range of [{ offset: -1 }, { offset: 1.5 }, { limit: "1" }]) {
    inputs.push({ file_path: path, ...range } as never);
  }
  for (const input of inputs) {
    const text = await describeFailure(call("Read", input));
    assertStringIncludes(text, "Invalid argument: invalid Read input: ");
    assertStringIncludes(text, Object.keys(input).at(-1) ?? "file_path");
  }
  // What it does not know, it ignores.
  await call("Read", { file_path: path, color: "red" });
});

Deno.test("Read records the hash of the whole file under its real path", async () => {
  await using tree = await TempTree.make({ "five.txt": FIVE });
  await Deno.symlink("five.txt", tree.path("link.txt"));
  const tracker = new FileTracker();
  const call = await toolsOver(tree.root, { tracker });
  await call("Read", { file_path: tree.path("link.txt"), offset: 1, limit: 1 });
  assertEquals(tracker.recent(), [tree.path("five.txt")]);
  const hash = createHash("sha256").update(FIVE).digest("hex");
  assertEquals(tracker.stateOf(tree.path("five.txt"), hash), "unchanged");
  assertEquals(tracker.stateOf(tree.path("five.txt"), "other"), "modified");
});

Deno.test("Read ends with the reason of its signal", async () => {
  await using tree = await TempTree.make({ "a.txt": "a\n" });
  const call = await toolsOver(tree.root);
  const reason = new Error("paused");
  const failure = await assertRejects(() =>
    call("Read", { file_path: tree.path("a.txt") }, AbortSignal.abort(reason))
  );
  assertEquals(failure, reason);
});
