/** @module */

import type { Tool } from "../engine/tool.ts";
import type { Scope } from "../scope/scope.ts";
import { FileTracker } from "./file_tracker.ts";
import { createGlobTool } from "./glob.ts";
import { createGrepTool } from "./grep.ts";
import { createReadTool } from "./read.ts";
import { engineFinder } from "./_search_engines.ts";

/** What the file tools work with. */
export interface FileToolsOptions {
  /** What they may touch. It stays live: a change counts from the next call on. */
  scope: Scope;
  /** Folder that searches start from by default; absolute. */
  cwd: string;
  /** Told of every file the model reads. Default: a new one. */
  tracker?: FileTracker;
  /** Reads environment variables: `YOI_RG`, `PATH`, `HOME`, `XDG_CONFIG_HOME`. Default: the process's. */
  env?: (name: string) => string | undefined;
  /**
   * Path of the ripgrep to search with, or `false` to search in TypeScript. Default: what `YOI_RG`
   * names, one in `PATH`, one from the npm package, else TypeScript; found at the first search.
   */
  ripgrep?: string | false;
}

/**
 * Makes the tools that look at files: Glob, Grep and Read, in this order.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { createFileTools } from "./default_tools.ts";
 * import { Scope } from "../scope/scope.ts";
 *
 * const cwd = await Deno.realPath(await Deno.makeTempDir());
 * await Deno.writeTextFile(`${cwd}/greeting.txt`, "hello\n");
 * const scope = await Scope.open({ allow: [{ target: cwd, permission: "read" }] });
 * const tools = createFileTools({ scope, cwd });
 *
 * const read = tools.find((tool) => tool.name === "Read")!;
 * const { content } = await read.execute({ file_path: `${cwd}/greeting.txt` }, {
 *   callId: "call-1",
 *   batchId: "tool-batch-1",
 *   index: 0,
 *   signal: new AbortController().signal,
 * });
 * assert(content === "     1\thello\n");
 * await Deno.remove(cwd, { recursive: true });
 * ```
 */
export function createFileTools(options: FileToolsOptions): Tool[] {
  const { scope, cwd, tracker = new FileTracker(), env = (name) => Deno.env.get(name) } = options;
  const findEngine = engineFinder({
    env,
    ...(options.ripgrep === undefined ? {} : { ripgrep: options.ripgrep }),
  });
  return [
    createGlobTool({ scope, cwd, findEngine }),
    createGrepTool({ scope, cwd, findEngine }),
    createReadTool({ scope, tracker }),
  ];
}
