import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { runCommand } from "../../lib/process/run_command.ts";
import { PERMISSION_FLAGS } from "../../lib/process/self_command.ts";
import { isEmbedded, parseEmbedded } from "../../tools/_embedded.ts";
import { ROOT } from "../../tools/_project.ts";
import { compileProgram } from "../../tools/compile.ts";

Deno.test("compileProgram() embeds what the program needs, and nothing else", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "yoi");
    const { report, starts } = await compileProgram(path, { runtime: Deno.execPath() });
    const embedded = parseEmbedded(report);

    const needed = await runningFiles("lib/cli/whole_program.ts");
    assert(needed.includes("lib/cli/verbs/run.ts") && needed.includes("lib/pod/step.ts"));
    assertEquals(needed.filter((file) => !isEmbedded(embedded, file)), []);

    const packages = embedded.filter((file) => file.startsWith(".deno_compile_node_modules/"));
    assert(packages.some((file) => file.includes("/zod/")));
    assert(packages.some((file) => file.includes("/deno-std/")));
    const foreign = /fast-check|pure-rand|typescript|dts-bundle|@vscode|(^|\/)tests?(\/|_)|bench/;
    const own = embedded.filter((file) => !file.startsWith("."));
    assertEquals(embedded.filter((file) => foreign.test(file)), []);
    assertEquals(own.filter((file) => !/^(cli\.ts$|deno\.json$|lib\/)/.test(file)), []);

    // Deno itself is no runtime for compiled programs, and that is noticed.
    assert(!starts);
    assertEquals(await namesIn(folder), ["yoi"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("compile.ts says in one line what is missing where no runtime can be fetched", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // Nothing is cached but the packages, and the way out leads to a port that nobody listens on.
    const cache = join(folder, "cache");
    await Deno.mkdir(cache);
    await Deno.symlink(await npmCache(), join(cache, "npm"));
    const { status, stdout, stderr } = await runCompile(join(folder, "out/yoi"), {
      DENO_DIR: cache,
      DENORT_BIN: "",
      HTTPS_PROXY: "http://127.0.0.1:1",
    });
    assertEquals(status.code, 3, stderr);
    assertMatch(stderr, /^yoi: Cannot compile: [^\n]*DENORT_BIN[^\n]*\n$/);
    assertEquals(stdout, "");
    assertEquals(await namesIn(join(folder, "out")), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("compile.ts fails when what it made does not start, and leaves none of it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "yoi");
    const { status, stderr } = await runCompile(path, { DENORT_BIN: Deno.execPath() });
    assertEquals(status.code, 1, stderr);
    assertMatch(stderr, /^yoi: Cannot compile: the program does not start, [^\n]*removed[^\n]*\n$/);
    assert(stderr.includes(`DENORT_BIN names "${Deno.execPath()}"`));
    assertEquals(await namesIn(folder), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function runCompile(path: string, env: Record<string, string>) {
  const command = [Deno.execPath(), "run", ...PERMISSION_FLAGS, `${ROOT}/tools/compile.ts`, path];
  return await runCommand({ command, env });
}

interface Module {
  specifier: string;
  dependencies?: { code?: { specifier?: string } }[];
}

/** The files of this project that run when `entry` does, relative to the checkout. */
async function runningFiles(entry: string): Promise<string[]> {
  const { modules } = await denoInfo<{ modules: Module[] }>(entry);
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const prefix = `file://${ROOT}/`;
  const found = new Set([prefix + entry]);
  for (const specifier of found) { // grows while it is walked
    for (const { code } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (code?.specifier?.startsWith(prefix)) found.add(code.specifier);
    }
  }
  return [...found].map((specifier) => specifier.slice(prefix.length));
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}

async function npmCache(): Promise<string> {
  return (await denoInfo<{ npmCache: string }>()).npmCache;
}

async function denoInfo<T>(...args: string[]): Promise<T> {
  const command = [Deno.execPath(), "info", "--json", ...args];
  const { stdout } = await runCommand({ command, cwd: ROOT, maxOutputBytes: 16 << 20 });
  return JSON.parse(stdout) as T;
}
