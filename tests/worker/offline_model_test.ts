import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Tool } from "../../lib/engine/tool.ts";
import { Scope } from "../../lib/scope/scope.ts";
import { messageText, textMessage } from "../../lib/session/item.ts";
import { createFileTools } from "../../lib/tools/default_tools.ts";
import { offlineModel } from "../../lib/worker/offline_model.ts";
import { createWorkerEngine } from "../../lib/worker/worker_engine.ts";
import { RecordingSink } from "./_recording_sink.ts";
import { turn } from "./_turns.ts";
import { workspaceTools } from "./_workspace_tools.ts";

const WORKSPACE = new Map([
  [
    "README.md",
    "# Post office\n\nMoves letters between tasks.\n\n## Install\n\n```sh\n# not a heading\n```\n",
  ],
  ["deno.json", '{ "name": "@post/office" }\n'],
  [
    "lib/mailbox.ts",
    [
      'import { Letter } from "./letter.ts";',
      "",
      "/** Holds letters until somebody comes. */",
      "export class Mailbox {",
      "  #letters: Letter[] = [];",
      "}",
      "",
      "export function emptyMailbox(): Mailbox {",
      "  return new Mailbox();",
      "}",
      "",
    ].join("\n"),
  ],
  ["lib/letter.ts", "export interface Letter {\n  text: string;\n}\n"],
  ["lib/_stamp.ts", "// 切手の設定\nexport const stampPrice = 84;\n"],
  ["lib/mod.ts", 'export { Mailbox } from "./mailbox.ts";\n'],
  ["tests/mailbox_test.ts", 'Deno.test("Mailbox keeps letters", () => new Mailbox());\n'],
]);

/** Asks one question and gives the last answer, with the sink that saw everything. */
async function ask(question: string, options: { tools?: Tool[]; cwd?: string } = {}) {
  const { tools = workspaceTools(WORKSPACE), cwd = "/ws" } = options;
  await using engine = createWorkerEngine({ model: offlineModel({ cwd }), tools });
  const sink = new RecordingSink([textMessage("user", question)]);
  assertEquals(await engine.runTurn(turn(), sink), { kind: "finished" });
  const calls = sink.history.filter((item) => item.kind === "tool_call");
  return { answer: lastAnswer(sink), sink, calls };
}

function lastAnswer(sink: RecordingSink): string {
  const last = sink.history.at(-1);
  return last?.kind === "message" && last.role === "assistant" ? messageText(last) : "";
}

Deno.test("offlineModel() answers where something is defined, with place and excerpt", async () => {
  const { answer, calls } = await ask("Where is `Mailbox` defined?");
  assertEquals(new Set(calls.map((call) => call.name)), new Set(["Glob", "Grep", "Read"]));
  assertStringIncludes(answer, "Defined here:\n- `lib/mailbox.ts:4` `export class Mailbox {`");
  assertStringIncludes(
    answer,
    "`lib/mailbox.ts:3-6`\n\n```ts\n/** Holds letters until somebody comes. */\nexport class Mailbox {",
  );
  assertStringIncludes(answer, "no language model");
});

Deno.test("offlineModel() finds a class among many lines that only mention it", async () => {
  const noise = Array.from(
    { length: 40 },
    (_, index): [string, string] => [`a/use${index}.ts`, "const box = new Mailbox();\n".repeat(9)],
  );
  const tools = workspaceTools(new Map([...WORKSPACE, ...noise]));
  const { answer } = await ask("what is a Mailbox", { tools });
  assertStringIncludes(answer, "Defined here:\n- `lib/mailbox.ts:4`");
});

Deno.test("offlineModel() takes no line of prose for a definition", async () => {
  const prose: [string, string] = ["docs/notes.md", "export class Mailbox {\n"];
  const tools = workspaceTools(new Map([...WORKSPACE, prose]));
  const { answer } = await ask("Where is `Mailbox` defined?", { tools });
  const defined = answer.slice(answer.indexOf("Defined here:"), answer.indexOf("```"));
  assertStringIncludes(defined, "lib/mailbox.ts:4");
  assert(!defined.includes("docs/notes.md"));
});

Deno.test("offlineModel() introduces a project by its README, manifest and files", async () => {
  const { answer } = await ask("What is this project?");
  assertStringIncludes(answer, "**Post office** (`README.md:1`)\n\n> Moves letters between tasks.");
  assertStringIncludes(answer, "- Install (`README.md:5`)");
  assert(!answer.includes("not a heading"));
  assertStringIncludes(answer, "`deno.json:1-1`");
  assertStringIncludes(answer, "- `lib/` 4 files");
});

Deno.test("offlineModel() lists the tests of something", async () => {
  for (const question of ["Which tests cover the mailbox?", "mailboxのテストはどこ？"]) {
    const { answer } = await ask(question);
    assertStringIncludes(answer, "Test files by name:\n- `tests/mailbox_test.ts`");
    assertStringIncludes(answer, '- `tests/mailbox_test.ts:1` `Deno.test("Mailbox keeps letters"');
  }
});

Deno.test("offlineModel() lists the exports of a folder, private files last", async () => {
  const { answer } = await ask("List the exports of lib");
  const { answer: byPath } = await ask("list the exports of ./lib/");
  assertStringIncludes(byPath, "- `lib/letter.ts:1` `export interface Letter {`");
  assert(byPath.indexOf("lib/mailbox.ts:4") < byPath.indexOf("lib/_stamp.ts:2"));
  assertStringIncludes(
    byPath,
    '`lib/mod.ts:1-1`\n\n```ts\nexport { Mailbox } from "./mailbox.ts";',
  );
  assert(answer.length > 0);
});

Deno.test("offlineModel() shows a file and lists files by pattern", async () => {
  assertStringIncludes((await ask("show lib/letter.ts")).answer, "`lib/letter.ts:1-3`");
  assertStringIncludes((await ask("read @lib/letter.ts please")).answer, "`lib/letter.ts:1-3`");
  const { answer } = await ask("list *.md files");
  assertStringIncludes(answer, "1 file match `*.md`:\n- `README.md`");
});

Deno.test("offlineModel() understands Japanese words between particles", async () => {
  const { answer } = await ask("切手の設定はどこにありますか？");
  assertStringIncludes(answer, "`lib/_stamp.ts:1` `// 切手の設定`");
});

Deno.test("offlineModel() says what it did not find and asks for a narrower question", async () => {
  const { answer, calls } = await ask("Where is frobnicateWidget?");
  assertStringIncludes(answer, "`frobnicateWidget` and found nothing");
  assertStringIncludes(answer, "narrower question");
  assert(calls.length > 0);
  const partly = await ask("where are Letter and zeppelin used");
  assertStringIncludes(partly.answer, "Not found in any file: `zeppelin`.");
});

Deno.test("offlineModel() says that a widened search gives near misses", async () => {
  const { answer } = await ask("where is stampWeight");
  assertStringIncludes(answer, "I found nothing for `stampWeight`. These come nearest:");
  assertStringIncludes(answer, "lib/_stamp.ts:2");
});

Deno.test("offlineModel() answers small talk and empty questions without tools", async () => {
  for (const question of ["Hello!", "who are you?", "こんにちは", "thanks", "!!!"]) {
    const { answer, calls } = await ask(question);
    assert(answer.length > 0, question);
    assertEquals(calls, [], question);
  }
});

Deno.test("offlineModel() works on an empty workspace, with failing tools and without tools", async () => {
  const empty = await ask("what is this project?", { tools: workspaceTools(new Map()) });
  assertStringIncludes(empty.answer, "nothing");
  const broken = workspaceTools(WORKSPACE).map((tool) => ({
    ...tool,
    execute: () => Promise.reject(new Error("disk on fire")),
  }));
  assertStringIncludes((await ask("where is Mailbox", { tools: broken })).answer, "disk on fire");
  assertStringIncludes((await ask("where is Mailbox", { tools: [] })).answer, "have none");
});

Deno.test("offlineModel() makes few calls, however large the workspace", async () => {
  const large = new Map(
    Array.from({ length: 5000 }, (_, index): [string, string] => [
      `lib/deep/folder${index % 50}/file${index}.ts`,
      `export const mailbox${index} = "mailbox controller letter";\n`,
    ]),
  );
  const { calls, sink } = await ask("how do mailbox controller and letter work together", {
    tools: workspaceTools(large),
  });
  assert(calls.length <= 12, `${calls.length} calls`);
  assert(sink.turnCount <= 4, `${sink.turnCount} responses`);
});

Deno.test("offlineModel() gives the same for the same prompt, with ids that never come again", async () => {
  const first = await ask("Where is Mailbox defined?");
  const second = await ask("Where is Mailbox defined?");
  assertEquals(first.answer, second.answer);

  await using engine = createWorkerEngine({
    model: offlineModel({ cwd: "/ws" }),
    tools: workspaceTools(WORKSPACE),
  });
  first.sink.history.push(textMessage("user", "and where is `Letter`?"));
  await engine.runTurn(turn(), first.sink);
  assertStringIncludes(lastAnswer(first.sink), "`lib/letter.ts:1`");
  const ids = first.sink.history.flatMap((item) => item.kind === "tool_call" ? [item.call_id] : []);
  assertEquals(new Set(ids).size, ids.length);
});

Deno.test("offlineModel() acknowledges a note without a question, and works on none that is closed", async () => {
  await using engine = createWorkerEngine({
    model: offlineModel({ cwd: "/ws" }),
    tools: workspaceTools(WORKSPACE),
  });
  const { sink } = await ask("Hello!");
  sink.notes = [{
    kind: "notification",
    message: "done",
    body: "[Notification] the build is done",
  }];
  await engine.runTurn(turn("notification"), sink);
  assertStringIncludes(lastAnswer(sink), "Noted:\n- [Notification] the build is done");

  const interrupted = new RecordingSink([
    textMessage("user", "where is Mailbox"),
    { kind: "tool_call", call_id: "offline-1", name: "Glob", arguments: "{}" },
    { kind: "tool_result", call_id: "offline-1", summary: "[Interrupted by user]" },
  ]);
  interrupted.notes = [{ kind: "notification", message: "hi", body: "[Notification] hi" }];
  await engine.runTurn(turn("notification"), interrupted);
  assertStringIncludes(lastAnswer(interrupted), "[Notification] hi");
});

Deno.test("offlineModel() streams its answer in deltas and reports estimated usage", async () => {
  const { sink, answer } = await ask("Where is `Mailbox` defined?");
  const deltas = sink.events.filter((event) => event.event === "text_delta");
  assert(deltas.length > 5);
  assert(deltas.map((event) => event.data.text).join("").endsWith(answer));
  assertEquals(sink.usages.length, sink.turnCount);
  assert(
    sink.usages.every((usage) => (usage.inputTokens ?? 0) > 0 && (usage.outputTokens ?? 0) > 0),
  );
});

Deno.test("offlineModel() shows paths outside its directory in full", async () => {
  const { answer } = await ask("where is Mailbox", { cwd: "/elsewhere" });
  assertMatch(answer, /`\/ws\/lib\/mailbox\.ts:4`/);
});

Deno.test("offlineModel() works with the real tools", async () => {
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  try {
    await Deno.mkdir(`${cwd}/lib`);
    await Deno.mkdir(`${cwd}/tests`);
    for (const [path, text] of WORKSPACE) await Deno.writeTextFile(`${cwd}/${path}`, text);
    const scope = await Scope.open({ allow: [{ target: cwd, permission: "read" }] });
    const tools = createFileTools({ scope, cwd, ripgrep: false });
    const expected: [string, string][] = [
      [
        "Where is `Mailbox` defined?",
        "Defined here:\n- `lib/mailbox.ts:4` `export class Mailbox {`",
      ],
      ["What is this project?", "**Post office** (`README.md:1`)"],
      ["which tests cover the mailbox", "- `tests/mailbox_test.ts:1` `Deno.test("],
      ["list the exports of ./lib/", "- `lib/letter.ts:1` `export interface Letter {`"],
      ["show lib/letter.ts", "`lib/letter.ts:1-3`"],
    ];
    for (const [question, part] of expected) {
      const { answer, sink } = await ask(question, { tools, cwd });
      assertStringIncludes(answer, part);
      assert(!sink.history.some((item) => item.kind === "tool_result" && item.is_error), question);
    }
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
