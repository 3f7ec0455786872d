import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Paths } from "../../lib/config/paths.ts";
import { HostError } from "../../lib/host/host_error.ts";
import { startPod } from "../../lib/host/start_pod.ts";
import { PodError, type PodHandle } from "../../lib/pod/mod.ts";
import type { Event } from "../../lib/protocol/mod.ts";

interface Home {
  paths: Paths;
  cwd: string;
  script(...lines: unknown[]): Promise<string>;
  metadata(name: string): Promise<Record<string, unknown>>;
}

async function inHome(work: (home: Home) => Promise<void>): Promise<void> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "yoi-" }));
  const cwd = `${root}/work`;
  await Deno.mkdir(cwd);
  await Deno.writeTextFile(`${cwd}/README.md`, "# Sample\n");
  let scripts = 0;
  try {
    await work({
      paths: { config: `${root}/config`, data: `${root}/data`, runtime: `${root}/run` },
      cwd,
      async script(...lines) {
        const path = `${root}/script-${scripts++}.jsonl`;
        await Deno.writeTextFile(path, lines.map((line) => JSON.stringify(line)).join("\n"));
        return `script:${path}`;
      },
      async metadata(name) {
        return JSON.parse(await Deno.readTextFile(`${root}/data/pods/${name}/metadata.json`));
      },
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Runs one message and gives the events up to the end of its turn. */
async function ask(pod: PodHandle, text: string): Promise<Event[]> {
  const events: Event[] = [];
  const stream = pod.subscribe();
  await pod.send({ method: "run", params: { input: [{ kind: "text", content: text }] } });
  for await (const event of stream) {
    events.push(event);
    if (event.event === "status" && event.data.status !== "running") break;
  }
  return events;
}

const ANSWER = [
  { call: {} },
  { type: "text-start", id: "t" },
  { type: "text-delta", id: "t", delta: "hello" },
  { type: "text-end", id: "t" },
  {
    type: "finish",
    finishReason: { unified: "stop" },
    usage: { inputTokens: { total: 3 }, outputTokens: { total: 1 } },
  },
];

Deno.test("startPod() first_run_metadata: pending at the start, active with the first run", async () => {
  await inHome(async ({ paths, cwd, script, metadata }) => {
    const model = await script(...ANSWER);
    await using pod = await startPod({ name: "agent", cwd, model }, { paths });
    const before = await metadata("agent");
    const active = before.active as Record<string, string>;
    assertEquals(Object.keys(active), ["session_id"]);
    assertEquals(before.resolved_manifest_snapshot, {
      pod: { name: "agent", cwd },
      model: { ref: model.replace(":", "/") },
      scope: { allow: [{ target: cwd, permission: "write", recursive: true }], deny: [] },
    });
    const events = await ask(pod, "hi");
    const rotated = events.find((event) => event.event === "segment_rotated");
    assert(rotated !== undefined);
    const after = (await metadata("agent")).active as Record<string, string>;
    assertEquals(after.session_id, active.session_id);
    const log = `${paths.data}/sessions/${after.session_id}/${after.segment_id}.jsonl`;
    assert((await Deno.stat(log)).isFile);
  });
});

Deno.test("startPod() goes on where a stopped Pod was, with its settings", async () => {
  await inHome(async ({ paths, cwd, script, metadata }) => {
    const model = await script(...ANSWER);
    {
      await using pod = await startPod({ name: "agent", cwd, model }, { paths });
      await ask(pod, "hi");
    }
    const stopped = await metadata("agent");
    await using pod = await startPod({ name: "agent" }, { paths, defaultCwd: "/" });
    assertEquals(await metadata("agent"), stopped);
    const events = pod.subscribe();
    for await (const event of events) {
      if (event.event !== "snapshot") continue;
      const kinds = event.data.entries.map((entry) => (entry as { kind: string }).kind);
      assert(kinds.includes("user_input") && kinds.includes("assistant_item"));
      assertEquals(event.data.greeting.cwd, cwd);
      assertEquals(event.data.status, "idle");
      break;
    }
  });
});

Deno.test("startPod() default_tools: Glob, Grep and Read until the worker has more", async () => {
  await inHome(async ({ paths, cwd }) => {
    await using pod = await startPod({ name: "agent", cwd }, { paths });
    for await (const event of pod.subscribe()) {
      if (event.event !== "snapshot") continue;
      assertEquals(event.data.greeting.tools, ["Glob", "Grep", "Read"]);
      assertEquals(event.data.greeting.model, "offline");
      assertStringIncludes(event.data.greeting.scope_summary, cwd);
      break;
    }
  });
});

Deno.test("startPod() builtin:offline works on the files of its workspace with real tools", async () => {
  await inHome(async ({ paths, cwd }) => {
    await Deno.writeTextFile(`${cwd}/lamp.ts`, "export function switchOn(): void {}\n");
    await using pod = await startPod({ name: "agent", cwd }, { paths });
    const events = await ask(pod, "Where is switchOn defined?");
    const calls = events.flatMap((event) =>
      event.event === "tool_call_start" ? [event.data.name] : []
    );
    assert(calls.length > 0 && calls.every((name) => ["Glob", "Grep", "Read"].includes(name)));
    const text = events.flatMap((event) => event.event === "text_delta" ? [event.data.text] : []);
    assertStringIncludes(text.join(""), "lamp.ts:1");
  });
});

Deno.test("startPod() --new-session keeps the old one on disk", async () => {
  await inHome(async ({ paths, cwd, script, metadata }) => {
    {
      const model = await script(...ANSWER);
      await using pod = await startPod({ name: "agent", cwd, model }, { paths });
      await ask(pod, "hi");
    }
    const old = (await metadata("agent")).active as Record<string, string>;
    await using _pod = await startPod({ name: "agent" }, { paths, newSession: true });
    const fresh = (await metadata("agent")).active as Record<string, string>;
    assert(fresh.session_id !== old.session_id && fresh.segment_id === undefined);
    const log = `${paths.data}/sessions/${old.session_id}/${old.segment_id}.jsonl`;
    assert((await Deno.stat(log)).isFile);
  });
});

Deno.test("startPod() refuses what cannot work, and leaves nothing behind", async () => {
  await inHome(async ({ paths, cwd }) => {
    const refused = async (request: Parameters<typeof startPod>[0], code: string) => {
      const error = await assertRejects(() => startPod(request, { paths }), HostError);
      assertEquals(error.code, code);
    };
    await refused({ name: "agent", cwd: `${cwd}/none` }, "bad_workspace");
    await refused({ name: "agent", cwd: `${cwd}/README.md` }, "bad_workspace");
    await refused({
      name: "agent",
      cwd,
      scope: [{ target: "/usr", permission: "read", recursive: true }],
    }, "bad_workspace");
    const missing = await assertRejects(
      () => startPod({ name: "agent", cwd }, { paths, requireState: true }),
      HostError,
      "pod state missing",
    );
    assertEquals(missing.code, "no_state");
    await assertRejects(() => startPod({ name: "agent", cwd, model: "none" }, { paths }));
    await assertRejects(() => Deno.stat(`${paths.runtime}/agent`), Deno.errors.NotFound);
  });
});

Deno.test("startPod() a second start of a live name changes nothing of the first (P12)", async () => {
  await inHome(async ({ paths, cwd, metadata }) => {
    await using first = await startPod({ name: "agent", cwd }, { paths });
    const before = await metadata("agent");
    const error = await assertRejects(
      () => startPod({ name: "agent", cwd: "/" }, { paths, newSession: true }),
      PodError,
    );
    assertEquals(error.code, "already_running");
    assertStringIncludes(error.message, `pid ${Deno.pid}`);
    assertEquals(await metadata("agent"), before);
    assertEquals(first.status, "idle");
    assert((await Deno.stat(first.socketPath)).isSocket);
  });
});
