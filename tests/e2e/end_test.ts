import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Home, script } from "./_program.ts";

Deno.test("yoi pod start: in the foreground it says where it listens, and SIGINT ends it with 0", async () => {
  await using home = await Home.create();
  const pod = home.start(["pod", "start", "demo"]);
  await pod.warns("listening on");
  pod.kill("SIGINT");
  assertEquals(await pod.finished, {
    code: 0,
    stdout: "",
    stderr: `YOI-READY\tdemo\t${home.socket("demo")}\n` +
      `pod: demo listening on "${home.socket("demo")}"\n` +
      "pod: demo shutting down (signal)\n",
  });
  assertEquals(await home.list("run"), ["locks"]);
});

Deno.test("yoi pod start: a client's shutdown ends it with 0", async () => {
  await using home = await Home.create();
  const pod = home.start(["pod", "start", "demo", "--json"]);
  await pod.says("\n");
  const { name, socket, pid } = JSON.parse(pod.stdout);
  assertEquals([name, socket, pid], ["demo", home.socket("demo"), pod.pid]);
  assertEquals(
    (await home.run(["stop", "demo", "--json"])).stdout,
    '{"name":"demo","stopped":true}\n',
  );
  const { code, stderr } = await pod.finished;
  assertEquals(code, 0);
  assert(stderr.endsWith("pod: demo shutting down (client request)\n"), stderr);
});

Deno.test("sigterm, W18: while a turn runs its end is logged, clients are told and files are removed", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "thinking ", then: "hang" }));
  const run = home.start(["run", "demo", "hello", "--model", "script:model", "--json"]);
  await run.says("thinking");
  const { pid } = await home.pod("demo");
  Deno.kill(pid, "SIGTERM");
  const { code, stdout } = await run.finished;
  assertEquals(code, 1);
  assertMatch(stdout, /"event":"error".*"Cancelled"/);
  while ((await home.processes()).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const end = (await home.entries()).at(-1);
  assertEquals([end?.kind, end?.message], ["run_errored", "Cancelled"]);
  assertEquals(await home.list("run"), ["locks"]);
});

Deno.test("yoi pod start: a second signal does not wait for the first one's shutdown", async () => {
  await using home = await Home.create();
  // A parent that takes the connection and never speaks keeps the shutdown waiting.
  const parent = `${home.path}/parent`;
  using listener = Deno.listen({ transport: "unix", path: parent });
  const accepting = listener.accept();
  const pod = home.start(["pod", "start", "demo", "--callback", parent]);
  await pod.warns("listening on");
  pod.kill("SIGTERM");
  await pod.warns("shutting down (signal)");
  using _connection = await accepting;
  pod.kill("SIGTERM");
  assertEquals((await pod.finished).code, 143);
});

Deno.test("kill -9: the next start shows what was committed, says so, and runs nothing again", async () => {
  await using home = await Home.create();
  const call = { pattern: "*" };
  const toolRound = [
    { call: {} },
    { type: "text-start", id: "1" },
    { type: "text-delta", id: "1", delta: "I look." },
    { type: "text-end", id: "1" },
    { type: "tool-call", toolCallId: "c1", toolName: "Glob", input: JSON.stringify(call) },
    {
      type: "finish",
      finishReason: { unified: "tool-calls", raw: "tool_use" },
      usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } },
    },
  ].map((line) => `${JSON.stringify(line)}\n`).join("");
  await home.write("model", toolRound + script({ text: "half an answer ", then: "hang" }));
  const run = home.start(["run", "demo", "hello", "--model", "script:model"]);
  await run.says("half an answer");
  const { pid } = await home.pod("demo");
  Deno.kill(pid, "SIGKILL");
  assertEquals((await run.finished).code, 1);
  const committed = await home.entries();

  assertEquals((await home.run(["pod", "start", "demo", "--detach"])).code, 0);
  const events = home.start(["events", "demo", "--json"]);
  await events.says('"event":"snapshot"');
  await home.run(["stop", "demo"]);
  const heard = (await events.finished).stdout.trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals(heard.map(({ event }) => event), ["alert", "snapshot", "shutdown"]);
  assertMatch(heard[0].data.message, /did not end/);
  assertEquals(heard[1].data.status, "idle");
  assertEquals(heard[1].data.entries, committed);
  const kinds = committed.map(({ kind }) => kind);
  assertEquals(kinds.filter((kind) => kind === "user_input" || kind === "tool_result"), [
    "user_input",
    "tool_result",
  ]);
  assertEquals(await home.entries(), committed);
});

Deno.test("kill -9: a later run closes the open calls first and goes on", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "thinking ", then: "hang" }));
  const run = home.start(["run", "demo", "hello", "--model", "script:model"]);
  await run.says("thinking");
  Deno.kill((await home.pod("demo")).pid, "SIGKILL");
  await run.finished;
  await home.write("model", script({ text: "all is well" }));
  const again = await home.run(["run", "demo", "and now?"]);
  assertEquals([again.code, again.stdout], [0, "all is well\n"]);
  assertStringIncludes(again.stderr, "did not end");
  const items = (await home.entries()).filter(({ kind }) => kind === "system_item");
  assertEquals(items.map(({ item }) => (item as { kind: string }).kind), ["interrupt"]);
});

Deno.test("yoi pod --pod: the form for programs, and its failures", async () => {
  await using home = await Home.create();
  const missing = await home.run(["pod", "--pod", "demo", "--require-pod-state"]);
  assertEquals(missing.code, 1);
  assertMatch(missing.stderr, /^error: .*pod state missing\n$/);
  const unknown = await home.run(["pod", "--pod", "demo", "--adoptt"]);
  assertEquals(unknown.code, 2);
  assertStringIncludes(unknown.stderr, "usage: yoi pod");

  await home.run(["run", "demo", "hello"]);
  await home.run(["stop", "demo"]);
  const [session] = await home.list("sessions");
  const [file = ""] = await home.list(`sessions/${session}`);
  const segment = file.replace(".jsonl", "");
  const args = ["pod", "--workspace", home.workspace, "--session", segment];
  const pod = home.start(args);
  await pod.warns(`YOI-READY\twork\t${home.socket("work")}\n`);
  await home.run(["run", "work", "hello again"]);
  assertEquals((await home.run(["stop", "work"])).code, 0);
  assertEquals((await pod.finished).code, 0);
  const said = (await home.entries()).filter(({ kind }) => kind === "user_input");
  assertEquals(said.length, 2);
});
