import { assertEquals, assertStringIncludes } from "@std/assert";
import { runCli } from "../../lib/cli/run_cli.ts";
import { LockFile } from "../../lib/file/lock_file.ts";
import { until } from "../process/_system.ts";
import { inRoot } from "../ticket/_written_root.ts";
import { memoryContext } from "./_sinks.ts";

Deno.test("openStore() has a long wait for another writer told on stderr", () =>
  inRoot(async (root) => {
    await Deno.mkdir(root);
    const { context, stdout, stderr } = memoryContext({ USER: "alice" });
    const held = LockFile.tryAcquire(`${root}/.ticket-backend.lock`);
    const line = ["ticket", "create", "--title", "Cache the index", "--root", root];
    const created = runCli(line, context);
    await until(() => stderr.text !== "");
    assertEquals([stdout.text, stderr.text], [
      "",
      "yoi ticket: waiting for another writer\n",
    ]);
    held?.[Symbol.dispose]();
    assertEquals(await created, 0);
  }));

Deno.test("openStore() obeys nothing that the file of a holder says", () =>
  inRoot(async (root) => {
    await Deno.mkdir(root);
    const { context, stderr } = memoryContext({ USER: "alice" });
    const holder = { pid: Deno.pid, since: "\x1b[2J" };
    await Deno.writeTextFile(`${root}/.ticket-backend.holder`, JSON.stringify(holder));
    const held = LockFile.tryAcquire(`${root}/.ticket-backend.lock`);
    const created = runCli(["ticket", "create", "--title", "x", "--root", root], context);
    await until(() => stderr.text !== "");
    held?.[Symbol.dispose]();
    await created;
    assertStringIncludes(stderr.text, `for process ${Deno.pid} since \\x1b[2J, `);
  }));
