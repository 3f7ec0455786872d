import { assert, assertEquals } from "@std/assert";
import { basename, dirname, fromFileUrl, join, relative } from "@std/path";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** The row of each room; imports go to lower rows only. */
const ROWS: Record<string, number> = {
  stream: 0,
  file: 0,
  process: 1,
  protocol: 1,
  session: 2,
  scope: 2,
  config: 2,
  ticket: 2,
  supervisor: 2,
  client: 2,
  engine: 3,
  tools: 4,
  worker: 5,
  pod: 6,
  fleet: 7,
  host: 8,
  tui: 8,
  cli: 9,
};

/** Entries whose whole graph holds relative files only. */
const PLAIN_ENTRIES = [
  "./json-lines",
  "./protocol",
  "./client",
  "./session",
  "./controller",
  "./supervisor",
];
/** Entries whose graph may also hold `@std`. */
const STD_ENTRIES = ["./tickets"];

interface Module {
  /** Relative to the top of the project. */
  path: string;
  text: string;
  imports: Import[];
}

interface Import {
  specifier: string;
  isDynamic: boolean;
}

const modules = readModules("lib");
const byPath = new Map(modules.map((module) => [module.path, module]));

Deno.test("every room of lib/ has its row", () => {
  const rooms = [...Deno.readDirSync(join(ROOT, "lib"))]
    .filter((entry) => entry.isDirectory)
    .map((entry) => entry.name);
  assertEquals(rooms.filter((room) => !(room in ROWS)), []);
});

Deno.test("parts of the runtime for Node programs are loaded only when used: they cost 25 ms of a start", () => {
  const faults = modules.flatMap(({ path, imports }) =>
    imports.filter(({ specifier, isDynamic }) => specifier.startsWith("node:") && !isDynamic)
      .map(({ specifier }) => `${path} -> ${specifier}`)
  );
  assertEquals(faults, []);
});

Deno.test("imports go to lower rows only, to files that the room's door shows", () => {
  const faults: string[] = [];
  for (const module of modules) {
    const room = roomOf(module.path);
    for (const { specifier } of module.imports) {
      if (!specifier.startsWith(".")) continue;
      const target = join(dirname(module.path), specifier);
      const targetRoom = roomOf(target);
      if (targetRoom === room) continue;
      const arrow = `${module.path} -> ${target}`;
      if (targetRoom === undefined) {
        if (!(room === "cli" && target === "deno.json")) faults.push(`${arrow}: outside lib/`);
        continue;
      }
      if (!(ROWS[targetRoom]! < ROWS[room!]!)) faults.push(`${arrow}: not a lower row`);
      if (basename(target).startsWith("_")) faults.push(`${arrow}: a private file`);
      else if (!isShown(targetRoom, target)) faults.push(`${arrow}: not shown by its mod.ts`);
    }
  }
  assertEquals(faults, []);
});

Deno.test("no file of lib/ imports in a circle", () => {
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    assert(!trail.includes(path), `circle: ${[...trail, path].join(" -> ")}`);
    if (done.has(path)) return;
    const module = byPath.get(path);
    for (const { specifier, isDynamic } of module?.imports ?? []) {
      if (specifier.startsWith(".") && !isDynamic) {
        visit(join(dirname(path), specifier), [...trail, path]);
      }
    }
    done.add(path);
  };
  for (const { path } of modules) visit(path, []);
});

Deno.test("a door only re-exports, each name by name", () => {
  for (const { path, text } of modules) {
    if (basename(path) !== "mod.ts") continue;
    assert(!/export (type )?\*/.test(text), `${path} re-exports everything of a file`);
    const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
    const rest = code.replaceAll(/export (type )?\{[^}]*\} from "[^"]+";/g, "").trim();
    assertEquals(rest, "", `${path} does more than re-export`);
  }
});

Deno.test("files that a door tells of are there", () => {
  for (const { path, text } of modules) {
    if (basename(path) !== "mod.ts") continue;
    const told = Array.from(text.matchAll(/`([\w/]+\.ts)`/g), ([, name]) => name!);
    assertEquals(told.filter((name) => !byPath.has(join(dirname(path), name))), [], path);
  }
});

Deno.test("the light entries load nothing but files of this project", () => {
  const { exports } = JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.json"))) as {
    exports: Record<string, string>;
  };
  for (const entry of [...PLAIN_ENTRIES, ...STD_ENTRIES]) {
    const { files, bare } = graphOf(exports[entry]!.slice(2));
    const allowed = STD_ENTRIES.includes(entry) ? /^@std\// : /^$/;
    assertEquals([...bare].filter((name) => !allowed.test(name)), [], `${entry} imports a package`);
    for (const room of ["worker", "tools", "tui", "cli", "host", "fleet"]) {
      const loaded = [...files].filter((file) => file.startsWith(`lib/${room}/`));
      assertEquals(loaded, [], `${entry} loads ${room}`);
    }
  }
});

Deno.test("./json-lines is one file", () => {
  assertEquals(byPath.get("lib/stream/json_lines.ts")?.imports, []);
});

Deno.test("the library prints nothing", () => {
  const faults = modules
    .filter(({ path }) => !path.startsWith("lib/cli/"))
    .filter(({ text }) =>
      /\bconsole\.(?!assert)|Deno\.(stdout|stderr)\b/.test(withoutComments(text))
    )
    .map(({ path }) => path);
  assertEquals(faults, []);
});

Deno.test("files of lib/ and tests/ are named in snake_case", () => {
  const names = [...modules, ...readModules("tests")].map(({ path }) => basename(path));
  assertEquals(names.filter((name) => !/^_?[a-z0-9]+(_[a-z0-9]+)*(\.d)?\.tsx?$/.test(name)), []);
});

function readModules(folder: string): Module[] {
  const found: Module[] = [];
  for (const entry of Deno.readDirSync(join(ROOT, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory && entry.name !== "data") found.push(...readModules(path));
    if (!entry.isFile || !/\.tsx?$/.test(entry.name) || entry.name.endsWith(".d.ts")) continue;
    const text = Deno.readTextFileSync(join(ROOT, path));
    found.push({ path: relative(ROOT, join(ROOT, path)), text, imports: importsOf(text) });
  }
  return found;
}

function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  const fixed = [...code.matchAll(/^\s*(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"/gm)];
  const bare = [...code.matchAll(/^\s*import\s*"([^"]+)"/gm)];
  const dynamic = [...code.matchAll(/\bimport\(\s*"([^"]+)"/g)];
  return [
    ...[...fixed, ...bare].map(([, specifier]) => ({ specifier: specifier!, isDynamic: false })),
    ...dynamic.map(([, specifier]) => ({ specifier: specifier!, isDynamic: true })),
  ];
}

/** Takes comments away, so that examples in them are not read as imports. */
function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\*\*[\s\S]*?\*\//gm, "").replaceAll(/^\s*\/\/.*$/gm, "");
}

function roomOf(path: string): string | undefined {
  const [top, room, file] = path.split("/");
  return top === "lib" && file !== undefined ? room : undefined;
}

function isShown(room: string, path: string): boolean {
  const door = `lib/${room}/mod.ts`;
  if (path === door) return true;
  return byPath.get(door)?.imports.some(({ specifier }) =>
    join(dirname(door), specifier) === path
  ) ?? false;
}

function graphOf(entry: string): { files: Set<string>; bare: Set<string> } {
  const files = new Set<string>();
  const bare = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    for (const { specifier } of byPath.get(path)?.imports ?? []) {
      if (specifier.startsWith(".")) visit(join(dirname(path), specifier));
      else bare.add(specifier);
    }
  };
  visit(entry);
  return { files, bare };
}
