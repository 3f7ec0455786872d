/**
 * What a supervisor is told to run.
 *
 * Source: supervisor specification, section 2.
 *
 * @module
 */

import {
  checkCommand,
  checkCount,
  checkEnvironment,
  checkFactor,
  checkMode,
  checkNames,
  checkOrder,
  checkReadyLine,
  checkSignal,
  checkText,
  checkTime,
} from "./_config_rules.ts";
import type { Backoff, RestartMode, RestartPolicy } from "./restart_policy.ts";

export type { Backoff, RestartMode } from "./restart_policy.ts";

/** One child process; everything but its name and its command has a default. */
export interface ChildConfig {
  /** Unique: `a-z`, `0-9`, `_` and `-`, at most 63 characters, the first one a letter or a digit. */
  readonly name: string;
  /** The program and its arguments; no shell looks at them. */
  readonly command: readonly string[];
  /** Working directory, absolute or relative to ours. Default ours. */
  readonly cwd?: string | undefined;
  /** Variables added to our environment. Default none. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Names of the children that have to be up first. Default none. */
  readonly startAfter?: readonly string[] | undefined;
  /** The child is ready once a line that it prints contains this. Default: as soon as it runs. */
  readonly readyLine?: string | undefined;
  /** How long it may take to print that line, in milliseconds. Default 5000. */
  readonly readyTimeoutMs?: number | undefined;
  /** The signal that asks it to end. Default `SIGTERM`. */
  readonly stopSignal?: string | undefined;
  /** How long after it the process group has before it is killed, in milliseconds. Default 5000. */
  readonly stopTimeoutMs?: number | undefined;
  /** When it is restarted by itself. Default `on-failure`. */
  readonly restart?: RestartMode | undefined;
  /** How long to wait before such a restart. Default 200 ms, doubled up to 10 s, reset after 30 s. */
  readonly backoff?: { readonly [Key in keyof Backoff]?: Backoff[Key] | undefined } | undefined;
  /** Consecutive automatic restarts before it is given up. Default 10. */
  readonly maxRestarts?: number | undefined;
  /** Whether its end for good ends the whole supervisor. Default `false`. */
  readonly critical?: boolean | undefined;
}

/** The children, and how long they have to end. */
export interface SupervisorConfig {
  /** How long the whole shutdown may take before the rest is killed, in milliseconds. Default 10000. */
  readonly shutdownTimeoutMs?: number | undefined;
  /** The children, at least one. */
  readonly children: readonly ChildConfig[];
}

/** A child with nothing left to choose. */
export interface CompleteChild extends RestartPolicy {
  /** Its name. */
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Working directory, absolute or relative to ours. */
  readonly cwd: string;
  /** Variables added to our environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of the children that have to be up first, each once. */
  readonly startAfter: readonly string[];
  /** What a line has to contain for the child to be ready; without it there is nothing to wait for. */
  readonly readyLine?: string;
  /** How long it may take to print that line, in milliseconds. */
  readonly readyTimeoutMs: number;
  /** The signal that asks it to end. */
  readonly stopSignal: Deno.Signal;
  /** How long after it the process group has before it is killed, in milliseconds. */
  readonly stopTimeoutMs: number;
  /** Whether its end for good ends the whole supervisor. */
  readonly critical: boolean;
}

/** A configuration with nothing left to choose. */
export interface CompleteConfig {
  /** How long the whole shutdown may take before the rest is killed, in milliseconds. */
  readonly shutdownTimeoutMs: number;
  /** The children in the order of the configuration. */
  readonly children: readonly CompleteChild[];
}

/**
 * Checks a configuration and fills in the defaults. Unknown keys and wrong types are the business of
 * whoever parsed it.
 *
 * @throws {SupervisorError} `invalid_config`, with the JSON path and the expected form of the first
 * value that is wrong.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { completeConfig } from "./supervisor_config.ts";
 *
 * const { children } = completeConfig({ children: [{ name: "web", command: ["serve"] }] });
 * assertEquals(children[0]?.stopSignal, "SIGTERM");
 * ```
 */
export function completeConfig(config: SupervisorConfig): CompleteConfig {
  const complete: CompleteConfig = {
    shutdownTimeoutMs: config.shutdownTimeoutMs ?? 10_000,
    children: config.children.map(completeChild),
  };
  checkTime("$.shutdownTimeoutMs", complete.shutdownTimeoutMs);
  checkNames("$.children", complete.children);
  complete.children.forEach((child, index) => checkChild(`$.children[${index}]`, child));
  checkOrder("$.children", complete.children);
  return complete;
}

function completeChild(child: ChildConfig): CompleteChild {
  const { readyLine } = child;
  return {
    name: child.name,
    // Both are proved by the checks that follow.
    command: [...child.command] as [string, ...string[]],
    stopSignal: (child.stopSignal ?? "SIGTERM") as Deno.Signal,
    cwd: child.cwd ?? ".",
    env: { ...child.env },
    startAfter: [...new Set(child.startAfter)],
    ...(readyLine === undefined ? {} : { readyLine }),
    readyTimeoutMs: child.readyTimeoutMs ?? 5_000,
    stopTimeoutMs: child.stopTimeoutMs ?? 5_000,
    restart: child.restart ?? "on-failure",
    backoff: {
      initialMs: child.backoff?.initialMs ?? 200,
      maxMs: child.backoff?.maxMs ?? 10_000,
      factor: child.backoff?.factor ?? 2,
      resetAfterMs: child.backoff?.resetAfterMs ?? 30_000,
    },
    maxRestarts: child.maxRestarts ?? 10,
    critical: child.critical ?? false,
  };
}

function checkChild(path: string, child: CompleteChild): void {
  checkCommand(`${path}.command`, child.command);
  checkText(`${path}.cwd`, child.cwd);
  checkEnvironment(`${path}.env`, child.env);
  checkReadyLine(`${path}.readyLine`, child.readyLine);
  checkTime(`${path}.readyTimeoutMs`, child.readyTimeoutMs);
  checkSignal(`${path}.stopSignal`, child.stopSignal);
  checkTime(`${path}.stopTimeoutMs`, child.stopTimeoutMs);
  checkMode(`${path}.restart`, child.restart);
  checkTime(`${path}.backoff.initialMs`, child.backoff.initialMs);
  checkTime(`${path}.backoff.maxMs`, child.backoff.maxMs);
  checkFactor(`${path}.backoff.factor`, child.backoff.factor);
  checkTime(`${path}.backoff.resetAfterMs`, child.backoff.resetAfterMs);
  checkCount(`${path}.maxRestarts`, child.maxRestarts);
}
