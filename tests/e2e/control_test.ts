import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Home, script } from "./_program.ts";

Deno.test("yoi pause, resume, cancel: each says what came of it", async () => {
  await using home = await Home.create();
  const hanging = { text: "thinking ", then: "hang" } as const;
  await home.write("model", script(hanging, hanging));
  const run = home.start(["run", "demo", "hello", "--model", "script:model"]);
  await run.says("thinking");
  const paused = await home.run(["pause", "demo"]);
  assertEquals(paused.stdout, 'Pod "demo" is paused; "yoi resume demo" goes on\n');
  assertEquals((await home.run(["pause", "demo"])).stdout, 'Pod "demo" is paused already\n');
  const resumed = await home.run(["resume", "demo", "--json"]);
  assertEquals(JSON.parse(resumed.stdout).data, { status: "running" });
  assertEquals((await home.run(["cancel", "demo"])).stdout, "The turn is cancelled\n");
  for (const [verb, reason] of [["cancel", "no turn"], ["pause", "no turn"], ["resume", "not p"]]) {
    const { code, stdout, stderr } = await home.run([verb!, "demo"]);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, reason!);
  }
});

Deno.test("yoi rewind: lists the submissions, and takes the session back to the N-th", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "one" }, { text: "two" }));
  const model = ["--model", "script:model"];
  for (const text of ["hello", "hello again"]) await home.run(["run", "demo", text, ...model]);
  const listed = await home.run(["rewind", "demo"]);
  assertMatch(listed.stdout, /^N {2}SENT .*\n1 .*hello again\n2 .*hello\n$/);
  const json = JSON.parse((await home.run(["rewind", "demo", "--json"])).stdout);
  assertEquals(json.data.targets.length, 2);
  assertEquals((await home.run(["rewind", "demo", "3"])).code, 1);
  assertEquals((await home.run(["rewind", "demo", "first"])).code, 2);
  const taken = await home.run(["rewind", "demo", "1"]);
  assertMatch(taken.stdout, /^Taken back to before "hello again": \d+ entries gone\n$/);
  const said = (await home.entries()).filter(({ kind }) => kind === "user_input");
  assertEquals(said.length, 1);
});

Deno.test("yoi notify: an idle Pod starts a turn for it, unless it is told not to", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "noted" }));
  await home.run(["pod", "start", "demo", "--detach", "--model", "script:model"]);
  const events = home.start(["events", "demo", "--json"]);
  await events.says('"event":"snapshot"');
  const quiet = await home.run(["notify", "demo", "step 2", "of 5", "--no-run"]);
  assertEquals([quiet.code, quiet.stdout], [0, 'Pod "demo" was told\n']);
  await home.run(["notify", "demo", "-"], { stdin: "the build is green\n" });
  await events.says("noted");
  const items = (await home.entries()).filter(({ kind }) => kind === "system_item");
  assertEquals(items.map(({ item }) => (item as { message: string }).message), [
    "step 2 of 5",
    "the build is green",
  ]);
});

Deno.test("yoi compact: says why nothing was compacted", async () => {
  await using home = await Home.create();
  await home.run(["run", "demo", "hello"]);
  const { code, stderr } = await home.run(["compact", "demo"]);
  assertEquals(code, 1);
  assertMatch(stderr, /^yoi: The session is not compacted: /);
});

Deno.test("yoi send: shows what answers, and refuses what no Pod would take", async () => {
  await using home = await Home.create();
  await home.write("one.txt", "1");
  await home.run(["pod", "start", "demo", "--detach"]);
  const listing = ["send", "demo", "list_completions", '{"kind":"file","prefix":"o"}'];
  const json = JSON.parse((await home.run([...listing, "--json"])).stdout);
  assertEquals(json.data.entries, [{ value: "one.txt", is_dir: false }]);
  assertStringIncludes((await home.run(listing)).stdout, '"value": "one.txt"');
  const refused = await home.run(["send", "demo", "cancel"]);
  assertEquals(refused.code, 1);
  assertMatch(refused.stdout, /not_running: Cannot cancel/);
  const garbage: [string[], RegExp][] = [
    [["rnu"], /There is no Method "rnu"; did you mean "run"\?/],
    [["run", "{"], /its parameters are no JSON/],
    [["run", '{"input":5}'], /\$\.params\.input/],
    [["toString"], /There is no Method/],
  ];
  for (const [words, reason] of garbage) {
    const { code, stderr } = await home.run(["send", "demo", ...words]);
    assertEquals(code, 2);
    assertMatch(stderr, reason);
  }
  assertMatch((await home.run(["send", "demo", "shutdown"])).stdout, /the Pod has shut down/);
});

Deno.test("yoi: verbs that need a running Pod say that it is not running", async () => {
  await using home = await Home.create();
  for (
    const verb of ["attach", "events", "pause", "resume", "cancel", "compact", "rewind", "stop"]
  ) {
    const { code, stderr } = await home.run([verb, "demo"]);
    assertEquals(code, 1);
    assertMatch(stderr, /^yoi: Pod "demo" is not running/);
  }
});
