import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Child, spawnChild } from "../../lib/process/child.ts";
import { identify, isAlive, liveGroupMembers } from "../../lib/process/identity.ts";
import { Leftovers, MARK_VARIABLE } from "../../lib/supervisor/leftovers.ts";
import { SupervisorError } from "../../lib/supervisor/supervisor_error.ts";
import { readLine } from "../process/_system.ts";
import { NEVER_MS } from "./_supervised.ts";

const GENTLE = { signal: "SIGTERM", graceMs: NEVER_MS } as const;

function program(script: string): Child {
  return spawnChild({ command: ["sh", "-c", script], stdout: "piped" });
}

async function withRecord(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await use(`${folder}/children`);
  await Deno.remove(folder, { recursive: true });
}

/** Leaves a record as a killed supervisor does. */
async function leave(path: string, children: Record<string, Child>): Promise<void> {
  {
    using leftovers = Leftovers.open(path);
    await leftovers.end(() => GENTLE);
    for (const [name, child] of Object.entries(children)) leftovers.add(name, child.identity!);
  }
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
}

Deno.test("Leftovers.end() ends what is in the record, with its group", () =>
  withRecord(async (path) => {
    await using tree = program("sleep 600 & sleep 600 & echo up; wait");
    await using deaf = program(`trap "" TERM; echo up; while :; do sleep 600; done`);
    await Promise.all([readLine(tree.stdout), readLine(deaf.stdout)]);
    await leave(path, { tree, deaf });
    using leftovers = Leftovers.open(path);
    const ended = await leftovers.end((name) =>
      name === "deaf" ? { signal: "SIGTERM", graceMs: 20 } : GENTLE
    );
    assertEquals(ended.map(({ name, pid }) => [name, pid]), [
      ["tree", tree.pid],
      ["deaf", deaf.pid],
    ]);
    assertEquals([tree, deaf].flatMap(({ pid }) => liveGroupMembers(pid)), []);
    assertEquals((await deaf.status).signal, "SIGKILL");
  }));

Deno.test("Leftovers.end() signals no process that only has the pid of one in the record", () =>
  withRecord(async (path) => {
    await using child = program("echo up; exec sleep 600");
    await readLine(child.stdout);
    await leave(path, { web: child });
    const record = JSON.parse(await Deno.readTextFile(path));
    record.processes[0].startTime--;
    await Deno.writeTextFile(path, JSON.stringify(record));
    {
      using leftovers = Leftovers.open(path);
      assertEquals(await leftovers.end(() => GENTLE), []);
    }
    assert(isAlive(identify(child.pid)!));

    // Start times count from the boot, so those of another boot mean nothing.
    await leave(path, { web: child });
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace(/"bootId":"[^"]*"/, '"bootId":"another"'));
    using leftovers = Leftovers.open(path);
    assertEquals(await leftovers.end(() => GENTLE), []);
    assert(isAlive(identify(child.pid)!));
  }));

Deno.test("Leftovers.end() in a hurry leaves no grace", () =>
  withRecord(async (path) => {
    await using deaf = program(`trap "" TERM; echo up; while :; do sleep 600; done`);
    await readLine(deaf.stdout);
    await leave(path, { deaf });
    using leftovers = Leftovers.open(path);
    await leftovers.end(() => GENTLE, { hurry: AbortSignal.abort() });
    assertEquals((await deaf.status).signal, "SIGKILL");
  }));

Deno.test("Leftovers is kept by one at a time, and removed when nothing is left", () =>
  withRecord(async (path) => {
    await using child = program("exec sleep 600");
    {
      using leftovers = Leftovers.open(path);
      const error = assertThrows(() => Leftovers.open(path), SupervisorError);
      assertEquals(error.code, "control");
      assertStringIncludes(error.message, `another supervisor does (pid ${Deno.pid})`);
      leftovers.add("web", child.identity!);
      assert((await Deno.stat(path)).isFile);
      leftovers.delete("web");
    }
    await Deno.stat(path).then(() => assert(false), () => "removed");
    using _again = Leftovers.open(path);
  }));

Deno.test("Leftovers.open() puts aside what is not such a record, and begins anew", () =>
  withRecord(async (path) => {
    const texts = [
      "",
      "precious",
      "[]",
      '{"version":2,"processes":[]}',
      '{"version":1,"processes":[{"name":"web","pid":-1}]}',
      '{"version":1,"processes":[{"name":"web","pid":1}]}',
    ];
    for (const text of texts) {
      await Deno.writeTextFile(path, text);
      using leftovers = Leftovers.open(path);
      assertStringIncludes(leftovers.setAside!, `${path}.unreadable-`);
      assertEquals(await Deno.readTextFile(leftovers.setAside!), text);
      assertEquals(await leftovers.end(() => GENTLE), []);
      await Deno.remove(leftovers.setAside!);
    }
    await Deno.writeTextFile(path, '{"version":1,"processes":[]}');
    using leftovers = Leftovers.open(path);
    assertEquals(leftovers.setAside, undefined);
  }));

Deno.test("Leftovers.end() ends the group of a leader that has ended, known by its mark", () =>
  withRecord(async (path) => {
    const groups: number[] = [];
    {
      using leftovers = Leftovers.open(path);
      await leftovers.end(() => GENTLE);
      for (const mark of [leftovers.mark, "another"]) {
        // The leader lives until its input ends, so that it can be recorded.
        const command = ["sh", "-c", "sleep 600 >&- & echo up; read -r _"];
        const env = { [MARK_VARIABLE]: mark };
        const child = spawnChild({ command, stdin: "piped", stdout: "piped", env });
        await readLine(child.stdout);
        leftovers.add(mark, child.identity!);
        groups.push(child.pid);
        await child.stdin.close();
        await child.status;
        await child.stdout.cancel();
      }
    }
    const [own, foreign] = groups as [number, number];
    {
      using leftovers = Leftovers.open(path);
      const ended = await leftovers.end(() => GENTLE);
      assertEquals(ended.map(({ pid }) => pid), [own]);
    }
    assertEquals(liveGroupMembers(own), []);
    assertEquals(liveGroupMembers(foreign).length, 1);
    Deno.kill(-foreign, "SIGKILL");
  }));
