import { assert, assertEquals } from "@std/assert";
import { DeveloperLog } from "../../lib/pod/developer_log.ts";
import { modeOf, namesIn, readText } from "./_files.ts";

async function inFolder(work: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "yoi-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("DeveloperLog.write() P27: one line an event, with its time, for this user only", async () => {
  await inFolder((folder) => {
    using log = new DeveloperLog(`${folder}/pod.log`, () => 0);
    log.write("Cannot report\nto the parent");
    assertEquals(
      readText(`${folder}/pod.log`),
      "1970-01-01T00:00:00.000Z Cannot report to the parent\n",
    );
    assertEquals(modeOf(`${folder}/pod.log`), 0o600);
  });
});

Deno.test("DeveloperLog.write() P27: stays bounded and keeps the part before", async () => {
  await inFolder((folder) => {
    using log = new DeveloperLog(`${folder}/pod.log`);
    for (let number = 0; number < 30; number++) log.write(`${number} ${"x".repeat(100_000)}`);
    log.write("last");
    assertEquals(namesIn(folder), ["pod.log", "pod.log.1"]);
    const sizes = namesIn(folder).map((name) => readText(`${folder}/${name}`).length);
    assert(sizes.every((size) => size < 1_300_000));
    assert(readText(`${folder}/pod.log`).endsWith("last\n"));
  });
});

Deno.test("DeveloperLog.write() drops lines when its folder is gone or it is closed", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/run`);
    const log = new DeveloperLog(`${folder}/run/pod.log`);
    await Deno.remove(`${folder}/run`, { recursive: true });
    for (let number = 0; number < 15; number++) log.write("x".repeat(100_000));
    log[Symbol.dispose]();
    log.write("late");
    assertEquals(namesIn(folder), []);
  });
});
