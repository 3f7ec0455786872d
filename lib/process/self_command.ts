/** @module */

import { ownLoadingFlags } from "./_loading_flags.ts";
import { ProcessError } from "./process_error.ts";

/** What decides how this program is started; each has the real value as its default. */
export interface SelfCommandOptions {
  /** The running executable: Deno, or the compiled program. Default `Deno.execPath()`. */
  execPath?: string;
  /** Whether the executable is the compiled program. Default `Deno.build.standalone`. */
  standalone?: boolean;
  /** URL of the module that was started. Default `Deno.mainModule`. */
  mainModule?: string;
  /** Flags of `deno run`, default {@linkcode PERMISSION_FLAGS}. A compiled program has its own inside. */
  flags?: readonly string[];
  /**
   * Flags of `deno run` that say which configuration and lock file hold. Default those that this
   * program was started with, so that both runs load the same packages, fetched in advance.
   */
  loadingFlags?: readonly string[];
  /**
   * An executable to start in place of this program, one path without arguments. Default the
   * variable `YOI_POD_RUNTIME_COMMAND`; the empty string means none.
   */
  runtimeCommand?: string;
}

/** What the program needs: named one by one, so that what it may do is seen in the process list. */
export const PERMISSION_FLAGS: readonly string[] = [
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-run",
  "--allow-env",
  "--allow-sys",
];

/**
 * The words that start this program again, to which its own arguments are added. It works for
 * `deno run cli.ts`, the bundle, an installed script and the compiled binary: the first three are a
 * module that Deno runs, the last is an executable that takes no flags of Deno (given some, it would
 * take them for its own arguments and, if it then started itself, do so for ever: see
 * {@linkcode nextSpawnDepth}).
 *
 * @example
 * ```ts
 * import { selfCommand } from "./self_command.ts";
 * const compiled = selfCommand({ execPath: "/bin/yoi", standalone: true, runtimeCommand: "" });
 * if (compiled.join(" ") !== "/bin/yoi") throw new Error("no flags expected");
 * ```
 */
export function selfCommand(options: SelfCommandOptions = {}): string[] {
  const runtime = options.runtimeCommand ?? Deno.env.get("YOI_POD_RUNTIME_COMMAND");
  if (runtime) return [runtime];
  const execPath = options.execPath ?? Deno.execPath();
  if (options.standalone ?? Deno.build.standalone) return [execPath];
  const { flags = PERMISSION_FLAGS, mainModule = Deno.mainModule } = options;
  return [
    execPath,
    "run",
    ...flags,
    ...(options.loadingFlags ?? ownLoadingFlags(mainModule)),
    mainModule,
  ];
}

/** The variable that counts how many times this program has started itself, one inside the other. */
export const SPAWN_DEPTH_VARIABLE = "YOI_SPAWN_DEPTH";

/** How deep this program may start itself. */
export const MAX_SPAWN_DEPTH = 8;

/**
 * The value of {@linkcode SPAWN_DEPTH_VARIABLE} for a child of ours.
 *
 * @param env Our environment, default `Deno.env`.
 * @throws {ProcessError} `too_deep`, when the child would be one too many.
 *
 * @example
 * ```ts
 * import { nextSpawnDepth } from "./self_command.ts";
 * if (nextSpawnDepth(new Map([["YOI_SPAWN_DEPTH", "2"]])) !== 3) throw new Error("not counted");
 * ```
 */
export function nextSpawnDepth(
  env: { get(name: string): string | undefined } = Deno.env,
): number {
  const depth = Number(env.get(SPAWN_DEPTH_VARIABLE) ?? 0);
  // What is no number was not written by us; counting starts there.
  const next = Number.isSafeInteger(depth) && depth >= 0 ? depth + 1 : 1;
  if (next <= MAX_SPAWN_DEPTH) return next;
  throw new ProcessError(
    "too_deep",
    `Cannot start this program again: it has started itself ${depth} times, one inside the other`,
  );
}
