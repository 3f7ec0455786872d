import { assert, assertEquals } from "@std/assert";
import { INTERRUPT_NOTE, INTERRUPTED_RESULT } from "../../lib/pod/mod.ts";
import { replaySegment, textMessage } from "../../lib/session/mod.ts";
import { say, ScriptedEngine } from "./_scripted_engine.ts";
import { RawClient } from "./_raw_client.ts";
import { TestPod, textInput } from "./_test_pod.ts";

const PROGRAM = new URL("../programs/pod_in_a_turn.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

Deno.test("PodController survives kill -9 in a turn: all that was told is there, nothing runs again", async () => {
  const root = await Deno.makeTempDir({ prefix: "yoi-" });
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--config", CONFIG, PROGRAM, root],
    stdout: "piped",
    stderr: "inherit",
    stdin: "null",
  }).spawn();
  const socketPath = await firstLine(child.stdout);
  await using client = await RawClient.connect(socketPath);
  await client.until("snapshot");
  await client.send({ method: "run", params: { input: textInput("count") } });
  const told: string[] = [];
  while (told.length < 20) {
    const event = (await client.until("tool_result")).at(-1);
    assert(event?.event === "tool_result");
    told.push(event.data.id);
  }
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL");
  told.push(
    ...(await client.rest()).flatMap((event) =>
      event.event === "tool_result" ? [event.data.id] : []
    ),
  );
  client.close();

  const engine = new ScriptedEngine(say("done"));
  await using pod = await TestPod.start(engine, { root, restore: pointerIn(root) });
  assertEquals([pod.handle.status, engine.kinds], ["idle", []]);
  const before = await replaySegment(pod.logs()[0]!);
  assert(before.endedAbruptly);
  const kept = before.history.flatMap((item) => item.kind === "tool_result" ? [item.call_id] : []);
  assertEquals(kept.slice(0, told.length), told);
  const alerts = pod.events.all.filter((event) => event.event === "alert");
  assertEquals(alerts.filter((event) => event.data.message.includes("did not end")).length, 1);
  await using late = await RawClient.connect(pod.handle.socketPath);
  const [, snapshot] = await late.until("snapshot");
  assert(snapshot?.event === "snapshot");
  assertEquals(snapshot.data.entries.length, before.entryCount);
  late.close();

  await pod.runToEnd("go on");
  const orphans = before.pendingToolCalls;
  assertEquals(engine.histories[0]!.slice(before.history.length), [
    ...orphans.map((call_id) => ({ kind: "tool_result", call_id, summary: INTERRUPTED_RESULT })),
    textMessage("system", INTERRUPT_NOTE),
    textMessage("user", "go on"),
  ]);
  assertEquals(engine.kinds, ["run"]);
  await pod.stop();
  await Deno.remove(root, { recursive: true });
});

Deno.test("PodController P12: a second process of one name refuses, and a killed one is taken over", async () => {
  const root = await Deno.makeTempDir({ prefix: "yoi-" });
  const start = () =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--config", CONFIG, PROGRAM, root],
      stdout: "piped",
      stderr: "piped",
      stdin: "null",
    });
  const first = start().spawn();
  const socketPath = await firstLine(first.stdout);
  const second = await start().output();
  assertEquals(second.success, false);
  const message = new TextDecoder().decode(second.stderr);
  assert(message.includes(`it is already running (pid ${first.pid} `), message);
  {
    await using client = await RawClient.connect(socketPath);
    await client.until("snapshot");
  }
  first.kill("SIGKILL");
  await first.status;
  await first.stderr.cancel();
  assert(await Deno.stat(socketPath));
  await using pod = await TestPod.start(new ScriptedEngine(), { root });
  const { client } = await pod.connect();
  await client.close();
  await pod.stop();
  await Deno.remove(root, { recursive: true });
});

/** The first line of a stream; the rest is not wanted. */
async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.includes("\n")) break;
  }
  return text.trim();
}

/** The one segment that lies in a root folder. */
function pointerIn(root: string): { sessionId: string; segmentId: string } {
  const [session] = [...Deno.readDirSync(`${root}/sessions`)];
  const [segment] = [...Deno.readDirSync(`${root}/sessions/${session!.name}`)];
  return { sessionId: session!.name, segmentId: segment!.name.replace(".jsonl", "") };
}
