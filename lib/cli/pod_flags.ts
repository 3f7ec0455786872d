/** The flags with which a Pod is described. @module */

import { resolve } from "@std/path";
import type { ScopeRule } from "../protocol/scope_rule.ts";
import { ScopeError } from "../scope/scope_error.ts";
import { parseScopeFlag } from "../scope/scope_flag.ts";
import { CliError } from "./cli_error.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";

/** What a person wants of a Pod; what is missing is as it was, or the default. */
export interface PodWishes {
  model?: string;
  /** Absolute. */
  cwd?: string;
  scope?: ScopeRule[];
  callback?: string;
}

/**
 * Reads `--model`, `--cwd`, `--scope` and `--callback`; paths start at `cwd`.
 *
 * @throws {CliError} `usage` for a scope that is none.
 */
export function readPodWishes(args: ParsedArguments, cwd: string): PodWishes {
  const model = args.text("model");
  const folder = args.text("cwd");
  const callback = args.text("callback");
  const scope = args.texts("scope").map((flag) => readScope(flag, cwd));
  return {
    ...(model === undefined ? {} : { model: absoluteModel(model, cwd) }),
    ...(folder === undefined ? {} : { cwd: resolve(cwd, folder) }),
    ...(scope.length === 0 ? {} : { scope }),
    ...(callback === undefined ? {} : { callback }),
  };
}

/** The same wishes as flags of another start of this program. */
export function podFlags(wishes: PodWishes): string[] {
  return [
    ...(wishes.model === undefined ? [] : ["--model", wishes.model]),
    ...(wishes.cwd === undefined ? [] : ["--cwd", wishes.cwd]),
    ...(wishes.scope ?? []).flatMap((rule) => ["--scope", `${rule.target}:${rule.permission}`]),
    ...(wishes.callback === undefined ? [] : ["--callback", wishes.callback]),
  ];
}

/** A script's path is typed where the person is, not where the Pod works. */
function absoluteModel(model: string, cwd: string): string {
  const path = /^script:(.+)$/s.exec(model)?.[1];
  return path === undefined ? model : `script:${resolve(cwd, path)}`;
}

function readScope(flag: string, cwd: string): ScopeRule {
  try {
    return parseScopeFlag(flag, cwd);
  } catch (error) {
    if (error instanceof ScopeError) throw new CliError("usage", error.message, { cause: error });
    throw error;
  }
}
