/**
 * Where things lie: the three base folders and the paths below them.
 *
 * Source: sessions-and-pods specification, section G; protocol specification, section 4.1.
 *
 * @module
 */

import { join } from "@std/path";
import { ConfigError } from "./config_error.ts";

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
 * import { resolvePaths } from "./paths.ts";
 *
 * const environment = new Map([["HOME", "/home/me"], ["XDG_RUNTIME_DIR", "/run/user/1000"]]);
 * const paths = resolvePaths((name) => environment.get(name));
 * console.assert(paths.config === "/home/me/.config/yoi");
 * console.assert(paths.data === "/home/me/.yoi");
 * console.assert(paths.runtime === "/run/user/1000/yoi");
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
 * @throws {ConfigError} `bad_pod_name`. The length is not looked at: see {@linkcode checkSocketPath}.
 */
export function podSocketPath(runtime: string, name: string): string {
  return join(podRuntimeDir(runtime, name), "sock");
}

/** Longest Pod name in bytes: it must fit a file name with something added to it. */
export const MAX_POD_NAME_BYTES = 200;

/**
 * Refuses what cannot name a Pod: an empty text, `.` and `..`, slashes, control characters and line
 * separators, broken Unicode, more than {@linkcode MAX_POD_NAME_BYTES} bytes, and the names of the
 * runtime folder's own files.
 *
 * @throws {ConfigError} `bad_pod_name`.
 */
export function checkPodName(name: string): void {
  const reason = podNameFault(name);
  if (reason !== undefined) {
    throw new ConfigError("bad_pod_name", `Cannot name a Pod ${quote(name)}: ${reason}`);
  }
}

/**
 * The name of a Pod that was not given one: the last component of its workspace, with `-` for
 * everything but ASCII letters, digits, `-`, `_` and `.`; `workspace` when that names nothing.
 *
 * @example
 * ```ts
 * import { defaultPodName } from "./paths.ts";
 *
 * console.assert(defaultPodName("/home/me/my app") === "my-app");
 * console.assert(defaultPodName("/") === "workspace");
 * ```
 */
export function defaultPodName(workspace: string): string {
  const last = workspace.split("/").findLast((component) => component !== "") ?? "";
  const name = last.replace(/[^A-Za-z0-9\-_.]/gu, "-");
  const isUsable = /[A-Za-z0-9]/.test(name) && podNameFault(name) === undefined;
  return isUsable ? name : "workspace";
}

/** Longest path a Unix socket can have, in bytes; measured on Linux, section A of the hazards. */
export const MAX_SOCKET_PATH_BYTES = 107;

/**
 * Refuses a socket path that the system would refuse later and with less said.
 *
 * @throws {ConfigError} `socket_path_too_long`.
 */
export function checkSocketPath(path: string): void {
  const length = new TextEncoder().encode(path).length;
  if (length <= MAX_SOCKET_PATH_BYTES) return;
  throw new ConfigError(
    "socket_path_too_long",
    `Cannot listen on "${path}": the path has ${length} bytes and a Unix socket takes at most ` +
      `${MAX_SOCKET_PATH_BYTES}; set YOI_RUNTIME_DIR to a shorter folder or choose a shorter name`,
  );
}

function podNameFault(name: string): string | undefined {
  if (name === "") return "a name needs at least one character";
  if (name === "." || name === "..") return "that is a folder";
  if (name.includes("/")) return "a name has no slash";
  // Names go into tab-separated ready lines, tables and terminal titles.
  if (/[\p{Cc}\u2028\u2029]/u.test(name)) {
    return "a name has no control characters or line breaks";
  }
  if (!name.isWellFormed()) return "it is not valid Unicode";
  if (name === "locks" || name.startsWith("pods.json")) {
    return "the runtime folder keeps a file of its own under that name";
  }
  const length = new TextEncoder().encode(name).length;
  if (length > MAX_POD_NAME_BYTES) {
    return `it has ${length} bytes and ${MAX_POD_NAME_BYTES} are allowed`;
  }
  return undefined;
}

/** Quotes a text so that it can be shown: no character of it acts on a terminal. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
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
