import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { identify, runCommand } from "../../lib/process/mod.ts";
import { Home, programCommand, type Started } from "./_program.ts";

/** A child that says which incarnation it is, as in `123 web2.`, and stays. */
function counting(name: string): { name: string; command: string[] } {
  const script =
    `n=$(($(cat ${name}.n 2>/dev/null)+1)); echo $n >${name}.n; echo "$$ ${name}$n."; `;
  return { name, command: ["sh", "-c", `${script} exec sleep 1000`] };
}

/** Waits until a counting child says that it is its n-th incarnation, and gives its pid. */
async function incarnation(program: Started, name: string, n: number): Promise<number> {
  await program.says(` ${name}${n}.`);
  return Number(new RegExp(`^${name} \\| (\\d+) ${name}${n}\\.$`, "m").exec(program.stdout)?.[1]);
}

/** Starts a supervisor of these children, with further words behind it. */
async function supervise(
  home: Home,
  children: Record<string, unknown>[],
  ...words: string[]
): Promise<Started> {
  await home.write("supervise.jsonc", JSON.stringify({ children }));
  return home.start(["supervise", ...words]);
}

Deno.test("yoi supervise: lines carry their child's name, SIGTERM ends all of it with 0", async () => {
  await using home = await Home.create();
  const program = await supervise(home, [
    { name: "web", command: ["sh", "-c", "echo out; echo err >&2; exec sleep 1000"] },
    { ...counting("db"), startAfter: ["web"] },
  ]);
  const pid = await incarnation(program, "db", 1);
  await program.says("web | out\n");
  await program.warns("web | err\n");
  program.kill("SIGTERM");
  const { code, stdout, stderr } = await program.finished;
  assertEquals([code, stdout], [0, `web | out\ndb | ${pid} db1.\n`]);
  assertEquals(
    stderr,
    "web | err\nyoi: shutting down (SIGTERM); once more kills at once\n" +
      "yoi: db has ended: SIGTERM\nyoi: web has ended: SIGTERM\n",
  );
  assertEquals(await home.processes(), []);
});

Deno.test("yoi supervise --json: one object a line, events beside them on stderr", async () => {
  await using home = await Home.create();
  const script = "echo out; echo err >&2";
  const program = await supervise(
    home,
    [{ name: "web", command: ["sh", "-c", script] }],
    "--json",
  );
  const { code, stdout, stderr } = await program.finished;
  const { at, pid, ...line } = JSON.parse(stdout);
  assertEquals([code, line], [0, { child: "web", stream: "stdout", line: "out" }]);
  assert(new Date(at).getTime() > 0 && pid > 0);
  const told = stderr.trimEnd().split("\n").map((text) => JSON.parse(text));
  assertEquals(told.map(({ event, line }) => event ?? line).sort(), [
    "child_exited",
    "child_started",
    "err",
  ]);
});

Deno.test("yoi supervise: SIGHUP restarts every child, SIGUSR2 prints the table", async () => {
  await using home = await Home.create();
  const program = await supervise(home, [counting("web"), counting("db")]);
  const first = await incarnation(program, "web", 1);
  await incarnation(program, "db", 1);
  program.kill("SIGHUP");
  const second = await incarnation(program, "web", 2);
  await incarnation(program, "db", 2);
  assertEquals(identify(first), undefined);
  program.kill("SIGUSR2");
  await program.warns("LAST EXIT\n");
  await program.warns("\ndb  ");
  program.kill("SIGINT");
  const { code, stderr } = await program.finished;
  assertEquals(code, 0);
  assertMatch(stderr, new RegExp(`^web   running  ${second} +now +1 +SIGTERM, now$`, "m"));
});

Deno.test("yoi supervise: a second signal kills what ignores the first, and makes the exit code", async () => {
  for (
    const [first, second, expected] of [["SIGTERM", "SIGINT", 130], ["SIGINT", "SIGTERM", 143]]
  ) {
    await using home = await Home.create();
    const program = await supervise(home, [{
      name: "deaf",
      command: ["sh", "-c", "trap '' TERM; echo up.; exec sleep 1000"],
      stopTimeoutMs: 600_000,
    }]);
    await program.says("up.");
    program.kill(first as Deno.Signal);
    await program.warns(`shutting down (${first})`);
    program.kill(second as Deno.Signal);
    const { code, stderr } = await program.finished;
    assertEquals(code, expected);
    assertStringIncludes(stderr, "yoi: deaf has ended: SIGKILL\n");
    assertEquals(await home.processes(), []);
  }
});

Deno.test("yoi supervise: a critical child that has ended for good makes the exit code", async () => {
  const cases: [string, number][] = [["exit 3", 3], ["kill -9 $$", 137], ["exit 0", 0]];
  for (const [script, expected] of cases) {
    await using home = await Home.create();
    const program = await supervise(home, [
      counting("web"),
      { name: "vital", command: ["sh", "-c", script], restart: "never", critical: true },
    ]);
    const { code, stderr } = await program.finished;
    assertEquals(code, expected, script);
    assert(
      stderr.endsWith("yoi: has shut down: vital is critical and has ended for good\n"),
      stderr,
    );
    assertEquals(await home.processes(), []);
  }
});

Deno.test("yoi supervise: a crash loop is told, given up, and ends with the code of the child", async () => {
  await using home = await Home.create();
  const program = await supervise(home, [{
    name: "vital",
    command: ["sh", "-c", "echo try; exit 9"],
    backoff: { initialMs: 1, maxMs: 3 },
    maxRestarts: 3,
    critical: true,
  }]);
  const { code, stdout, stderr } = await program.finished;
  assertEquals([code, stdout], [9, "vital | try\n".repeat(4)]);
  const waits = [...stderr.matchAll(/is restarted in (\d) ms/g)].map(([, ms]) => ms);
  assertEquals(waits, ["1", "2", "3"]);
  assertStringIncludes(stderr, "yoi: vital is given up: it has failed too often\n");
});

Deno.test("yoi supervise: when all have ended, 0 if all were well, else 1", async () => {
  const cases: [string, number][] = [["exit 0", 0], ["exit 7", 1]];
  for (const [script, expected] of cases) {
    await using home = await Home.create();
    const program = await supervise(home, [
      { name: "one", command: ["true"] },
      { name: "two", command: ["sh", "-c", script], restart: "never" },
    ]);
    assertEquals((await program.finished).code, expected);
  }
});

Deno.test("yoi supervise: a program that cannot be spawned is named, with its child", async () => {
  await using home = await Home.create();
  const file = await home.write("data", "no program");
  const cases: [string, number][] = [["no-such-program", 127], [file, 126]];
  for (const [program, expected] of cases) {
    const broken = { name: "broken", command: [program], restart: "never", critical: true };
    const { code, stderr } = await (await supervise(home, [broken])).finished;
    assertEquals(code, expected);
    const [line = ""] = stderr.split("\n");
    assert(line.includes('"broken"') && line.includes(`"${program}"`), stderr);
  }
});

Deno.test("yoi supervise: a configuration that cannot be used ends with 78, and nothing is started", async () => {
  await using home = await Home.create();
  const touch = { name: "web", command: ["touch", "started"] };
  const path = `${home.workspace}/supervise.jsonc`;
  const cases: [unknown[] | string, string][] = [
    ['{"children": [}', `Cannot read "${path}", line 1, column 15: `],
    [[{ ...touch, comand: [] }], `Cannot use "${path}": $.children[0].comand is an unknown key`],
    [[touch, touch], `Cannot use "${path}": $.children[1].name must be unique`],
    [[{ ...touch, startAfter: ["web"] }], `Cannot use "${path}": $.children[0].startAfter must`],
    [[{ ...touch, startAfter: ["db"] }], `Cannot use "${path}": $.children[0].startAfter must`],
  ];
  for (const [children, message] of cases) {
    const text = typeof children === "string" ? children : JSON.stringify({ children });
    await home.write("supervise.jsonc", text);
    for (const words of [[], ["--check"], ["--json"]]) {
      const { code, stdout, stderr } = await home.run(["supervise", ...words]);
      assertEquals([code, stdout, stderr.split("\n").length], [78, "", 2]);
      assert(stderr.startsWith(`yoi: ${message}`), stderr);
    }
  }
  const { code, stderr } = await home.run(["supervise", "none.jsonc"]);
  const missing = `yoi: Cannot read "${home.workspace}/none.jsonc": there is no such file\n`;
  assertEquals([code, stderr], [78, missing]);
  assertEquals(await home.list("work"), ["supervise.jsonc"]);
});

Deno.test("yoi supervise --check counts the children, --schema prints what editors need", async () => {
  await using home = await Home.create();
  const path = await home.write(
    "services.jsonc",
    `{ "$schema": "./schema.json", "children": [{ "name": "web", "command": ["web"] },] } // one`,
  );
  assertEquals(
    (await home.run(["supervise", "--check", "services.jsonc"])).stdout,
    "ok: 1 child\n",
  );
  const { code, stdout } = await home.run(["supervise", "services.jsonc", "--check", "--json"]);
  assertEquals([code, JSON.parse(stdout)], [0, { ok: true, file: path, children: ["web"] }]);
  const schema = JSON.parse((await home.run(["supervise", "--schema"])).stdout);
  assertEquals(Object.keys(schema.properties), ["$schema", "shutdownTimeoutMs", "children"]);
});

Deno.test("yoi supervise --control: status, restart and stop talk to it", async () => {
  await using home = await Home.create();
  const control = ["--control", `${home.path}/control`];
  const program = await supervise(home, [counting("web"), counting("db")], ...control);
  const [web, db] = [await incarnation(program, "web", 1), await incarnation(program, "db", 1)];
  assertEquals((await Deno.stat(`${home.path}/control`)).mode! & 0o777, 0o600);

  const { stdout: table } = await home.run(["supervise", "status", ...control]);
  assertMatch(table, /^NAME +STATE +PID +STARTED +RESTARTS +LAST EXIT\nweb +running +\d+ +/);
  const status = JSON.parse((await home.run(["supervise", "status", "--json", ...control])).stdout);
  assertEquals(status.children.map(({ name, pid }: Record<string, unknown>) => [name, pid]), [
    ["web", web],
    ["db", db],
  ]);

  const restart = await home.run(["supervise", "restart", "web", ...control]);
  assertEquals([restart.code, restart.stdout], [0, '"web" was restarted\n']);
  assert(await incarnation(program, "web", 2) !== web);
  const all = await home.run(["supervise", "restart", "--json", ...control]);
  const restarts = JSON.parse(all.stdout).children.map((child: Record<string, unknown>) =>
    child.restarts
  );
  assertEquals([all.code, restarts], [0, [2, 1]]);
  const unknown = await home.run(["supervise", "restart", "cache", ...control]);
  assertEquals([unknown.code, unknown.stdout], [1, ""]);
  assertStringIncludes(unknown.stderr, '"cache"');

  const stop = await home.run(["supervise", "stop", "--json", ...control]);
  assertEquals([stop.code, JSON.parse(stop.stdout).stopped], [0, true]);
  assertEquals((await program.finished).code, 0);
  assertEquals(await home.processes(), []);
  const nobody = await home.run(["supervise", "status", ...control]);
  assertEquals([nobody.code, nobody.stdout], [1, ""]);
  assertStringIncludes(nobody.stderr, `"${home.path}/control": none is running there`);
  assertEquals((await home.run(["supervise", "stop"])).code, 2);
});

Deno.test("yoi supervise: a second one is refused on a live control path, and on the same file", async () => {
  await using home = await Home.create();
  const control = ["--control", `${home.path}/control`];
  const program = await supervise(home, [counting("web")], ...control);
  await incarnation(program, "web", 1);
  const second = await home.run(["supervise", ...control]);
  assertEquals([second.code, second.stdout], [1, ""]);
  assertMatch(second.stderr, /^yoi: Cannot listen on "[^"]+": another supervisor does/);

  const alone = home.start(["supervise"]);
  await incarnation(alone, "web", 2);
  const again = await home.run(["supervise", "./supervise.jsonc"]);
  assertEquals([again.code, again.stdout], [1, ""]);
  assertStringIncludes(again.stderr, "another supervisor does");
  assertEquals((await home.run(["supervise", "status", ...control])).code, 0);
  assertEquals(await Deno.readTextFile(`${home.workspace}/web.n`), "2\n");
  for (const one of [program, alone]) one.kill("SIGTERM");
  assertEquals((await Promise.all([program.finished, alone.finished])).map(({ code }) => code), [
    0,
    0,
  ]);
});

Deno.test("yoi supervise: after kill -9 the next one works at once and ends what was left", async () => {
  await using home = await Home.create();
  for (const control of [["--control", `${home.path}/control`], []]) {
    await Deno.remove(`${home.workspace}/web.n`).catch(() => "there is none yet");
    const killed = await supervise(home, [counting("web")], ...control);
    const left = await incarnation(killed, "web", 1);
    Deno.kill(killed.pid, "SIGKILL");
    // The pipes stay open: what was left holds them.
    const next = home.start(["supervise", ...control]);
    await incarnation(next, "web", 2);
    await killed.finished;
    assertEquals(identify(left), undefined);
    next.kill("SIGTERM");
    const { code, stderr } = await next.finished;
    assertEquals(code, 0);
    assertStringIncludes(stderr, `yoi: Ended "web" (pid ${left})`);
  }
});

Deno.test("yoi supervise, EPIPE: without a reader it shuts the children down and ends with 141", async () => {
  await using home = await Home.create();
  const program = await supervise(home, [
    counting("web"),
    { name: "loud", command: ["sh", "-c", "while :; do echo line; sleep 0.01; done"] },
  ]);
  await incarnation(program, "web", 1);
  await program.says("loud | line");
  await program.closeStdout();
  assertEquals((await program.finished).code, 141);
  assertEquals(await home.processes(), []);
});

Deno.test("yoi supervise: an output that cannot be written is named, and ends all of it with 70", async () => {
  await using home = await Home.create();
  const children = [{ name: "web", command: ["sh", "-c", "echo line; exec sleep 1000"] }];
  const file = await home.write("supervise.jsonc", JSON.stringify({ children }));
  const into = (redirection: string) =>
    runCommand({
      command: ["sh", "-c", `"$@" ${redirection}`, "sh", ...programCommand(), "supervise", file],
      env: { YOI_HOME: home.path },
    });
  const { status, stderr } = await into(">/dev/full");
  assertEquals(status.code, 70);
  assertStringIncludes(
    stderr,
    "yoi: Cannot write what the children print: No space left on device",
  );
  // Where nothing can be said, the code still is.
  assertEquals((await into(">/dev/full 2>&1")).status.code, 70);
  assertEquals(await home.processes(), []);
});

/** A pipe that is full when it is read, so that no write into it is taken whole. */
const READ_SLOWLY = '"$@" 2>&1 | { sleep 0.5; cat; }';

Deno.test("yoi supervise 2>&1: lines of both outputs stay whole in one pipe", async () => {
  await using home = await Home.create();
  const many = (letter: string) => `yes ${letter.repeat(99)} | head -n 30000`;
  const children = [
    { name: "one", command: ["sh", "-c", many("a")], restart: "never" },
    { name: "two", command: ["sh", "-c", `{ ${many("b")}; } >&2`], restart: "never" },
  ];
  const file = await home.write("supervise.jsonc", JSON.stringify({ children }));
  const { stdout } = await runCommand({
    command: ["sh", "-c", READ_SLOWLY, "sh", ...programCommand(), "supervise", file],
    env: { YOI_HOME: home.path },
    maxOutputBytes: 1 << 24,
  });
  const counts = new Map<string, number>();
  for (const line of stdout.trimEnd().split("\n")) counts.set(line, (counts.get(line) ?? 0) + 1);
  assertEquals(Object.fromEntries(counts), {
    [`one | ${"a".repeat(99)}`]: 30_000,
    [`two | ${"b".repeat(99)}`]: 30_000,
    "yoi: one has ended: exit code 0": 1,
    "yoi: two has ended: exit code 0": 1,
  });
});
