import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Home, script } from "./_program.ts";

Deno.test("yoi run: the text comes from stdin", async () => {
  await using home = await Home.create();
  const { code } = await home.run(["run", "demo", "-"], { stdin: "from a pipe,\ntwo lines\n" });
  assertEquals(code, 0);
  const input = (await home.entries()).find(({ kind }) => kind === "user_input");
  assertEquals(input?.segments, [{ kind: "text", content: "from a pipe,\ntwo lines" }]);
});

Deno.test("yoi run: the answer to a text of many megabytes is shown", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "an answer" }));
  const text = "a line of many\n".repeat(600_000);
  const { code, stdout, stderr } = await home.run(["run", "demo", "-", "--model", "script:model"], {
    stdin: text,
  });
  assertEquals([code, stdout, stderr], [0, "an answer\n", ""]);
});

Deno.test("yoi run: a name may begin with a dash", async () => {
  await using home = await Home.create();
  const { code } = await home.run(["run", "--", "-demo", "hello"]);
  assertEquals(code, 0);
});

Deno.test("yoi run, pause: a name too long for a socket is exit code 78", async () => {
  await using home = await Home.create();
  for (const args of [["run", "x".repeat(110), "hello"], ["pause", "x".repeat(110)]]) {
    const name = await home.run(args);
    assertEquals(name.code, 78);
    assertMatch(name.stderr, /^yoi: Cannot .*socket/);
  }
});

Deno.test("yoi run: the answer streams to stdout as it comes", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "first second ", then: "hang" }));
  const run = home.start(["run", "demo", "hello", "--model", "script:model"]);
  // The model never ends this answer.
  await run.says("first second ");
});

Deno.test("yoi run --json: the wire's events from its invoke_start to its end", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "an answer" }, { text: "another" }));
  await home.run(["run", "demo", "hello", "--model", "script:model"]);
  const { code, stdout, stderr } = await home.run(["run", "demo", "again", "--json"]);
  const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals([code, stderr], [0, ""]);
  assertEquals(events[0].event, "invoke_start");
  assertEquals(events[1].data, { segments: [{ kind: "text", content: "again" }] });
  assertEquals(events.at(-1).event, "run_end");
  assertEquals(events.at(-1).id, events[0].id);
});

Deno.test("yoi run: a model that fails is an error with exit code 1", async () => {
  await using home = await Home.create();
  await home.write("model", script({ then: "fail" }, { text: "half an ", then: "fail" }));
  const failed = await home.run(["run", "demo", "hello", "--model", "script:model"]);
  assertEquals([failed.code, failed.stdout], [1, ""]);
  assertMatch(failed.stderr, /^yoi: The run failed: .*no such model/m);
  const json = await home.run(["run", "demo", "hello", "--json"]);
  assertEquals(json.code, 1);
  const last = json.stdout.trimEnd().split("\n").map((line) => JSON.parse(line)).at(-1);
  assertEquals([last.event, last.data.code], ["error", "provider_error"]);
});

Deno.test("yoi run: a busy Pod refuses it with exit code 1", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "thinking ", then: "hang" }));
  const first = home.start(["run", "demo", "hello", "--model", "script:model"]);
  await first.says("thinking");
  const second = await home.run(["run", "demo", "hello"]);
  assertEquals(second.code, 1);
  assertMatch(second.stderr, /^yoi: Cannot run: the Pod is busy/);
});

Deno.test("yoi run: Ctrl-C cancels the turn once and ends with 130", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "thinking ", then: "hang" }));
  const run = home.start(["run", "demo", "hello", "--model", "script:model"]);
  await run.says("thinking");
  run.kill("SIGINT");
  const { code, stdout, stderr } = await run.finished;
  assertEquals([code, stdout], [130, "thinking \n"]);
  assertStringIncludes(stderr, "yoi: cancelling");
  const listed = JSON.parse((await home.run(["list", "--json"])).stdout);
  assertEquals(listed.pods[0].state, "idle");
  const end = (await home.entries()).at(-1);
  assertEquals([end?.kind, end?.message], ["run_errored", "Cancelled"]);
});

Deno.test("yoi run: SIGTERM ends the client with 143 and leaves the turn alone", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "thinking ", then: "hang" }));
  const run = home.start(["run", "demo", "hello", "--model", "script:model"]);
  await run.says("thinking");
  run.kill("SIGTERM");
  assertEquals((await run.finished).code, 143);
  const listed = JSON.parse((await home.run(["list", "--json"])).stdout);
  assertEquals(listed.pods[0].state, "running");
});

Deno.test("yoi run: Ctrl-C while the Pod is starting leaves no Pod", async () => {
  await using home = await Home.create();
  // A Pod that never gets ready: its model script is a pipe that nobody writes to.
  const pipe = `${home.workspace}/model`;
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  const run = home.start(["run", "demo", "hello", "--model", "script:model"]);
  const isStarting = async () =>
    (await home.list("run/demo")).some((name) => /^stderr\./.test(name));
  while (!await isStarting()) await new Promise((resolve) => setTimeout(resolve, 5));
  run.kill("SIGINT");
  assertEquals((await run.finished).code, 130);
  assertEquals(await home.processes(), []);
});

Deno.test("yoi run --timeout: cancels a turn that takes too long", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "thinking ", then: "hang" }));
  const run = await home.run(["run", "demo", "x", "--model", "script:model", "--timeout", "0.1"]);
  assertEquals(run.code, 1);
  assertStringIncludes(run.stderr, "yoi: The run took longer than 0.1 s and was cancelled");
});

Deno.test("yoi run: a Pod that dies in the middle is a clear error", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "thinking ", then: "hang" }));
  const run = home.start(["run", "demo", "hello", "--model", "script:model"]);
  await run.says("thinking");
  Deno.kill((await home.pod("demo")).pid, "SIGKILL");
  const { code, stderr } = await run.finished;
  assertEquals(code, 1);
  assertMatch(stderr, /yoi: Cannot finish the run: Pod "demo" ended before the turn had\n$/);
});

Deno.test("yoi run: a Pod that is shut down in the middle is a clear error", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "thinking ", then: "hang" }));
  const run = home.start(["run", "demo", "hello", "--model", "script:model"]);
  await run.says("thinking");
  assertEquals((await home.run(["stop", "demo"])).code, 0);
  const { code, stderr } = await run.finished;
  assertEquals(code, 1);
  assertMatch(stderr, /yoi: The run failed: Cancelled\n$/);
});

Deno.test("yoi run: output that nobody reads ends it quietly with 141", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "word ".repeat(200), waitMs: 5 }));
  const run = home.start(["run", "demo", "hello", "--model", "script:model"]);
  await run.says("word");
  await run.closeStdout();
  const { code, stderr } = await run.finished;
  assertEquals([code, stderr], [141, ""]);
});

Deno.test("yoi run --no-start: a Pod that is not running stays so", async () => {
  await using home = await Home.create();
  const { code, stderr } = await home.run(["run", "demo", "hello", "--no-start"]);
  assertEquals(code, 1);
  assertMatch(stderr, /^yoi: Pod "demo" is not running/);
});

Deno.test("yoi run: a Pod that cannot start says why, in its own words", async () => {
  await using home = await Home.create();
  const { code, stderr } = await home.run(["run", "demo", "hello", "--model", "nonsense"]);
  assertEquals(code, 78);
  assertMatch(stderr, /^yoi: Cannot open model "nonsense": /);
  assertEquals(JSON.parse((await home.run(["list", "--json"])).stdout).pods, []);
});
