import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { FleetError } from "../../lib/fleet/fleet_error.ts";
import { launchPod } from "../../lib/fleet/launch_pod.ts";
import { identify, isAlive } from "../../lib/process/identity.ts";
import { nextSpawnDepth } from "../../lib/process/self_command.ts";

const LISTENER = fromFileUrl(new URL("../programs/listen_as_pod.ts", import.meta.url));

function listener(name: string, root: string): string[] {
  return [
    Deno.execPath(),
    "run",
    "--allow-net",
    "--allow-read",
    "--allow-write",
    LISTENER,
    name,
    `${root}/agent/sock`,
  ];
}

async function inFolder(work: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "yoi-" });
  try {
    await work(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("launchPod() P17: waits for the whole ready line and for an answer", async () => {
  await inFolder(async (root) => {
    const lines: string[] = [];
    const pod = await launchPod({
      command: listener("agent", root),
      podName: "agent",
      runtimeRoot: root,
      onProgress: (line) => lines.push(line),
    });
    try {
      assertEquals(pod.name, "agent");
      assertEquals(pod.socketPath, `${root}/agent/sock`);
      assert(lines.includes("warming up"));
      assert(isAlive(pod.process.identity!));
      assertStringIncludes(await Deno.readTextFile(`${root}/agent/stderr.log`), "YOI-READY");
    } finally {
      await pod.process.stop();
    }
  });
});

Deno.test("launchPod() tells the last words of a process that died", async () => {
  await inFolder(async (root) => {
    const error = await assertRejects(
      () =>
        launchPod({
          command: ["sh", "-c", "echo 'error: no such model' >&2; exit 3"],
          podName: "agent",
          runtimeRoot: root,
        }),
      FleetError,
    );
    assertEquals(error.code, "launch_failed");
    assertStringIncludes(error.message, "ended with code 3");
    assertStringIncludes(error.message, "error: no such model");
  });
});

Deno.test("launchPod() still tells them when the process removed its log", async () => {
  await inFolder(async (root) => {
    const script = `echo 'error: gone' >&2; rm -r ${root}/agent; exit 1`;
    const error = await assertRejects(
      () => launchPod({ command: ["sh", "-c", script], podName: "agent", runtimeRoot: root }),
      FleetError,
    );
    assertStringIncludes(error.message, "error: gone");
  });
});

Deno.test("launchPod() ends a process that calls itself something else", async () => {
  await inFolder(async (root) => {
    const error = await assertRejects(
      () =>
        launchPod({
          command: listener("impostor", root),
          podName: "agent",
          runtimeRoot: root,
        }),
      FleetError,
    );
    assertStringIncludes(error.message, 'it calls itself "impostor"');
    await assertRejects(() => Deno.connect({ transport: "unix", path: `${root}/agent/sock` }));
  });
});

Deno.test("launchPod() P19: ends a process that is not ready in time", async () => {
  await inFolder(async (root) => {
    const script = `echo $$ > ${root}/pid; exec sleep 60`;
    const error = await assertRejects(
      () =>
        launchPod({
          command: ["sh", "-c", script],
          podName: "agent",
          runtimeRoot: root,
          timeoutMs: 300,
        }),
      FleetError,
    );
    assertEquals(error.code, "timeout");
    const pid = Number(await Deno.readTextFile(`${root}/pid`));
    assertEquals(identify(pid), undefined);
  });
});

Deno.test("launchPod() refuses a malformed ready line", async () => {
  await inFolder(async (root) => {
    const script = "printf 'YOI-READY\\tagent\\n' >&2; exec sleep 60";
    const error = await assertRejects(
      () => launchPod({ command: ["sh", "-c", script], podName: "agent", runtimeRoot: root }),
      FleetError,
    );
    assertStringIncludes(error.message, "malformed ready line");
  });
});

Deno.test("launchPod() gives up when its signal fires, and ends the process", async () => {
  await inFolder(async (root) => {
    const abort = new AbortController();
    const launch = launchPod({
      command: ["sh", "-c", "echo up >&2; exec sleep 60"],
      podName: "agent",
      runtimeRoot: root,
      onProgress: () => abort.abort(new Error("not wanted any more")),
      signal: abort.signal,
    });
    await assertRejects(() => launch, Error, "not wanted any more");
  });
});

Deno.test("launchPod() counts how deep programs start themselves", async () => {
  await inFolder(async (root) => {
    const script = 'echo "depth $YOI_SPAWN_DEPTH" >&2; exit 1';
    const error = await assertRejects(() =>
      launchPod({ command: ["sh", "-c", script], podName: "agent", runtimeRoot: root })
    );
    assertStringIncludes(error.message, `depth ${nextSpawnDepth()}`);
  });
});

Deno.test("launchPod() says which Pod cannot start when its folder cannot be made", async () => {
  const runtimeRoot = await Deno.makeTempFile();
  const error = await assertRejects(
    () => launchPod({ command: ["unused"], podName: "demo", runtimeRoot }),
    FleetError,
    'Cannot start Pod "demo": ',
  );
  assertEquals(error.code, "io");
  await Deno.remove(runtimeRoot);
});

Deno.test("launchPod() a start that fails leaves the log of another one alone, and its own behind", async () => {
  await inFolder(async (root) => {
    const pod = await launchPod({
      command: listener("agent", root),
      podName: "agent",
      runtimeRoot: root,
    });
    try {
      const before = await Deno.readTextFile(`${root}/agent/stderr.log`);
      await assertRejects(() =>
        launchPod({
          command: ["sh", "-c", "echo 'error: taken' >&2; exit 1"],
          podName: "agent",
          runtimeRoot: root,
        })
      );
      assertEquals(await Deno.readTextFile(`${root}/agent/stderr.log`), before);
      const failed = await Deno.readTextFile(`${root}/agent/stderr.failed.log`);
      assertEquals(failed, "error: taken\n");
    } finally {
      await pod.process.stop();
    }
  });
});

Deno.test("launchPod() needs no more than a command", async () => {
  await inFolder(async (root) => {
    await Deno.mkdir(`${root}/agent`);
    const pod = await launchPod({ command: listener("agent", root) });
    await pod.process.stop();
    assertEquals([pod.name, pod.socketPath], ["agent", `${root}/agent/sock`]);
    await assertRejects(
      () => launchPod({ command: ["sh", "-c", "echo 'error: no' >&2; exit 4"] }),
      FleetError,
      "error: no",
    );
  });
});
