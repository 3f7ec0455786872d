import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Home, script } from "./_program.ts";

Deno.test("yoi events: two clients hear the same, one that is stopped delays nobody and starts over", async () => {
  await using home = await Home.create();
  // All of it is more than a Pod keeps for one client, each answer is less.
  const rounds = [1, 2, 3, 4, 5].map((round) => `end-${round}`);
  const answers = rounds.map((end) => ({ text: `${"x".repeat(100_000)} `.repeat(7) + end }));
  await home.write("model", script(...answers, { text: "last words" }));
  await home.run(["pod", "start", "demo", "--detach", "--model", "script:model"]);
  const clients = [1, 2, 3].map(() => home.start(["events", "demo", "--json"]));
  for (const client of clients) await client.says('"event":"snapshot"');
  const [first, second, third] = clients;
  third!.kill("SIGSTOP");

  for (const end of rounds) {
    assertEquals((await home.run(["run", "demo", "go on"])).code, 0);
    await first!.says(end);
    await second!.says(end);
  }
  third!.kill("SIGCONT");
  await third!.says("end-5");
  assertEquals((await home.run(["run", "demo", "one more"])).code, 0);
  await home.run(["stop", "demo"]);

  const [heard, same, other] = await Promise.all(clients.map(({ finished }) => finished));
  assertEquals([heard!.code, same!.code, other!.code], [0, 0, 0]);
  assert(heard!.stdout === same!.stdout, "two clients heard different events");
  const count = (text: string, event: string) => text.split(`{"event":"${event}"`).length - 1;
  assertEquals(count(heard!.stdout, "snapshot"), 1);
  assert(count(other!.stdout, "snapshot") > 1, "the stopped client did not start over");
  assert(other!.stdout.endsWith(heard!.stdout.split("\n").slice(-3).join("\n")));
});

Deno.test("yoi attach: shows what was said so far, and then the same as every other client", async () => {
  await using home = await Home.create();
  await home.run(["run", "demo", "hello"]);
  const attached = [1, 2].map(() => home.start(["attach", "demo"]));
  for (const client of attached) await client.says("> hello\nHello. I am");
  const before = await home.entries();
  await home.run(["run", "demo", "where is nothing?"]);
  await home.run(["stop", "demo"]);
  const [one, two] = await Promise.all(attached.map(({ finished }) => finished));
  assertEquals(one, two);
  assertEquals(one!.code, 0);
  assertMatch(one!.stdout, /^ {2}· Pod "demo" is idle, model offline, in ".*"\n> hello\n/);
  assertStringIncludes(one!.stdout, "> where is nothing?\n");
  assert(one!.stdout.endsWith("  · the Pod has shut down\n"));
  assertEquals(before.filter(({ kind }) => kind === "user_input").length, 1);
});

Deno.test("yoi attach: lines of a pipe become runs, one after the other", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "first" }, { text: "second" }));
  await home.run(["pod", "start", "demo", "--detach", "--model", "script:model"]);
  const { code, stdout } = await home.run(["attach", "demo"], { stdin: "one\n\ntwo\n" });
  assertEquals(code, 0);
  assertMatch(stdout, /> one\nfirst\n {2}· finished\n> two\nsecond\n {2}· finished\n$/);
});

Deno.test("yoi attach: Ctrl-C pauses a running turn, a second one detaches with 130", async () => {
  await using home = await Home.create();
  await home.write("model", script({ text: "thinking ", then: "hang" }));
  const run = home.start(["run", "demo", "hello", "--model", "script:model"]);
  await run.says("thinking");
  const attached = home.start(["attach", "demo"]);
  await attached.says("thinking");
  attached.kill("SIGINT");
  await attached.says("! paused\n");
  attached.kill("SIGINT");
  const { code, stderr } = await attached.finished;
  assertEquals([code, stderr], [130, "\nyoi: pausing; once more detaches\n"]);
  const paused = await run.finished;
  assertEquals(paused.code, 1);
  assertStringIncludes(paused.stderr, 'the turn was paused; "yoi resume demo" goes on with it');
});

Deno.test("yoi attach: a Pod that dies without a word is an error", async () => {
  await using home = await Home.create();
  await home.run(["pod", "start", "demo", "--detach"]);
  const attached = home.start(["attach", "demo", "--json"]);
  await attached.says('"event":"snapshot"');
  Deno.kill((await home.pod("demo")).pid, "SIGKILL");
  const { code, stderr } = await attached.finished;
  assertEquals(code, 1);
  assertMatch(stderr, /^yoi: The connection ended without a shutdown: /);
});
