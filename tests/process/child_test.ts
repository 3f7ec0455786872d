import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLess,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Child, spawnChild } from "../../lib/process/child.ts";
import { identify, isAlive, liveGroupMembers } from "../../lib/process/identity.ts";
import { ProcessError, type ProcessErrorCode } from "../../lib/process/process_error.ts";
import { countDescriptors, readLine, testProgram, until } from "./_system.ts";

/** Long enough that a test which ends by it would be seen to hang. */
const NEVER_MS = 10 * 60_000;

const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;

function shell(script: string, options: Partial<Parameters<typeof spawnChild>[0]> = {}): Child {
  return spawnChild({ command: ["sh", "-c", script], ...options });
}

Deno.test("Child: ends by itself", async () => {
  await using child = shell("echo out; echo err >&2; exit 3", piped);
  const [out, err, status] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.close(),
  ]);
  assertEquals([out, err, status], ["out\n", "err\n", { code: 3, signal: null }]);
  assertEquals(await child.status, status);
});

Deno.test("Child: ends when stdin ends", async () => {
  await using child = spawnChild({ command: ["cat"], ...piped });
  const text = new Response(child.stdout).text();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("through"));
  await writer.close();
  assertEquals((await child.close()).code, 0);
  assertEquals(await text, "through");
});

Deno.test("Child.stop(): SIGTERM is enough", async () => {
  await using child = spawnChild({ command: ["sleep", "600"], ...piped });
  assertEquals(await child.stop({ graceMs: NEVER_MS }), { code: 143, signal: "SIGTERM" });
});

Deno.test("Child.stop() sends the signal it is given", async () => {
  await using child = spawnChild({ command: ["sleep", "600"] });
  assertEquals(await child.stop({ signal: "SIGINT", graceMs: NEVER_MS }), {
    code: 130,
    signal: "SIGINT",
  });
});

Deno.test("Child.stop(): SIGKILL follows when SIGTERM is ignored, for the whole group", async () => {
  await using child = shell(
    `trap "" TERM; sh -c 'trap "" TERM; echo ready; while :; do sleep 600; done' & wait; wait`,
    { stdout: "piped" },
  );
  await readLine(child.stdout);
  assertEquals(await child.stop({ graceMs: 30 }), { code: 137, signal: "SIGKILL" });
  assertEquals(liveGroupMembers(child.pid), []);
});

Deno.test("Child.stop(): the leader obeys, a grandchild that ignores SIGTERM is killed", async () => {
  await using child = shell(
    `trap "exit 7" TERM; sh -c 'trap "" TERM; echo $$; while :; do sleep 600; done' & wait`,
    { stdout: "piped" },
  );
  const grandchild = identify(Number(await readLine(child.stdout)))!;
  assertEquals((await child.stop({ graceMs: 30 })).code, 7);
  assert(!isAlive(grandchild));
});

Deno.test("Child.stop(): a second call with SIGKILL cuts a gentle one short", async () => {
  await using child = shell(`trap "" TERM; echo ready; while :; do sleep 600; done`, piped);
  await readLine(child.stdout);
  const gentle = child.stop({ graceMs: NEVER_MS });
  assertEquals((await child.stop({ signal: "SIGKILL" })).code, 137);
  assertEquals((await gentle).code, 137);
});

Deno.test("Child.stop(): many at once, and again when it is over, are one stop", async () => {
  await using child = spawnChild({ command: ["sleep", "600"], ...piped });
  const statuses = await Promise.all(Array.from({ length: 5 }, () => child.stop()));
  statuses.push(await child.stop(), await child.close());
  await child[Symbol.asyncDispose]();
  assertEquals(new Set(statuses.map(({ code }) => code)), new Set([143]));
});

Deno.test("Child.stop() ends what close() is waiting for", async () => {
  await using child = spawnChild({ command: ["sleep", "600"] });
  const closed = child.close();
  await child.stop();
  assertEquals((await closed).signal, "SIGTERM");
});

Deno.test("Child: disposed right after the start", async () => {
  let child: Child;
  {
    await using started = spawnChild({ command: ["sleep", "600"], ...piped });
    child = started;
  }
  assertEquals((await child.status).signal, "SIGTERM");
});

Deno.test("Child.stop() signals nobody once child and group have ended", async () => {
  await using child = spawnChild({ command: ["true"] });
  await child.close();
  const sent: unknown[] = [];
  const kill = Deno.kill;
  Deno.kill = (...call) => void sent.push(call);
  try {
    assertEquals(await child.stop(), { code: 0, signal: null });
    assertEquals(await child.stop({ signal: "SIGKILL" }), { code: 0, signal: null });
  } finally {
    Deno.kill = kill;
  }
  assertEquals(sent, []);
});

Deno.test("Child.close(): the rest of the group gets the grace, then it is killed", async () => {
  await using child = shell("sleep 600 & echo $!; exit 4", { stdout: "piped" });
  const rest = identify(Number(await readLine(child.stdout)))!;
  assertEquals((await child.close({ graceMs: 20 })).code, 4);
  assert(!isAlive(rest));
});

Deno.test("Child.close(): a process outside the group that holds the pipe is cut off", async () => {
  await using child = shell(`setsid sh -c 'echo $$; exec sleep 600' &`, { stdout: "piped" });
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const stranger = identify(Number(new TextDecoder().decode(value)))!;
  const blocked = reader.read();
  assertEquals((await child.close({ graceMs: 20, drainMs: 20 })).code, 0);
  assert((await blocked).done);
  assert(isAlive(stranger));
  Deno.kill(stranger.pid, "SIGKILL");
  await until(() => !isAlive(stranger));
});

Deno.test("Child.close(): a write that a process outside the group never takes is given up", async () => {
  await shell("exit 0").close(); // the runtime opens something of its own for the first child
  const before = await countDescriptors();
  await using child = shell(`exec 3<&0; setsid sh -c 'echo $$; exec sleep 600' <&3 &`, piped);
  const stranger = identify(Number(await readLine(child.stdout)))!;
  const writer = child.stdin.getWriter();
  const stuck = writer.write(new Uint8Array(1 << 20));
  await Promise.all([
    assertRejects(() => stuck, Deno.errors.BrokenPipe, "Cannot write to child"),
    child.close(),
  ]);
  // Only the end of the stranger frees the runtime's own write.
  Deno.kill(stranger.pid, "SIGKILL");
  await until(async () => await countDescriptors() === before);
});

Deno.test("Child: dies during a write", async () => {
  await using child = shell("head -c 1 >/dev/null; exit 9", piped);
  const writer = child.stdin.getWriter();
  await assertRejects(() => writer.write(new Uint8Array(1 << 22)), Deno.errors.BrokenPipe);
  assertEquals((await child.close()).code, 9);
});

Deno.test("Child: dies before its first message", async () => {
  await using child = shell("exit 5", piped);
  assert((await child.stdout.getReader().read()).done);
  assertEquals((await child.close()).code, 5);
});

Deno.test("Child: output can be read after the exit, until it is closed", async () => {
  await using child = shell("head -c 60000 /dev/zero", piped);
  await child.status;
  assertEquals((await new Response(child.stdout).bytes()).length, 60_000);
});

Deno.test("Child.close(): a reader gets all that was written before the exit", async () => {
  await using child = shell("head -c 3000000 /dev/zero", { stdout: "piped" });
  let size = 0;
  const reading = (async () => {
    for await (const chunk of child.stdout) size += chunk.length;
  })();
  await Promise.all([reading, child.close()]);
  assertEquals(size, 3_000_000);
});

Deno.test("Child.close(): a reader that comes late, within the bound, gets what is left", async () => {
  await using child = shell("echo last words", { stdout: "piped" });
  await child.status;
  const reader = child.stdout.getReader();
  const closed = child.close({ drainMs: NEVER_MS });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(new TextDecoder().decode((await reader.read()).value), "last words\n");
  assert((await reader.read()).done);
  await closed;
});

Deno.test("Child.stop(): a reader that does not read gets no more than the drain bound", async () => {
  await using child = shell("exec yes", { stdout: "piped" });
  const reader = child.stdout.getReader();
  await reader.read();
  await child.stop({ drainMs: 20 });
  assertEquals((await reader.read()).done, true);
});

Deno.test("Child.stop(): output that nobody reads does not hold it up", async () => {
  await using child = shell("yes >&2 & exec yes", piped);
  assertEquals((await child.stop({ drainMs: NEVER_MS })).signal, "SIGTERM");
});

Deno.test("Child: cancelling stdout ends a child that goes on writing", async () => {
  await using child = shell("exec yes 2>/dev/null", { stdout: "piped" });
  await child.stdout.cancel();
  const status = await child.close();
  assert(status.code !== 0);
});

Deno.test("Child: 200 children with three pipes leave no descriptor", async () => {
  await shell("exit 0").close(); // the runtime opens something of its own for the first child
  const before = await countDescriptors();
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 20 }, async (_, index) => {
      await using child = shell(index % 2 ? "exit 0" : "exec cat", piped);
      if (index % 4 === 3) await child.status;
      if (index % 5 === 0) child.stdout.getReader();
      await child.stop({ drainMs: 5 });
    }));
  }
  assertEquals(await countDescriptors(), before);
});

Deno.test("spawnChild() names what cannot be started, and leaks nothing", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/data`, "no program");
  await Deno.writeTextFile(`${folder}/orphan`, "#!/no/such/interpreter\n", { mode: 0o755 });
  const before = await countDescriptors();
  const refused: [ProcessErrorCode, number, string[], string?][] = [
    ["not_found", 127, [`${folder}/missing`]],
    ["not_found", 127, ["yoi-test-no-such-program"]],
    ["not_found", 127, [`${folder}/orphan`]],
    ["not_found", 127, []],
    ["not_found", 127, [""]],
    ["not_executable", 126, [`${folder}/data`]],
    ["not_executable", 126, [folder]],
    ["bad_cwd", 1, ["true"], `${folder}/missing`],
    ["bad_cwd", 1, ["true"], `${folder}/data`],
    ["spawn_failed", 1, ["true", "nul \0 byte"]],
  ];
  for (const [code, exitCode, command, cwd] of refused) {
    const options = { command, ...piped, ...(cwd ? { cwd } : {}) };
    const error = assertThrows(() => spawnChild(options), ProcessError);
    assertEquals([error.code, error.exitCode], [code, exitCode], error.message);
    assertStringIncludes(error.message, command[0] || "Cannot start a process");
    if (command[0]) assertInstanceOf(error.cause, Error);
  }
  assertEquals(await countDescriptors(), before);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("spawnChild() passes words, folder and environment as they are", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await using child = spawnChild({
    command: [
      "sh",
      "-c",
      'printf "%s|" "$PWD" "$GREETING" "${HOME-none}" "$@"',
      "sh",
      "$(id)",
      "a b",
    ],
    cwd: folder,
    env: { GREETING: "grüß dich; $x", PATH: Deno.env.get("PATH")! },
    clearEnv: true,
    stdout: "piped",
  });
  const [text] = await Promise.all([new Response(child.stdout).text(), child.close()]);
  assertEquals(text, `${folder}|grüß dich; $x|none|$(id)|a b|`);
  await Deno.remove(folder);
});

Deno.test("Child: without a group, signals go to the child alone", async () => {
  await using child = shell("sleep 600 & echo $!; wait", { stdout: "piped", group: false });
  const grandchild = identify(Number(await readLine(child.stdout)))!;
  assertEquals((await child.stop({ drainMs: 5 })).signal, "SIGTERM");
  assert(isAlive(grandchild));
  Deno.kill(grandchild.pid, "SIGKILL");
  await until(() => !isAlive(grandchild));
});

Deno.test("Child.identity names the process, also when it has ended", async () => {
  await using child = spawnChild({ command: ["sleep", "600"] });
  const identity = child.identity!;
  assertEquals(identity.pid, child.pid);
  assert(isAlive(identity));
  await child.stop();
  assert(!isAlive(identity));
  assertEquals(child.identity, identity);
});

Deno.test("Child: streams that are not piped cannot be used", async () => {
  await using child = spawnChild({ command: ["true"] });
  assertThrows(() => child.stdin, TypeError, "stdin");
  assertThrows(() => child.stdout, TypeError, "stdout");
  assertThrows(() => child.stderr, TypeError, "stderr");
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`a parent that gets ${signal} ends with ${code} and leaves no child`, async () => {
    await using parent = spawnChild({ command: testProgram("end_by_signal.ts"), stdout: "piped" });
    const pids = (await readLine(parent.stdout)).split(" ").map(Number);
    const children = pids.map((pid) => identify(pid)!);
    assertEquals((await parent.stop({ signal, graceMs: NEVER_MS })).code, code);
    assertEquals(children.map(isAlive), [false, false]);
    assertLess(0, pids.length);
  });
}
