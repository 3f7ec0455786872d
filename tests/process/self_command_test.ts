import { assertEquals, assertThrows } from "@std/assert";
import { ProcessError } from "../../lib/process/process_error.ts";
import { runCommand } from "../../lib/process/run_command.ts";
import {
  MAX_SPAWN_DEPTH,
  nextSpawnDepth,
  PERMISSION_FLAGS,
  selfCommand,
  SPAWN_DEPTH_VARIABLE,
} from "../../lib/process/self_command.ts";
import { testProgram } from "./_system.ts";

const deno = {
  execPath: "/usr/bin/deno",
  standalone: false,
  runtimeCommand: "",
  loadingFlags: [],
};

Deno.test("selfCommand(): a module is run by Deno with named permissions", () => {
  assertEquals(selfCommand({ ...deno, mainModule: "file:///srv/yoi/cli.ts" }), [
    "/usr/bin/deno",
    "run",
    ...PERMISSION_FLAGS,
    "file:///srv/yoi/cli.ts",
  ]);
  assertEquals(PERMISSION_FLAGS.filter((flag) => !/^--allow-[a-z]{3,5}$/.test(flag)), []);
});

Deno.test("selfCommand(): what decided over the packages of this run decides over the next", () => {
  const loadingFlags = ["--config", "/root/.deno/bin/.yoi/deno.json"];
  const words = selfCommand({ ...deno, loadingFlags, mainModule: "file:///srv/yoi/cli.ts" });
  assertEquals(words.slice(-3), [...loadingFlags, "file:///srv/yoi/cli.ts"]);
});

Deno.test("selfCommand() finds the configuration that the running program was started with", async () => {
  const folder = await Deno.makeTempDir();
  const program = testProgram("print_self_command.ts", "words");
  const module = program.at(-2)!;
  await Deno.writeTextFile(`${folder}/deno.json`, "{}");
  const { stdout, stderr } = await runCommand({
    command: [...program.slice(0, -2), "--config", "deno.json", "--no-lock", module, "words"],
    cwd: folder,
    env: { YOI_POD_RUNTIME_COMMAND: "" },
  });
  const cwd = await Deno.realPath(folder);
  await Deno.remove(folder, { recursive: true });
  assertEquals(stderr, "");
  assertEquals(JSON.parse(stdout).slice(-4), [
    "--config",
    `${cwd}/deno.json`,
    "--no-lock",
    module,
  ]);
});

Deno.test("selfCommand(): a compiled program is its own executable, without flags", () => {
  const options = { ...deno, execPath: "/opt/yoi", standalone: true, mainModule: "file:///x" };
  assertEquals(selfCommand(options), ["/opt/yoi"]);
});

Deno.test("selfCommand(): YOI_POD_RUNTIME_COMMAND replaces the program and is not split", () => {
  for (const standalone of [true, false]) {
    const options = { ...deno, standalone, mainModule: "file:///x", runtimeCommand: "/a b/pod -x" };
    assertEquals(selfCommand(options), ["/a b/pod -x"]);
  }
});

Deno.test("selfCommand() starts the running program again, one deeper", async () => {
  const { stdout, stderr } = await runCommand({
    command: testProgram("print_self_command.ts", "again"),
    env: { YOI_POD_RUNTIME_COMMAND: "", [SPAWN_DEPTH_VARIABLE]: "2" },
  });
  assertEquals([stdout, stderr], ["child at depth 3\n", ""]);
});

Deno.test("nextSpawnDepth() counts, and stops a program that starts itself for ever", () => {
  const at = (depth?: string) =>
    nextSpawnDepth(new Map(depth === undefined ? [] : [[SPAWN_DEPTH_VARIABLE, depth]]));
  assertEquals([at(), at(""), at("0"), at("1"), at("7")], [1, 1, 1, 2, MAX_SPAWN_DEPTH]);
  assertEquals([at("much"), at("-3"), at("1.5")], [1, 1, 1]);
  for (const depth of ["8", "9", "100"]) {
    assertEquals(assertThrows(() => at(depth), ProcessError).code, "too_deep");
  }
});
