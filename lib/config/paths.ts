/**
 * Where things lie: the three base folders and the paths below them.
 *
 * Source: sessions-and-pods specification, section G; protocol specification, section 4.1.
 *
 * @module
 */

import { join } from "@std/path";
import { ConfigError } from "./config_error.ts";
import { checkPodName } from "./pod_name.ts";

/** Reads one environment variable, for example `(name) => Deno.env.get(name)`. */
export type ReadEnvironment = (name: string) => string | undefined;

/** The three base folders. Nothing says that they exist. */
export interface Paths {
  /** What people write: profiles, prompts, providers. */
  config: string;
  /** What has to last: sessions and Pod records. */
  data: string;
  /** What a reboot may take: sockets, locks, status files. */
  runtime: string;
}

/**
 * Finds the base folders. For each the first variable that is set counts; an empty one is unset.
 *
 * @throws {ConfigError} `no_directory` when none of a folder's variables is set.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { resolvePaths } from "./paths.ts";
 *
 * const environment = new Map([["HOME", "/home/me"], ["XDG_RUNTIME_DIR", "/run/user/1000"]]);
 * const paths = resolvePaths((name) => environment.get(name));
 * assert(paths.config === "/home/me/.config/yoi");
 * assert(paths.data === "/home/me/.yoi");
 * assert(paths.runtime === "/run/user/1000/yoi");
 * ```
 */
export function resolvePaths(env: ReadEnvironment): Paths {
  return {
    config: resolveConfigDir(env),
    data: resolveDataDir(env),
    runtime: resolveRuntimeDir(env),
  };
}

/**
 * The folder of what people write.
 *
 * @throws {ConfigError} `no_directory` when no variable names it.
 */
export function resolveConfigDir(env: ReadEnvironment): string {
  return firstDirectory(env, "configuration folder", [
    ["YOI_CONFIG_DIR", ""],
    ["YOI_HOME", "config"],
    ["XDG_CONFIG_HOME", "yoi"],
    ["HOME", ".config/yoi"],
  ]);
}

/**
 * The folder of what has to last. There is no XDG variable among its names, so that a home folder
 * moved to another machine finds its sessions.
 *
 * @throws {ConfigError} `no_directory` when no variable names it.
 */
export function resolveDataDir(env: ReadEnvironment): string {
  return firstDirectory(env, "data folder", [
    ["YOI_DATA_DIR", ""],
    ["YOI_HOME", ""],
    ["HOME", ".yoi"],
  ]);
}

/**
 * The folder of sockets, locks and status files.
 *
 * @throws {ConfigError} `no_directory` when no variable names it.
 */
export function resolveRuntimeDir(env: ReadEnvironment): string {
  return firstDirectory(env, "runtime folder", [
    ["YOI_RUNTIME_DIR", ""],
    ["YOI_HOME", "run"],
    ["XDG_RUNTIME_DIR", "yoi"],
    ["HOME", ".yoi/run"],
  ]);
}

/** Where the session logs lie. */
export function sessionsRoot(data: string): string {
  return join(data, "sessions");
}

/** Where each Pod's record lies. */
export function podsRoot(data: string): string {
  return join(data, "pods");
}

/** Where the lock files lie, one a name; nothing ever removes this folder. */
export function locksDir(runtime: string): string {
  return join(runtime, "locks");
}

/**
 * The folder a live Pod keeps its socket and status in.
 *
 * @throws {ConfigError} `bad_pod_name`, so that no name leads out of the runtime folder.
 */
export function podRuntimeDir(runtime: string, name: string): string {
  checkPodName(name);
  return join(runtime, name);
}

/**
 * The socket a Pod of this name listens on.
 *
 * @throws {ConfigError} `bad_pod_name`. The length is not looked at: see `checkSocketPath`.
 */
export function podSocketPath(runtime: string, name: string): string {
  return join(podRuntimeDir(runtime, name), "sock");
}

function firstDirectory(
  env: ReadEnvironment,
  what: string,
  candidates: readonly (readonly [variable: string, below: string])[],
): string {
  for (const [variable, below] of candidates) {
    const base = env(variable);
    if (base) return below === "" ? base : join(base, below);
  }
  const names = candidates.map(([variable]) => variable);
  throw new ConfigError(
    "no_directory",
    `Cannot find the ${what}: none of ${names.join(", ")} is set`,
  );
}
