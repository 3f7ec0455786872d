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
  const env: ReadEnvironment = (name) => Deno.env.get(name);
  const cwd = Deno.cwd();
  return {
    terminal: systemTerminal(),
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
