import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { identify, isAlive, liveGroupMembers } from "../../lib/process/identity.ts";
import { runCommand } from "../../lib/process/run_command.ts";
import { requestControl } from "../../lib/supervisor/control_client.ts";
import { until } from "../process/_system.ts";
import { SupervisorProgram } from "./_program.ts";
import { OBEDIENT, shell } from "./_supervised.ts";

Deno.test("scenario 11: SIGHUP during start-up, ten times in a row, and during the shutdown", async () => {
  const folder = await Deno.makeTempDir();
  const slow = "while [ ! -e go ]; do sleep 0.01; done; echo up; exec sleep 600";
  await using program = new SupervisorProgram({
    children: [
      shell("db", slow, { readyLine: "up", cwd: folder }),
      shell("web", OBEDIENT, { startAfter: ["db"] }),
    ],
  });
  const drained = program.drain();
  const { heard } = program;
  await heard.nth("child_started", 1, "db");
  program.signal("SIGHUP");
  await Deno.writeTextFile(`${folder}/go`, "");
  // The one that was starting, and the one that was asked for; `web` was still to come.
  await heard.nth("child_ready", 2, "db");
  await heard.nth("child_started", 1, "web");

  for (let count = 0; count < 10; count++) program.signal("SIGHUP");
  await heard.nth("child_ready", 3, "db");
  await heard.nth("child_started", 2, "web");
  program.signal("SIGTERM");
  program.signal("SIGHUP");
  assertEquals(await program.ending, { event: "done", data: { code: 0, reason: "asked" } });
  assertEquals((await program.child.close()).code, 0);
  await drained;
  const started = heard.of("child_started");
  // Ten requests are two restarts if the system passes them on one by one, and fewer if it does not.
  assertLess(started.filter(({ child }) => child === "db").length, 6);
  assertEquals(heard.of("child_exited").length, started.length);
  assertEquals(started.flatMap(({ pid }) => liveGroupMembers(pid)), []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a second SIGTERM kills every group at once", async () => {
  await using program = new SupervisorProgram({
    children: [shell("web", `trap "echo stopping" TERM; echo up; while :; do sleep 0.01; done`, {
      readyLine: "up",
    })],
  });
  await program.heard.nth("child_ready", 1);
  program.signal("SIGTERM");
  const reader = program.child.stdout.getReader();
  const decoder = new TextDecoder();
  for (let text = ""; !text.includes("stopping");) {
    text += decoder.decode((await reader.read()).value, { stream: true });
  }
  reader.releaseLock();
  program.signal("SIGTERM");
  assertEquals(await program.ending, { event: "done", data: { code: 143, reason: "forced" } });
  assertEquals(program.heard.of("child_exited")[0]!.signal, "SIGKILL");
});

Deno.test("scenario 12: when nobody reads its output any more, it shuts the children down", async () => {
  await using program = new SupervisorProgram({
    children: [shell("web", "while :; do echo here; sleep 0.01; done"), shell("log", OBEDIENT)],
  });
  await program.heard.nth("child_started", 1, "log");
  await program.child.stdout.cancel();
  const data = { code: 141, reason: "output_closed" };
  assertEquals(await program.ending, { event: "done", data });
  assertEquals((await program.child.close()).code, 141);
  const pids = program.heard.of("child_started").map(({ pid }) => pid);
  assertEquals(pids.flatMap(liveGroupMembers), []);
});

Deno.test("scenario 14: children hold neither the control socket nor a lock", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/control.sock`;
  await using program = new SupervisorProgram({
    children: [
      shell("a", OBEDIENT),
      shell("b", OBEDIENT, { startAfter: ["a"] }),
      shell("c", "echo up; exec sleep 600", { readyLine: "up", startAfter: ["b"] }),
    ],
  }, path);
  await program.heard.nth("child_ready", 1);
  // The socket is in use while a child is spawned, and so are the pipes of the others.
  await requestControl(path, { method: "restart", params: { name: "b" } });
  // What this very test was started with, and hands on, is not the supervisor's.
  const foreign = Object.keys(await descriptorsOf("$$")).filter((fd) => Number(fd) > 2);
  for (const { name, pid } of (await requestControl(path, { method: "status" })).children) {
    const held = await descriptorsOf(String(pid));
    for (const fd of foreign) delete held[fd];
    assertEquals(held, { 0: "/dev/null", 1: "pipe:", 2: "pipe:" }, name);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("scenario 14: after a SIGKILL the next one takes the path over, and ends what was left", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/control.sock`;
  // Also one that ignores the loss of its output, and one that starts others.
  const config = {
    children: [
      shell("web", OBEDIENT),
      shell("deaf", `trap "" TERM; echo up; while :; do sleep 600; done`, {
        readyLine: "up",
        stopTimeoutMs: 100,
      }),
      shell("tree", "sleep 600 & sleep 600 & wait"),
    ],
  };
  let left;
  {
    await using first = new SupervisorProgram(config, path);
    await first.heard.nth("child_ready", 1, "deaf");
    await first.heard.nth("child_started", 1, "tree");
    const { children } = await requestControl(path, { method: "status" });
    left = children.map(({ pid }) => identify(pid!)!);
    first.signal("SIGKILL");
    await first.child.close();
    assertEquals(left.map(isAlive), [true, true, true]);
  }
  await using second = new SupervisorProgram(config, path);
  await second.heard.nth("child_started", 3);
  assertEquals(left.flatMap(({ pid }) => liveGroupMembers(pid)), []);
  const told = second.heard.of("error").map(({ message }) => message);
  assertEquals(told.length, 3);
  assertStringIncludes(told[0]!, `Ended "web" (pid ${left[0]!.pid})`);
  const { children } = await requestControl(path, { method: "status" });
  assertEquals(children.map(({ name }) => name), ["web", "deaf", "tree"]);

  await using third = new SupervisorProgram(config, path);
  const refused = await third.ending;
  assert(refused?.event === "failed");
  assertStringIncludes(
    refused.data.message,
    `Cannot listen on "${path}": another supervisor does (pid ${second.child.pid})`,
  );
  assertEquals(third.heard.events, []);

  await requestControl(path, { method: "shutdown" });
  assertEquals(await second.ending, { event: "done", data: { code: 0, reason: "asked" } });
  await until(async () => !await exists(path));
  assertEquals(await exists(`${path}.children`), false);
  await Deno.remove(folder, { recursive: true });
});

/** What a process has open; `$$` is a process that has been started just for that. */
async function descriptorsOf(pid: string): Promise<Record<string, string>> {
  const script = `cd /proc/${pid}/fd && for fd in *; do echo "$fd $(readlink $fd)"; done`;
  const { stdout } = await runCommand({ command: ["sh", "-c", script] });
  const lines = stdout.trim().split("\n").map((line) => line.replace(/\[\d+\]/, "").split(" "));
  return Object.fromEntries(lines);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
