import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type CommandResult, runCommand } from "../../lib/process/run_command.ts";
import { PERMISSION_FLAGS } from "../../lib/process/self_command.ts";
import { ROOT } from "../../tools/_project.ts";

Deno.test("run_tests.ts closes with the totals of what it ran, and fails when a test did", async () => {
  const { status, stdout } = await runTests(`
    Deno.test("good", () => {});
    Deno.test("bad", () => { throw new Error("no"); });
    Deno.test.ignore("not now", () => {});
  `);
  assertEquals(closing(stdout), "1 passed, 1 failed, 1 skipped");
  assertEquals(status.code, 1);
});

Deno.test("run_tests.ts succeeds when all tests do", async () => {
  const { status, stdout } = await runTests(`
    Deno.test("good", () => {});
  `);
  assertEquals(closing(stdout), "1 passed, 0 failed");
  assertEquals(status.code, 0);
});

Deno.test("run_tests.ts counts a file that cannot be loaded as a failure", async () => {
  const { status, stdout } = await runTests(`Deno.test("never", () => {}); throw new Error("no");`);
  assertEquals(closing(stdout), "0 passed, 1 failed");
  assertEquals(status.code, 1);
});

async function runTests(program: string): Promise<CommandResult> {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "sample_test.ts");
    await Deno.writeTextFile(file, program);
    const script = `${ROOT}/tools/run_tests.ts`;
    return await runCommand({
      command: [Deno.execPath(), "run", ...PERMISSION_FLAGS, script, file],
      env: { NO_COLOR: "1" },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function closing(output: string): string | undefined {
  return output.trimEnd().split("\n").at(-1);
}
