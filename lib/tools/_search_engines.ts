/** @module */

import { findRipgrep } from "./_find_ripgrep.ts";
import { RipgrepEngine } from "./_ripgrep.ts";
import type { SearchEngine } from "./_search.ts";
import { toolEnvironment } from "./_tool_environment.ts";
import { WalkEngine } from "./_walk_engine.ts";

/** Gives the engine to search with; the first call looks for one. */
export type FindEngine = (options: { signal: AbortSignal }) => Promise<SearchEngine>;

/** How an engine is chosen. */
export interface EngineOptions {
  env: (name: string) => string | undefined;
  /** Path of a ripgrep, or `false` for the TypeScript walk. Without it one is looked for. */
  ripgrep?: string | false;
}

/** Makes a function that looks for an engine once, when the first search needs it. */
export function engineFinder(options: EngineOptions): FindEngine {
  let found: SearchEngine | undefined;
  return async ({ signal }) => found ??= await chooseEngine(options, signal);
}

async function chooseEngine(options: EngineOptions, signal: AbortSignal): Promise<SearchEngine> {
  const { env, ripgrep = await findRipgrep({ env, signal }) } = options;
  return ripgrep ? new RipgrepEngine(ripgrep, toolEnvironment(env)) : new WalkEngine({ env });
}
