import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Home } from "./_program.ts";

Deno.test("yoi: start in the background, run, list, stop", async () => {
  await using home = await Home.create();
  await home.write("notes.md", "# Notes\n\nThe harbour opens at seven.\n");

  const started = await home.run(["pod", "start", "demo", "--detach"]);
  assertEquals(started, {
    code: 0,
    stdout: `Pod "demo" listens on "${home.socket("demo")}"\n`,
    stderr: "",
  });

  const answer = await home.run(["run", "demo", "when does the harbour open?"]);
  assertEquals(answer.code, 0);
  assertMatch(answer.stdout, /notes\.md:3/);
  assertStringIncludes(answer.stderr, "→ Grep");
  assert(answer.stdout.endsWith("\n"));

  const listed = await home.run(["list", "--json"]);
  const { pods } = JSON.parse(listed.stdout);
  assertEquals(Object.keys(pods[0]), [
    "name",
    "state",
    "model",
    "cwd",
    "socket",
    "updatedAt",
    "preview",
    "attachable",
    "restorable",
  ]);
  assertEquals([pods.length, pods[0].name, pods[0].state], [1, "demo", "idle"]);
  assertEquals([pods[0].cwd, pods[0].socket], [home.workspace, home.socket("demo")]);

  assertEquals((await home.run(["stop", "demo"])).stdout, 'Pod "demo" has stopped\n');
  assertEquals(await home.list("run"), ["locks"]);
  const table = await home.run(["list"]);
  assertMatch(table.stdout, /^NAME .*\ndemo {2}stopped {2}builtin:offline /);
  const again = await home.run(["stop", "demo"]);
  assertEquals(again.code, 1);
  assertMatch(again.stderr, /^yoi: Pod "demo" is not running/);
});

Deno.test("yoi run: starts the Pod when it is not running, and later goes on in its session", async () => {
  await using home = await Home.create();
  const first = await home.run(["run", "demo", "hello"]);
  assertEquals([first.code, first.stderr], [0, ""]);
  await home.run(["stop", "demo"]);
  assertEquals((await home.run(["run", "demo", "hello again", "friend"])).code, 0);
  const said = (await home.entries()).filter(({ kind }) => kind === "user_input");
  assertEquals(said.map(({ segments }) => segments), [
    [{ kind: "text", content: "hello" }],
    [{ kind: "text", content: "hello again friend" }],
  ]);
});

Deno.test("yoi run: two at the same moment start one Pod", async () => {
  await using home = await Home.create();
  const results = await Promise.all([
    home.run(["run", "demo", "hello"]),
    home.run(["run", "demo", "hello"]),
  ]);
  // Both found or started it; one may have come while the other's turn was running.
  for (const { code, stderr } of results) assert(code === 0 || stderr.includes("busy"), stderr);
  assert(results.some(({ code }) => code === 0));
});

Deno.test("yoi pod start: a second Pod of the same name is refused", async () => {
  await using home = await Home.create();
  await home.run(["pod", "start", "demo", "--detach", "--json"]);
  const pod = await home.pod("demo");
  for (const flags of [["--detach"], []]) {
    const second = await home.run(["pod", "start", "demo", ...flags]);
    assertEquals(second.code, 1);
    assertMatch(second.stderr, /^yoi: Cannot start Pod "demo": it is /);
  }
  assertEquals(await home.pod("demo"), pod);
});

Deno.test("yoi pod start: flags decide model, folder and scope, and are kept", async () => {
  await using home = await Home.create();
  await Deno.mkdir(`${home.workspace}/docs`);
  const args = ["--detach", "--cwd", "docs", "--scope", "docs:read", "--json"];
  const started = JSON.parse((await home.run(["pod", "start", "demo", ...args])).stdout);
  assertEquals(Object.keys(started), ["name", "socket", "pid"]);
  assertEquals(started.pid, (await home.pod("demo")).pid);
  const change = await home.run(["run", "demo", "hello", "--model", "script:x"]);
  assertStringIncludes(change.stderr, 'Pod "demo" is running already, so --model changes nothing');
  assertStringIncludes(change.stderr, `Pod "demo" works in "${home.workspace}/docs"`);
  await home.run(["stop", "demo"]);
  await home.run(["pod", "start", "demo", "--detach"]);
  const manifest = await Deno.readTextFile(`${home.path}/run/demo/manifest.toml`);
  assertStringIncludes(manifest, `cwd = "${home.workspace}/docs"`);
  assertStringIncludes(manifest, 'permission = "read"');
});

Deno.test("yoi pod start --new-session: the old session stays on disk", async () => {
  await using home = await Home.create();
  await home.run(["run", "demo", "hello"]);
  await home.run(["stop", "demo"]);
  await home.run(["pod", "start", "demo", "--detach", "--new-session"]);
  await home.run(["run", "demo", "hello"]);
  assertEquals((await home.list("sessions")).length, 2);
});
