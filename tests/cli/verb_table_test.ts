import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { runCommand } from "../../lib/process/run_command.ts";
import { loadVerb } from "../../lib/cli/load_verb.ts";
import { VERBS } from "../../lib/cli/verb_table.ts";
import { loadKnownVerb } from "../../lib/cli/whole_program.ts";

const CLI = fromFileUrl(new URL("../../lib/cli", import.meta.url));

Deno.test("VERBS holds every verb once, each with a file that loads", async () => {
  const names = VERBS.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  const files: string[] = [];
  for await (const { name } of Deno.readDir(`${CLI}/verbs`)) files.push(name);
  assertEquals(files.length, VERBS.length);
  for (const { name } of VERBS) {
    assertEquals(typeof (await loadVerb(name)).run, "function", name);
    assertEquals((await loadKnownVerb(name)).run, (await loadVerb(name)).run, name);
  }
});

Deno.test("the program is started with no verb's file in sight, and can show all of them", async () => {
  const started = await runtimeGraph(`${CLI}/../../cli.ts`);
  assertEquals(started.filter((file) => file.includes("/verbs/")), []);
  assert(started.length < 40, `${started.length} files are read at every start`);
  const whole = await runtimeGraph(`${CLI}/whole_program.ts`);
  assertEquals(whole.filter((file) => file.includes("/verbs/")).length, VERBS.length);
  assertMatch(await Deno.readTextFile(`${CLI}/../../cli.ts`), /^import type .*whole_program.ts"/m);
});

Deno.test("VERBS tells flags and operands apart: names are plain, the rest comes last", () => {
  for (const { name, flags, operands } of VERBS) {
    for (const flag of flags) assert(/^[a-z][a-z-]*$/.test(flag.name), `${name} ${flag.name}`);
    assertEquals(new Set(flags.map((flag) => flag.name)).size, flags.length);
    const rest = operands.findIndex(({ isRest }) => isRest);
    assert(rest < 0 || rest === operands.length - 1, name);
  }
});

Deno.test("a verb that only looks loads neither models nor tools", async () => {
  const heavy = /\/lib\/(worker|tools|host|tui|pod)\/|^zod|^@ai-sdk|ripgrep|^@std\/toml/;
  for (const file of ["run_cli.ts", "verbs/list.ts", "verbs/stop.ts", "verbs/events.ts"]) {
    const loaded = await staticGraph(`${CLI}/${file}`);
    assertEquals([...loaded].filter((path) => heavy.test(path)), [], file);
    assert(loaded.size > 5, file);
  }
});

Deno.test("yoi supervise loads next to nothing before it hears signals", async () => {
  const loaded = await staticGraph(`${CLI}/verbs/supervise.ts`);
  const rooms = [...loaded].filter((path) =>
    /\/lib\/(?!cli\/|process\/signals)|^(zod|@std)/.test(path)
  );
  assertEquals(rooms, []);
  assert([...loaded].some((path) => path.endsWith("/process/signals.ts")));
});

Deno.test("yoi ticket list loads what reads lists, and nothing of Pods or of changes", async () => {
  const loaded = new Set<string>();
  for (const file of ["run_cli.ts", "verbs/ticket_list.ts"]) {
    for (const path of await staticGraph(`${CLI}/${file}`)) loaded.add(path);
  }
  const foreign = /\/lib\/(pod|fleet|client|session|process|worker|tools|host|tui)\//;
  const needless = /^(zod|@std\/(yaml|toml|cli))|\/ticket\/(store|disk|doctor|ticket_reader)\.ts$/;
  const all = [...loaded];
  assertEquals(all.filter((path) => foreign.test(path) || needless.test(path)), []);
  assert(all.some((path) => path.endsWith("/ticket/ticket_list.ts")));
});

Deno.test("a ticket verb that only reads loads nothing that writes", async () => {
  const place = await staticGraph(`${CLI}/ticket_place.ts`);
  assertEquals([...place].filter((path) => path.includes("/lib/ticket/")), []);
  for (const verb of ["show", "search", "log", "ready", "next", "board", "graph"]) {
    const loaded = await staticGraph(`${CLI}/verbs/ticket_${verb}.ts`);
    const writing = [...loaded].filter((path) => /\/ticket\/(store|disk|ticket_writer)/.test(path));
    assertEquals(writing, [], verb);
  }
});

/** The files that the runtime reads before it runs a module: behind imports of both kinds. */
async function runtimeGraph(entry: string): Promise<string[]> {
  const command = [Deno.execPath(), "info", "--json", entry];
  const { stdout } = await runCommand({ command, maxOutputBytes: 16 << 20 });
  const { modules, roots } = JSON.parse(stdout) as { modules: GraphModule[]; roots: string[] };
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const found = new Set(roots);
  for (const specifier of found) { // grows while it is walked
    for (const { code } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (code?.specifier?.startsWith("file:")) found.add(code.specifier);
    }
  }
  return [...found];
}

interface GraphModule {
  specifier: string;
  dependencies?: { code?: { specifier?: string } }[];
}

/** Everything that a module loads when it is loaded, types left out. */
async function staticGraph(entry: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const text = (await Deno.readTextFile(entry)).replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const imports = text.matchAll(/^(?:import|export) (?!type\b)[^;]*?from "([^"]+)"/gm);
  for (const [, specifier = ""] of imports) {
    if (!specifier.startsWith(".")) seen.add(specifier);
    else if (specifier.endsWith(".ts")) await staticGraph(join(dirname(entry), specifier), seen);
  }
  return seen;
}
