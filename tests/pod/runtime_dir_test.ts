import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { PodError } from "../../lib/pod/mod.ts";
import { RuntimeDir } from "../../lib/pod/runtime_dir.ts";
import { modeOf, namesIn, readText } from "./_files.ts";
import { say, ScriptedEngine } from "./_scripted_engine.ts";
import { TestPod } from "./_test_pod.ts";

async function withRoot(work: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "yoi-" });
  try {
    await work(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function refusalOf(work: () => Promise<unknown>): Promise<PodError> {
  return await assertRejects(work, PodError);
}

Deno.test("RuntimeDir.create() P13: says what is wrong with a name", async () => {
  await withRoot(async (root) => {
    for (const podName of ["", ".", "..", "a/b", "a\0b", "a\nb", "locks", "pods.json"]) {
      const error = await refusalOf(() => RuntimeDir.create({ runtimeRoot: root, podName }));
      assertEquals(error.code, "invalid", podName);
      assertStringIncludes(error.message, `Cannot name a Pod ${JSON.stringify(podName)}: `);
    }
    assertEquals(namesIn(root), []);
  });
});

Deno.test("RuntimeDir.create() P13: a socket path over 107 bytes is refused with its length", async () => {
  await withRoot(async (root) => {
    const podName = "é".repeat(60);
    const error = await refusalOf(() => RuntimeDir.create({ runtimeRoot: root, podName }));
    assertEquals(error.code, "invalid");
    assertStringIncludes(error.message, "107");
    assertStringIncludes(error.message, "YOI_RUNTIME_DIR");
    const longest = "n".repeat(107 - new TextEncoder().encode(`${root}//sock`).length);
    await using pod = await TestPod.start(new ScriptedEngine(), {
      root,
      runtimeRoot: root,
      name: longest,
    });
    const { client } = await pod.connect();
    await client.close();
  });
});

Deno.test("RuntimeDir.create() P11: private folders, and none that others may write to", async () => {
  await withRoot(async (root) => {
    const runtimeRoot = `${root}/new/run`;
    {
      await using dir = await RuntimeDir.create({ runtimeRoot, podName: "a" });
      for (const path of [runtimeRoot, dir.path, `${runtimeRoot}/locks`]) {
        assertEquals(modeOf(path), 0o700, path);
      }
      assertEquals(modeOf(`${dir.path}/pid`), 0o600);
    }
    await Deno.chmod(runtimeRoot, 0o777);
    const error = await refusalOf(() => RuntimeDir.create({ runtimeRoot, podName: "a" }));
    assertEquals(error.code, "invalid");
    assertStringIncludes(error.message, "chmod go-w");
    await Deno.chmod(runtimeRoot, 0o755);
    await Deno.mkdir(`${runtimeRoot}/open`, { mode: 0o755 });
    await using dir = await RuntimeDir.create({ runtimeRoot, podName: "open" });
    assertEquals(modeOf(dir.path), 0o700);
  });
});

Deno.test("PodController P12: a second Pod of one name refuses and leaves the first untouched", async () => {
  await using first = await TestPod.start(new ScriptedEngine(say("hi")));
  const files = () => namesIn(first.handle.runtimeDir);
  const before = files();
  const error = await refusalOf(() => TestPod.start(new ScriptedEngine(), { root: first.root }));
  assertEquals(error.code, "already_running");
  assertStringIncludes(error.message, `pid ${Deno.pid}`);
  assertEquals(files(), before);
  await first.runToEnd();
  const { client } = await first.connect();
  await client.close();
});

Deno.test("PodController takes over what a dead Pod of its name left", async () => {
  await withRoot(async (root) => {
    const folder = `${root}/run/agent`;
    await Deno.mkdir(`${folder}/bash-output`, { recursive: true, mode: 0o700 });
    await Deno.chmod(`${root}/run`, 0o700);
    await Deno.writeTextFile(`${folder}/pid`, "1");
    await Deno.writeTextFile(`${folder}/status.json`, "{torn");
    await leaveDeadSocket(`${folder}/sock`);
    await using pod = await TestPod.start(new ScriptedEngine(say("hi")), { root });
    assertEquals(pod.statusFile().state, "idle");
    const { client } = await pod.connect();
    await client.close();
  });
});

Deno.test("PodController P12: refuses a name whose socket answers, lock or not", async () => {
  await withRoot(async (root) => {
    await Deno.mkdir(`${root}/run/agent`, { recursive: true, mode: 0o700 });
    using listener = Deno.listen({ transport: "unix", path: `${root}/run/agent/sock` });
    const accepting = listener.accept();
    const error = await refusalOf(() => TestPod.start(new ScriptedEngine(), { root }));
    (await accepting).close();
    assertEquals(error.code, "already_running");
    assertStringIncludes(error.message, "something answers");
    assert(await Deno.stat(`${root}/run/agent/sock`));
  });
});

Deno.test("PodController can start again at once after its end", async () => {
  await withRoot(async (root) => {
    for (let count = 0; count < 3; count++) {
      await using pod = await TestPod.start(new ScriptedEngine(say("hi")), { root });
      await pod.runToEnd();
    }
    assertEquals(namesIn(`${root}/run`), ["locks"]);
  });
});

Deno.test("PodController P18: a start that fails leaves stderr.log and nothing else", async () => {
  await withRoot(async (root) => {
    const folder = `${root}/run/agent`;
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(`${folder}/stderr.log`, "why\n");
    const restore = {
      sessionId: "01980000-0000-7000-8000-000000000001",
      segmentId: "01980000-0000-7000-8000-000000000002",
    };
    await assertRejects(() => TestPod.start(new ScriptedEngine(), { root, restore }));
    assertEquals(namesIn(folder), ["stderr.log"]);
    {
      await using pod = await TestPod.start(new ScriptedEngine(), { root });
      assertEquals(pod.handle.status, "idle");
    }
    assertEquals(namesIn(`${root}/run`), ["locks"]);
  });
});

Deno.test("RuntimeDir P12: removes only what is still its own", async () => {
  await withRoot(async (root) => {
    {
      await using dir = await RuntimeDir.create({ runtimeRoot: root, podName: "agent" });
      dir.hasStarted = true;
      await Deno.writeTextFile(`${dir.path}/pid`, "1");
    }
    assertEquals(readText(`${root}/agent/pid`), "1");
  });
});

/** A socket file that nobody listens on: what is left of a killed Pod. */
async function leaveDeadSocket(path: string): Promise<void> {
  const listener = Deno.listen({ transport: "unix", path });
  await Deno.rename(path, `${path}.kept`);
  listener.close();
  await Deno.rename(`${path}.kept`, path);
}
