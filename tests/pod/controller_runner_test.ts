import { assertEquals, assertStringIncludes } from "@std/assert";
import { ControllerRunner } from "../../lib/pod/controller_runner.ts";
import { OwnedTasks } from "../../lib/pod/owned_tasks.ts";
import { SegmentChain } from "../../lib/pod/segment_chain.ts";
import { UpwardReporter } from "../../lib/pod/upward_reporter.ts";
import { nameOf, textInput } from "./_test_pod.ts";
import { SESSION, takeAll, TestJournal } from "./_journal.ts";
import { say, ScriptedEngine } from "./_scripted_engine.ts";

Deno.test("ControllerRunner: an effect that fails is told, and the others are still performed", async () => {
  await using test = await TestJournal.open();
  const { journal } = test;
  const failure = () => {
    throw new Error("broken");
  };
  const notes: string[] = [];
  await using tasks = new OwnedTasks({ onFailure: failure });
  await using reporter = new UpwardReporter({ onFailure: failure });
  const chain = new SegmentChain({
    journal,
    sessionsRoot: test.folder,
    sessionId: SESSION,
    newId: failure,
  });
  const runner = new ControllerRunner({
    podName: "agent",
    engine: new ScriptedEngine(say("hi")),
    journal,
    chain,
    reporter,
    tasks,
    onStatus: failure,
    onClose: failure,
    note: (message) => notes.push(message),
  });
  const client = test.attach();
  runner.take({ method: "run", params: { input: textInput("hello") } });
  await runner.settled();
  assertEquals(runner.status, "idle");
  runner.take({ method: "shutdown" });
  assertEquals(runner.isClosing, true);
  const names = takeAll(client).map(nameOf);
  assertEquals(names.filter((name) => name === "alert").length, 3);
  assertEquals(names.includes("run_end{finished}"), true);
  assertEquals(names.slice(-2), ["shutdown", "alert"]);
  assertEquals(notes.length, 3);
  assertStringIncludes(notes[2]!, "Cannot close: broken");
});
