/**
 * Restarts one child many times: `supervised_restarts.ts [COUNT]`, 1,000 if not given. Each
 * incarnation prints 100 lines to both outputs; prints what was there before and after, ends with an
 * error when a line was lost or torn, or anything was left.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { liveGroupMembers } from "../../lib/process/identity.ts";
import { Supervisor } from "../../lib/supervisor/mod.ts";
import { childrenOf, MemorySink, openDescriptors, Recorder } from "../supervisor/_supervised.ts";

const LINES = 100;
const SCRIPT = `i=0; while [ $i -lt ${LINES} ]; do i=$((i+1)); echo "$$ $i"; echo "$$ $i" >&2; done
echo up; exec sleep 600`;

const count = Number(Deno.args[0] ?? 1_000);
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
const stdout = new MemorySink();
const stderr = new MemorySink();
const heard = new Recorder();
let two = 0;
const processes = await childrenOf(Deno.pid);
{
  await using supervisor = Supervisor.start({
    children: [{ name: "web", command: ["sh", "-c", SCRIPT], readyLine: "up" }],
  }, {
    stdout,
    stderr,
    onEvent(event) {
      heard.listen(event);
      const previous = heard.of("child_started").at(-2);
      if (event.event !== "child_started" || !previous) return;
      if (liveGroupMembers(previous.pid).length > 0) two++;
    },
  });
  await supervisor.started;
  await supervisor.restart();
  const before = await openDescriptors();
  const beganAt = performance.now();
  for (let round = 0; round < count; round++) await supervisor.restart();
  const tookMs = performance.now() - beganAt;
  say(`${count} restarts, ${(tookMs / count).toFixed(1)} ms each`);
  say(`descriptors: ${before} before, ${await openDescriptors()} after`);
  assertEquals(await openDescriptors(), before);
}
const pids = heard.of("child_started").map(({ pid }) => pid);
const numbered = (name: string) =>
  pids.flatMap((pid) =>
    Array.from({ length: LINES }, (_, index) => `${name} | ${pid} ${index + 1}`)
  );
const linesOf = async (sink: MemorySink) =>
  (await sink.text()).trimEnd().split("\n").filter((line) => line !== "web | up");
assertEquals(await linesOf(stdout), numbered("web"));
assertEquals(await linesOf(stderr), numbered("web"));
assertEquals(two, 0);
assertEquals(pids.flatMap(liveGroupMembers), []);
assertEquals(await childrenOf(Deno.pid), processes);
say(`lines: ${pids.length * LINES * 2} printed, none lost, none torn`);
say(`child processes, zombies too: ${processes.length} before, ${processes.length} after`);
say("two live incarnations at one time: never");
