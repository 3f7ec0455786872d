/** @module */

import { resolve } from "@std/path";
import type { Paths, ReadEnvironment } from "../config/paths.ts";
import { resolvePaths } from "../config/paths.ts";
import { systemTerminal, type Terminal } from "./terminal.ts";

/** What a verb finds around it. */
export interface Context {
  readonly terminal: Terminal;
  readonly env: ReadEnvironment;
  /** Working directory, absolute. */
  readonly cwd: string;
  /**
   * The base folders, absolute.
   *
   * @throws {ConfigError} `no_directory`.
   */
  paths(): Paths;
}

/** The surroundings of this process. */
export function systemContext(): Context {
  const env = systemEnvironment;
  const cwd = Deno.cwd();
  return {
    terminal: systemTerminal(env),
    env,
    cwd,
    paths: () => {
      const { config, data, runtime } = resolvePaths(env);
      return {
        config: resolve(cwd, config),
        data: resolve(cwd, data),
        runtime: resolve(cwd, runtime),
      };
    },
  };
}

/** A variable that the process may not read is none: whoever left it out wants it to have no say. */
function systemEnvironment(name: string): string | undefined {
  if (OPTIONAL.has(name) && !isReadable(name)) return undefined;
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

/** Variables that are too little to stop a person on a terminal for, asking to read them. */
const OPTIONAL: ReadonlySet<string> = new Set(["TERM", "USER", "YOI_DEBUG"]);

function isReadable(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted";
}
