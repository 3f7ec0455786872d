/** @module */

import { join } from "@std/path";
import { runCommand } from "../process/run_command.ts";
import { ToolError } from "./tool_error.ts";

/** Where a ripgrep is looked for. */
export interface FindRipgrepOptions {
  env: (name: string) => string | undefined;
  signal?: AbortSignal;
}

/** How long a candidate may take to say its version, and the package to be fetched. */
const ANSWER_MS = 5_000;
const PACKAGE_MS = 20_000;

/**
 * Finds a ripgrep that runs: the program `YOI_RG` names, one in `PATH`, one that came with the npm
 * package `@vscode/ripgrep`. What the permissions of this process do not allow is passed over
 * without a question to the person.
 *
 * @returns Its path; `undefined` when there is none.
 * @throws {ToolError} `execution_failed` when `YOI_RG` names something that is no ripgrep.
 */
export async function findRipgrep(options: FindRipgrepOptions): Promise<string | undefined> {
  const { env, signal } = options;
  const named = env("YOI_RG");
  if (named) {
    if (await isRipgrep(named, signal)) return named;
    throw new ToolError(
      "execution_failed",
      `Cannot run ripgrep: YOI_RG names "${named}", which is no ripgrep this process may run; ` +
        "correct or unset it",
    );
  }
  for (const folder of (env("PATH") ?? "").split(":")) {
    const path = join(folder, "rg");
    if (folder.startsWith("/") && await isFile(path) && await isRipgrep(path, signal)) return path;
  }
  const packaged = await findPackaged(signal);
  return packaged !== undefined && await isRipgrep(packaged, signal) ? packaged : undefined;
}

/** Whether a program may be run and says that it is ripgrep. */
async function isRipgrep(path: string, signal: AbortSignal | undefined): Promise<boolean> {
  const permission = await Deno.permissions.query({ name: "run", command: path });
  if (permission.state !== "granted") return false;
  try {
    const { status, stdout } = await runCommand({
      command: [path, "--version"],
      timeoutMs: ANSWER_MS,
      ...(signal && { signal }),
    });
    return status.code === 0 && stdout.startsWith("ripgrep ");
  } catch {
    // Whatever is wrong with a candidate, the next one is as good; only an abort ends the search.
    signal?.throwIfAborted();
    return false;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    // Absent and unreadable are one here: there is nothing to run.
    return false;
  }
}

/** The binary of the npm package. Bundles and compiled programs hold none. */
async function findPackaged(signal: AbortSignal | undefined): Promise<string | undefined> {
  // The package reads this variable; without the permission it would ask the person for it.
  const permission = await Deno.permissions.query({ name: "env", variable: "npm_config_arch" });
  if (permission.state !== "granted") return undefined;
  // Put together, so that no bundler follows it: the package must stay out of bundles.
  const specifier = ["@vscode", "ripgrep"].join("/");
  const timeout = AbortSignal.timeout(PACKAGE_MS);
  const ended = AbortSignal.any(signal === undefined ? [timeout] : [timeout, signal]);
  const { promise: end, resolve } = Promise.withResolvers<undefined>();
  const onEnd = () => resolve(undefined);
  ended.addEventListener("abort", onEnd, { once: true });
  try {
    const module: unknown = await Promise.race([import(specifier), end]);
    signal?.throwIfAborted();
    const path = (module as { rgPath?: unknown } | undefined)?.rgPath;
    return typeof path === "string" ? path : undefined;
  } catch {
    // Not installed, not for this platform, or not reachable: the walk in TypeScript does the work.
    signal?.throwIfAborted();
    return undefined;
  } finally {
    ended.removeEventListener("abort", onEnd);
  }
}
