import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { PodController, PodError } from "../../lib/pod/mod.ts";
import { answer, callTools, hang, respond, say, ScriptedEngine } from "./_scripted_engine.ts";
import { TestPod, textInput } from "./_test_pod.ts";

Deno.test("PodController starts_idle: status, runtime files, and nothing left behind", async () => {
  const pod = await TestPod.start(new ScriptedEngine());
  const { runtimeDir, socketPath } = pod.handle;
  assertEquals(pod.handle.status, "idle");
  const status = JSON.parse(Deno.readTextFileSync(`${runtimeDir}/status.json`));
  assertEquals(status, { pod_name: "agent", segment_id: "", state: "idle" });
  assertEquals(Deno.readTextFileSync(`${runtimeDir}/pid`), String(Deno.pid));
  assertEquals(Deno.readTextFileSync(`${runtimeDir}/spawned_pods.json`), "[]");
  assertEquals(Deno.statSync(socketPath).mode! & 0o777, 0o600);
  assertEquals(Deno.statSync(runtimeDir).mode! & 0o777, 0o700);
  await pod.stop();
  await assertRejects(() => Deno.stat(runtimeDir), Deno.errors.NotFound);
  await pod[Symbol.asyncDispose]();
});

Deno.test("PodController run_events, run_ends_idle, run_history", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("hi there")));
  await pod.runToEnd("hello");
  assertEquals(pod.events.names(), [
    "status{running}",
    "segment_rotated",
    "invoke_start{user_send}",
    "user_message",
    "turn_start",
    "llm_call_start",
    "text_delta",
    "text_done",
    "usage",
    "llm_call_end",
    "turn_end",
    "run_end{finished}",
    "status{idle}",
  ]);
  assertEquals(await pod.kinds(), [
    "segment_start",
    "invoke",
    "user_input",
    "assistant_item",
    "turn_end",
    "llm_usage",
    "run_completed",
  ]);
});
