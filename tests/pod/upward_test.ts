import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sendOnce } from "../../lib/client/mod.ts";
import type { SendReport } from "../../lib/pod/mod.ts";
import { UpwardReporter } from "../../lib/pod/upward_reporter.ts";
import type { Method, PodEvent } from "../../lib/protocol/mod.ts";
import {
  answer,
  callTools,
  hang,
  respond,
  say,
  ScriptedEngine,
  type TurnScript,
} from "./_scripted_engine.ts";
import { TestPod } from "./_test_pod.ts";

const CANCEL: Method = { method: "cancel" };
const talk = hang((_turn, sink) => sink.emit({ event: "text_delta", data: { text: "He" } }));
const fail: TurnScript = () => ({ kind: "failed", code: "provider_error", message: "no key" });

/** A parent that takes down what it is told. */
function parent(): { told: PodEvent[]; report: SendReport } {
  const told: PodEvent[] = [];
  return { told, report: (event) => Promise.resolve(void told.push(event)) };
}

/** What the parent was told besides the last `shut_down`, which always comes. */
function reportsOf(told: PodEvent[]): PodEvent[] {
  assertEquals(told.at(-1), { kind: "shut_down", pod_name: "agent" });
  return told.slice(0, -1);
}

Deno.test("PodController finished_reports: a run and a resume tell the parent", async () => {
  const { told, report } = parent();
  const engine = new ScriptedEngine(say("one"), talk, say("resumed"));
  await using pod = await TestPod.start(engine, { report });
  await pod.runToEnd();
  await pod.runUntil("text_delta");
  await pod.send({ method: "pause" });
  await pod.events.settled();
  await pod.send({ method: "resume" });
  await pod.events.settled();
  await pod.stop();
  const turnEnded = { kind: "turn_ended", pod_name: "agent" } as const;
  assertEquals(reportsOf(told), [turnEnded, turnEnded]);
});

Deno.test("PodController finished_silent, error_silent: notification turns tell nothing", async () => {
  const { told, report } = parent();
  await using pod = await TestPod.start(new ScriptedEngine(say("noted"), fail), { report });
  for (let count = 0; count < 2; count++) {
    await pod.send({ method: "notify", params: { message: "built" } });
    await pod.events.settled();
  }
  await pod.stop();
  assertEquals(reportsOf(told), []);
});

Deno.test("PodController error_reports: the parent hears the message of the error event", async () => {
  const { told, report } = parent();
  await using pod = await TestPod.start(new ScriptedEngine(fail), { report });
  await pod.runToEnd();
  await pod.stop();
  assertEquals(reportsOf(told), [{ kind: "errored", pod_name: "agent", message: "no key" }]);
});

Deno.test("PodController pause_silent: a pause tells nothing", async () => {
  const { told, report } = parent();
  await using pod = await TestPod.start(new ScriptedEngine(talk), { report });
  await pod.runUntil("text_delta");
  await pod.send({ method: "pause" });
  await pod.events.settled();
  await pod.stop();
  assertEquals(reportsOf(told), []);
});

Deno.test("PodController no_parent: no report, no failure", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("hi")));
  await pod.runToEnd();
  assertEquals(pod.developerLog(), "");
});

Deno.test("PodController limit_reports, W16: limit and rollback are told, a shutdown's cancel is not", async () => {
  const { told, report } = parent();
  const limited: TurnScript = (_turn, sink) => {
    callTools(sink, "c1");
    answer(sink, "c1");
    return { kind: "limit_reached" };
  };
  await using pod = await TestPod.start(new ScriptedEngine(limited, hang(), talk), { report });
  await pod.runToEnd();
  await pod.runUntil("user_message");
  await pod.send(CANCEL);
  await pod.events.settled();
  await pod.runUntil("text_delta");
  await pod.stop();
  assertEquals(reportsOf(told), [
    { kind: "turn_ended", pod_name: "agent" },
    { kind: "errored", pod_name: "agent", message: "Cancelled" },
  ]);
});

Deno.test("PodController W15: reports come in order, behind the flip, and before shut_down", async () => {
  const statuses: string[] = [];
  const told: string[] = [];
  const gate = Promise.withResolvers<void>();
  await using pod = await TestPod.start(new ScriptedEngine(say("one"), fail), {
    report: async (event) => {
      statuses.push(pod.statusFile().state);
      if (event.kind === "turn_ended") await gate.promise;
      told.push(event.kind);
    },
  });
  await pod.runToEnd();
  await pod.runToEnd();
  gate.resolve();
  await pod.stop();
  assertEquals(told, ["turn_ended", "errored", "shut_down"]);
  assertEquals(statuses, ["idle", "idle", "idle"]);
});

Deno.test("PodController does not wait for a parent that never answers, except a moment at its end", async () => {
  const never: SendReport = () => new Promise(() => {});
  const engine = new ScriptedEngine(say("one"), say("two"));
  await using pod = await TestPod.start(engine, { report: never, limits: { reportMs: 5 } });
  await pod.runToEnd();
  await pod.runToEnd();
  await pod.stop();
});

Deno.test("UpwardReporter gives up what takes too long and goes on with the next", async () => {
  const failed: string[] = [];
  const told: string[] = [];
  await using reporter = new UpwardReporter({
    send: (event) => {
      if (event.kind === "errored") return new Promise(() => {});
      return Promise.resolve(void told.push(event.kind));
    },
    onFailure: (event, error) => failed.push(`${event.kind}: ${error}`),
    limitMs: 1,
  });
  reporter.report({ kind: "errored", pod_name: "w", message: "x" });
  reporter.report({ kind: "turn_ended", pod_name: "w" });
  await reporter.flush(10_000);
  assertEquals(told, ["turn_ended"]);
  assertEquals(failed.length, 1);
  assertStringIncludes(failed[0]!, "errored: TimeoutError");
});

Deno.test("UpwardReporter contains a sender that throws at once", async () => {
  const failed: string[] = [];
  await using reporter = new UpwardReporter({
    send: () => {
      throw new Error("no socket");
    },
    onFailure: (_event, error) => failed.push(`${error}`),
  });
  reporter.report({ kind: "turn_ended", pod_name: "w" });
  await reporter.flush(10_000);
  assertEquals(failed, ["Error: no socket"]);
});

Deno.test("PodController send_after_prelude: a Method behind alerts and a 2 MB snapshot arrives", async () => {
  const engine = new ScriptedEngine(say("x".repeat(2_000_000)), say("noted"));
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  for (let number = 0; number < 100; number++) pod.handle.alert("warn", "pod", `${number}`);
  await sendOnce(pod.handle.socketPath, { method: "notify", params: { message: "built" } });
  const item = await pod.events.next("system_item");
  assertEquals((item.data.item as { message: string }).message, "built");
});

Deno.test("PodController busy_receiver, W8, P2: a sender that closes at once is still heard", async () => {
  const chatter: TurnScript = async (turn, sink) => {
    while (!turn.signal.aborted) {
      sink.emit({ event: "text_delta", data: { text: "x".repeat(20_000) } });
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return { kind: "aborted" };
  };
  const engine = new ScriptedEngine(chatter, (_turn, sink) => {
    respond(sink, "noted");
    return { kind: "finished" };
  });
  await using pod = await TestPod.start(engine);
  await pod.runUntil("text_delta");
  await sendOnce(pod.handle.socketPath, { method: "notify", params: { message: "one" } });
  for (let number = 2; number <= 10; number++) await sendAndLeave(pod, `${number}`);
  await pod.send({ method: "pause" });
  await pod.events.settled();
  await pod.send({ method: "resume" });
  await pod.events.settled();
  const messages = (await pod.entries()).flatMap((entry) =>
    entry.kind === "system_item" && entry.item.kind === "notification" ? [entry.item.message] : []
  );
  assertEquals(messages.length, 10);
  assert(messages.includes("one") && messages.includes("10"));
});

/** What the reference's senders do: read up to the snapshot, write one line, close. */
async function sendAndLeave(pod: TestPod, message: string): Promise<void> {
  const socket = await Deno.connect({ transport: "unix", path: pod.handle.socketPath });
  const buffer = new Uint8Array(1024);
  await socket.read(buffer);
  const line = JSON.stringify({ method: "notify", params: { message, auto_run: false } });
  await socket.write(new TextEncoder().encode(`${line}\n`));
  socket.close();
}
