import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type CommandResult, runCommand } from "../../lib/process/run_command.ts";
import { ROOT, VERSION } from "../../tools/_project.ts";
import { buildModules, moduleEntries } from "../../tools/modules.ts";

const COPIED = `
import { type Event, type Method, PodClient } from "./client.js";
import { JsonLineReader, JsonLineWriter } from "./json_lines.js";

const toPod = new TransformStream<Uint8Array, Uint8Array>();
const said: Event[] = [
  { event: "text_delta", data: { text: "Hello" } },
  { event: "shutdown" },
];
const lines = said.map((event) => JSON.stringify(event) + "\\n").join("");
await using client = PodClient.from({
  readable: new Blob([lines]).stream(),
  writable: toPod.writable,
});
const run: Method = { method: "run", params: { input: [{ kind: "text", content: "hi" }] } };
const sent = client.send(run);
const reader = new JsonLineReader<Method>(toPod.readable);
const heard: Method | undefined = await reader.read();
await sent;
const text: string[] = [];
for await (const event of client) {
  if (event.event === "text_delta") text.push(event.data.text);
}
const { writable, readable } = new TransformStream<Uint8Array, Uint8Array>();
const writer = new JsonLineWriter(writable);
const written = writer.write({ heard: heard?.method, text });
console.log(JSON.stringify(await new JsonLineReader(readable).read()));
await written;
`;

const TOOLS = `
import { createTicketTools, TicketStore, ToolError } from "./tools.js";

const store = TicketStore.open("tickets");
const tools = createTicketTools({ store, access: "read_only" });
const show = tools.find(({ name }) => name === "TicketShow")!;
const { signal } = new AbortController();
try {
  await show.execute({ id: "00001KT07NV00" }, { callId: "1", batchId: "1", index: 0, signal });
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  console.log(error.message);
}
`;

const LINKED = `
import { decodeEvent, type Event } from "@yoi/yoi";
import { PodController, type PodOptions } from "@yoi/yoi/controller";
import { PodClient } from "@yoi/yoi/client";
import { PodList } from "@yoi/yoi/fleet";
import { createWorkerEngine } from "@yoi/yoi/worker";

const event: Event = decodeEvent({ event: "text_delta", data: { text: "Hello" } });
const options: Partial<PodOptions> = {};
console.log(event.event, [PodController, PodClient, PodList, createWorkerEngine].length, options);
`;

Deno.test("buildModules() writes files that another project can copy in", async (t) => {
  const project = await Deno.makeTempDir();
  try {
    const files = await buildModules(project);
    await Deno.writeTextFile(join(project, "deno.json"), "{}");
    const names = [...moduleEntries().keys()];

    await t.step("each export is a program and its declarations, stamped", async () => {
      assertEquals(
        files.toSorted(),
        names.flatMap((name) => [`${name}.d.ts`, `${name}.js`]).sort(),
      );
      for (const name of names) {
        const program = await Deno.readTextFile(join(project, `${name}.js`));
        assertEquals(program.split("\n", 1), [`// @ts-self-types="./${name}.d.ts"`]);
        assertStringIncludes(program, ` ${VERSION}, MIT`);
      }
    });

    await t.step("none imports a file, and only the worker's types a package", async () => {
      for (const file of files) {
        const imports = importsOf(await Deno.readTextFile(join(project, file)));
        const allowed = file === "worker.d.ts" ? /^npm:@ai-sdk\/provider@/ : /^node:/;
        assertEquals(imports.filter((specifier) => !allowed.test(specifier)), [], file);
      }
    });

    await t.step("the declarations are sound by themselves", async () => {
      await mustSucceed(project, ["check", ...names.map((name) => `${name}.d.ts`)]);
    });

    await t.step("a program that uses them is checked and runs", async () => {
      await Deno.writeTextFile(join(project, "main.ts"), COPIED);
      await mustSucceed(project, ["check", "main.ts"]);
      const { stdout } = await mustSucceed(project, ["run", "main.ts"]);
      assertEquals(stdout, '{"heard":"run","text":["Hello"]}\n');
    });

    await t.step("the tools over tickets work on a store of the same file", async () => {
      await Deno.writeTextFile(join(project, "tools.ts"), TOOLS);
      await mustSucceed(project, ["check", "tools.ts"]);
      const { stdout } = await mustSucceed(project, ["run", "--allow-read", "tools.ts"]);
      assertEquals(stdout, "TicketShow failed: ticket not found: 00001KT07NV00\n");
    });

    await t.step("a wrong use fails the check", async () => {
      await mustFailCheck(
        project,
        COPIED.replace("event.data.text)", "event.data.texts)"),
        "texts",
      );
      await mustFailCheck(project, COPIED.replace('method: "run"', 'method: "walk"'), "walk");
    });
  } finally {
    await Deno.remove(project, { recursive: true });
  }
});

Deno.test("the whole package works in another project through `links`", async () => {
  const project = await Deno.makeTempDir();
  try {
    const config = { links: [ROOT], imports: { "@yoi/yoi": `jsr:@yoi/yoi@^${VERSION}` } };
    await Deno.writeTextFile(join(project, "deno.json"), JSON.stringify(config));
    await Deno.writeTextFile(join(project, "main.ts"), LINKED);
    await mustSucceed(project, ["check", "main.ts"]);
    const { stdout } = await mustSucceed(project, ["run", "main.ts"]);
    assertEquals(stdout, "text_delta 4 {}\n");
    await mustFailCheck(project, LINKED.replace("event.event", "event.evnt"), "evnt");
  } finally {
    await Deno.remove(project, { recursive: true });
  }
});

/** The specifiers of the imports and re-exports of a module, but not those in comments. */
function importsOf(text: string): string[] {
  const found = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom\s*["']([^"']+)["']/gm);
  return [...found].map(([, specifier = ""]) => specifier);
}

async function deno(project: string, args: readonly string[]): Promise<CommandResult> {
  const command = [Deno.execPath(), ...args];
  return await runCommand({ command, cwd: project, env: { NO_COLOR: "1" } });
}

async function mustSucceed(project: string, args: readonly string[]): Promise<CommandResult> {
  const result = await deno(project, args);
  assertEquals(result.status.code, 0, result.stderr);
  return result;
}

async function mustFailCheck(project: string, program: string, fault: string): Promise<void> {
  await Deno.writeTextFile(join(project, "wrong.ts"), program);
  const { status, stderr } = await deno(project, ["check", "wrong.ts"]);
  assert(status.code !== 0, `"${fault}" went through the check`);
  assertMatch(stderr, new RegExp(`TS\\d+.*\n?.*${fault}`));
}
