/**
 * The configuration file of a supervisor: JSON with comments and trailing commas.
 *
 * Source: supervisor specification, section 2; decision 48.
 *
 * @module
 */

import { parse } from "@std/jsonc";
import { dirname, resolve } from "@std/path";
import type { z } from "zod";
import { ConfigError } from "./config_error.ts";
import { SUPERVISE_SCHEMA } from "./supervise_schema.ts";

/** Characters of a wrong value that are shown. */
const MAX_SHOWN = 60;

/** What a configuration file says of children; structurally what a supervisor is started with. */
export type SuperviseFile = Omit<z.output<typeof SUPERVISE_SCHEMA>, "$schema">;

/**
 * Reads the text of a configuration file. Working directories come out absolute: those of the file
 * are relative to its folder, which is also where a child works that names none.
 *
 * @param path Of the file, absolute; errors name it.
 * @throws {ConfigError} `bad_file`, naming the file and either the line and column or the JSON path
 * of what is wrong, and what is expected there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseSuperviseFile } from "./supervise_file.ts";
 *
 * const text = `{
 *   "children": [{ "name": "web", "command": ["web", "--port", "80"] }], // one for now
 * }`;
 * assertEquals(parseSuperviseFile(text, "/srv/supervise.jsonc"), {
 *   children: [{ name: "web", command: ["web", "--port", "80"], cwd: "/srv" }],
 * });
 * ```
 */
export function parseSuperviseFile(text: string, path: string): SuperviseFile {
  const value = parseJsonc(text, path);
  const { success, data, error } = SUPERVISE_SCHEMA.safeParse(value);
  if (!success) throw new ConfigError("bad_file", `Cannot use "${path}": ${faultOf(error, value)}`);
  const { $schema: _, children, ...rest } = data;
  const folder = dirname(path);
  return {
    ...rest,
    children: children.map((child) => ({ ...child, cwd: resolve(folder, child.cwd ?? ".") })),
  };
}

/**
 * Reads a configuration file.
 *
 * @throws {ConfigError} `bad_file`, as {@linkcode parseSuperviseFile}, and when there is no such
 * file, or none that can be read as text.
 */
export async function readSuperviseFile(path: string): Promise<SuperviseFile> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await Deno.readFile(path));
  } catch (cause) {
    throw new ConfigError("bad_file", `Cannot read "${path}": ${reasonOf(cause)}`, { cause });
  }
  return parseSuperviseFile(text, path);
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof TypeError) return "it is not UTF-8 text";
  return error instanceof Error ? error.message : String(error);
}

function parseJsonc(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new ConfigError("bad_file", `Cannot read "${path}": it is nested too deeply`, {
        cause,
      });
    }
    if (!(cause instanceof SyntaxError)) throw cause;
    const [, problem, position] = /^Cannot parse JSONC: (.*?)(?: in JSONC at position (\d+))?$/s
      .exec(cause.message) ?? [undefined, cause.message];
    const before = text.slice(0, position === undefined ? text.length : Number(position));
    const line = before.split("\n").length;
    const column = before.length - before.lastIndexOf("\n");
    const message = `Cannot read "${path}", line ${line}, column ${column}: ${inOneLine(problem!)}`;
    throw new ConfigError("bad_file", message, { cause });
  }
}

/** What the file says is quoted in errors, also its line breaks. */
function inOneLine(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\0-\x1f]/g, (control) => JSON.stringify(control).slice(1, -1));
}

/** The first thing that is wrong; a key that is unknown often explains one that is missing. */
function faultOf({ issues }: z.ZodError, root: unknown): string {
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]!;
  const { path, message } = issue;
  switch (issue.code) {
    case "unrecognized_keys":
      return `${jsonPath([...path, issue.keys[0]!])} is an unknown key: it must be ${message}`;
    case "invalid_key":
      return `${jsonPath(path)} is no key: it must be ${message}`;
    default:
      return `${jsonPath(path)} must be ${message}, ${found(valueAt(root, path))}`;
  }
}

function jsonPath(keys: readonly PropertyKey[]): string {
  const steps = keys.map((key) =>
    typeof key === "number"
      ? `[${key}]`
      : /^[A-Za-z_$][\w$]*$/.test(String(key))
      ? `.${String(key)}`
      : `[${JSON.stringify(String(key))}]`
  );
  return `$${steps.join("")}`;
}

function valueAt(root: unknown, keys: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of keys) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function found(value: unknown): string {
  if (value === undefined) return "but it is missing";
  if (Array.isArray(value)) return value.length === 0 ? "not an empty list" : "not a list";
  if (typeof value === "object" && value !== null) return "not an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return `not ${text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}...`}`;
}
