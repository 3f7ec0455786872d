import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type CommandResult, runCommand } from "../../lib/process/run_command.ts";
import { PERMISSION_FLAGS } from "../../lib/process/self_command.ts";
import { bundleProgram } from "../../tools/_bundle_program.ts";
import { VERSION } from "../../tools/_project.ts";

Deno.test("bundleProgram() writes one file that works far from this checkout", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    const program = join(folder, "yoi.js");
    await bundleProgram(program);

    await t.step("it knows its version", async () => {
      const { status, stdout } = await run(folder, ["--version"]);
      assertEquals([status.code, stdout.trim()], [0, `yoi ${VERSION}`]);
    });

    await t.step("it may be started by its name", async () => {
      const text = await Deno.readTextFile(program);
      assertStringIncludes(
        text.slice(0, text.indexOf("\n")),
        "#!/usr/bin/env -S deno run --allow-",
      );
      assertEquals((await Deno.stat(program)).mode! & 0o111, 0o111);
    });

    await t.step("it names no path of the machine that built it", async () => {
      const text = await Deno.readTextFile(program);
      const { stdout } = await deno(folder, ["info", "--json"]);
      const { denoDir } = JSON.parse(stdout) as { denoDir: string };
      assertEquals(text.split("\n").filter((line) => line.includes(denoDir)), []);
      assertEquals(text.match(/\/npm\/registry\./g), null);
    });

    await t.step("its Pod searches files and quotes them", async () => {
      const workspace = join(folder, "workspace");
      await Deno.mkdir(workspace);
      await Deno.writeTextFile(join(workspace, "fruit.ts"), "export class Quince {}\n");
      const env = { YOI_HOME: join(folder, "home") };
      const args = ["run", "searcher", "Where is Quince defined?"];
      try {
        const { status, stdout, stderr } = await run(folder, args, { cwd: workspace, env });
        assertEquals(status.code, 0, stderr);
        assertStringIncludes(stdout, "fruit.ts:1");
      } finally {
        await run(folder, ["stop", "searcher"], { cwd: workspace, env });
      }
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

interface Surroundings {
  cwd?: string;
  env?: Record<string, string>;
}

async function run(
  folder: string,
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<CommandResult> {
  const command = ["run", "--no-prompt", ...PERMISSION_FLAGS, join(folder, "yoi.js"), ...args];
  return await deno(folder, command, surroundings);
}

async function deno(
  folder: string,
  args: readonly string[],
  { cwd = folder, env = {} }: Surroundings = {},
): Promise<CommandResult> {
  return await runCommand({ command: [Deno.execPath(), ...args], cwd, env });
}
