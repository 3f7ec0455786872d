/**
 * What can name a Pod, and where its socket can lie. It imports no package, so that a controller can
 * use it.
 *
 * Source: protocol specification, section 4.1 and P13; sessions-and-pods specification, B.1 and B.3.
 *
 * @module
 */

import { ConfigError } from "./config_error.ts";

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
 * import { assert } from "@std/assert";
 * import { defaultPodName } from "./pod_name.ts";
 *
 * assert(defaultPodName("/home/me/my app") === "my-app");
 * assert(defaultPodName("/") === "workspace");
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
