import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { identify, isAlive } from "../../lib/process/identity.ts";
import { ProcessError } from "../../lib/process/process_error.ts";
import { runCommand } from "../../lib/process/run_command.ts";
import { countDescriptors } from "./_system.ts";

const sh = (script: string) => ["sh", "-c", script];

Deno.test("runCommand() gives back status and both outputs", async () => {
  assertEquals(await runCommand({ command: sh("echo out; echo err >&2; exit 2") }), {
    status: { code: 2, signal: null },
    stdout: "out\n",
    stderr: "err\n",
    truncated: false,
    stopped: false,
  });
});

Deno.test("runCommand() hands over input, also to a command that does not read it all", async () => {
  const input = "x".repeat(1 << 20);
  const all = await runCommand({ command: ["wc", "-c"], input });
  assertEquals(all.stdout.trim(), String(input.length));
  const some = await runCommand({ command: ["head", "-c", "3"], input });
  assertEquals([some.stdout, some.status.code], ["xxx", 0]);
});

Deno.test("runCommand() keeps the beginning of a long output and lets the command end", async () => {
  const { status, stdout, stderr, truncated } = await runCommand({
    command: sh("head -c 3000000 /dev/zero | tr '\\0' a; printf ééé >&2; exit 5"),
    maxOutputBytes: 5,
  });
  assertEquals([status.code, stdout, stderr, truncated], [5, "aaaaa", "éé", true]);
});

Deno.test("runCommand(): an output of exactly the bound is not truncated", async () => {
  const result = await runCommand({ command: ["printf", "12345"], maxOutputBytes: 5 });
  assertEquals([result.stdout, result.truncated], ["12345", false]);
});

Deno.test("runCommand(): onStdout gets the bytes and can stop the command", async () => {
  let size = 0;
  const { status, stdout, stopped } = await runCommand({
    command: ["yes"],
    onStdout: (chunk) => (size += chunk.length) > 100_000 ? "stop" : undefined,
  });
  assert(stopped && size > 100_000);
  assert(status.code !== 0);
  assertEquals(stdout, "");
});

Deno.test("runCommand(): a callback that throws ends the command", async () => {
  await assertRejects(
    () =>
      runCommand({
        command: ["yes"],
        onStdout: () => {
          throw new RangeError("enough");
        },
      }),
    RangeError,
    "enough",
  );
});

Deno.test("runCommand(): the signal ends the whole group and is the reason", async () => {
  const controller = new AbortController();
  const pids: number[] = [];
  const reason = new Error("nobody wants it");
  const error = await assertRejects(() =>
    runCommand({
      command: sh("sleep 600 & echo $$ $!; wait"),
      onStdout: (chunk) => {
        pids.push(...new TextDecoder().decode(chunk).split(" ").map(Number));
        controller.abort(reason);
      },
      signal: controller.signal,
    })
  );
  assertEquals(error, reason);
  assertEquals(pids.length, 2);
  assertEquals(pids.map(identify), [undefined, undefined]);
});

Deno.test("runCommand(): a signal that has fired starts nothing", async () => {
  const folder = await Deno.makeTempDir();
  const signal = AbortSignal.abort(new Error("too late"));
  const command = ["touch", `${folder}/started`];
  await assertRejects(() => runCommand({ command, signal }), Error, "too late");
  await Deno.remove(folder); // would refuse if anything were in it
});

Deno.test("runCommand(): the time-out kills a command that ignores SIGTERM", async () => {
  const error = await assertRejects(
    () =>
      runCommand({
        command: sh('trap "" TERM; while :; do sleep 600; done'),
        timeoutMs: 30,
        graceMs: 20,
      }),
    ProcessError,
  );
  assertEquals([error.code, error.exitCode], ["timed_out", 124]);
  assertMatch(error.message, /^Cannot wait for "sh": it took more than 30 ms$/);
});

Deno.test("runCommand() ends what a command leaves behind", async () => {
  const { stdout, status } = await runCommand({ command: sh("sleep 600 & echo $!"), graceMs: 10 });
  assertEquals(status.code, 0);
  const rest = identify(Number(stdout));
  assert(rest === undefined || !isAlive(rest));
});

Deno.test("runCommand() leaves no descriptor, however it ends", async () => {
  const before = await countDescriptors();
  const never = { command: ["no-such-program-here"] };
  for (let round = 0; round < 5; round++) {
    await runCommand({ command: ["true"], input: "unread" });
    await assertRejects(() => runCommand(never), ProcessError);
    await assertRejects(() => runCommand({ command: ["yes"], timeoutMs: 1 }), ProcessError);
  }
  assertEquals(await countDescriptors(), before);
});
