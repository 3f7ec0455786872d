import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { parseRow } from "../../lib/process/_proc.ts";
import { spawnChild } from "../../lib/process/child.ts";
import {
  identify,
  isAlive,
  lifeOf,
  liveGroupMembers,
  ownIdentity,
} from "../../lib/process/identity.ts";
import { runCommand } from "../../lib/process/run_command.ts";
import { readLine, testProgram, until } from "./_system.ts";

Deno.test("ownIdentity() is alive, with a start time", () => {
  const own = ownIdentity();
  assertEquals(own.pid, Deno.pid);
  assert(own.startTime !== undefined && own.startTime > 0);
  assert(isAlive(own));
});

Deno.test("isAlive() is false for another process of the same pid", () => {
  const own = ownIdentity();
  assert(!isAlive({ ...own, startTime: own.startTime! + 1 }));
  assert(isAlive({ ...own, startTime: undefined }));
});

Deno.test("lifeOf() tells a stopped process from a running and an ended one", async () => {
  await using child = spawnChild({
    command: ["sh", "-c", "echo ready; read end"],
    stdin: "piped",
    stdout: "piped",
  });
  await readLine(child.stdout);
  const identity = identify(child.pid)!;
  assertEquals(lifeOf(identity), "running");
  Deno.kill(child.pid, "SIGSTOP");
  await until(() => lifeOf(identity) === "stopped");
  assert(isAlive(identity));
  Deno.kill(child.pid, "SIGCONT");
  await until(() => lifeOf(identity) === "running");
  await child.stop();
  assertEquals(lifeOf(identity), "ended");
});

Deno.test("identify() knows nothing of pids that no process has", () => {
  for (const pid of [0, -1, 1.5, NaN, 2 ** 22 + 1, Number.MAX_SAFE_INTEGER]) {
    assertEquals(identify(pid), undefined, String(pid));
  }
});

Deno.test("identify() reads past spaces, parentheses and digits in a program's name", async () => {
  const folder = await Deno.makeTempDir();
  const program = `${folder}/a) Z 1 (2`;
  await Deno.writeTextFile(program, "#!/bin/sh\necho ready\nread end\n", { mode: 0o755 });
  {
    await using child = spawnChild({ command: [program], stdin: "piped", stdout: "piped" });
    await readLine(child.stdout);
    const identity = identify(child.pid);
    assert(identity!.startTime! >= ownIdentity().startTime!);
    assertEquals(liveGroupMembers(child.pid), [child.pid]);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("parseRow() finds the fields behind any name", () => {
  const rest = Array.from({ length: 49 }, (_, index) => String(index + 4));
  rest[22 - 4] = "4242";
  rest[5 - 4] = "77";
  fc.assert(fc.property(fc.string({ maxLength: 15 }), (name) => {
    const row = parseRow(`12 (${name}) S ${rest.join(" ")}\n`);
    assertEquals(row, { pid: 12, state: "S", group: 77, startTime: 4242 });
  }));
  assertEquals(parseRow(""), undefined);
  assertEquals(parseRow("12 (cut"), undefined);
});

Deno.test("identify() and liveGroupMembers() leave zombies out", async () => {
  const script = `exec 3<&0; (read line <&3) & echo $!; wait`;
  await using child = spawnChild({
    command: ["sh", "-c", script],
    stdin: "piped",
    stdout: "piped",
  });
  const zombie = Number(await readLine(child.stdout));
  assertEquals(identify(zombie)?.pid, zombie);
  Deno.kill(child.pid, "SIGSTOP"); // a parent that is stopped collects no child
  await child.stdin.close();
  await until(() => identify(zombie) === undefined);
  Deno.kill(zombie, "SIGTERM"); // it is still in the process table: a signal finds it
  assertEquals(liveGroupMembers(child.pid), [child.pid]);
  await child.stop({ signal: "SIGKILL" });
});

Deno.test("liveGroupMembers() lists a child and its children, and nobody after a stop", async () => {
  await using child = spawnChild({
    command: ["sh", "-c", "sleep 600 & sleep 600 & echo ready; wait"],
    stdout: "piped",
  });
  await readLine(child.stdout);
  const members = liveGroupMembers(child.pid);
  assertEquals(members.length, 3);
  assert(members.includes(child.pid));
  await child.stop();
  assertEquals(liveGroupMembers(child.pid), []);
});

Deno.test("identify() and liveGroupMembers() work without the permission for /proc", async () => {
  await using child = spawnChild({ command: ["sleep", "600"] });
  const { stdout, stderr } = await runCommand({
    command: testProgram("identify.ts", String(Deno.pid), String(child.pid)),
  });
  assertEquals(stderr, "");
  assertEquals(JSON.parse(stdout), { identity: ownIdentity(), members: [child.pid] });
});
