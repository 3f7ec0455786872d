/** @module */

import { join } from "@std/path";
import { systemReason } from "../file/system_reason.ts";
import { LineMatcher, MatchTimeoutError } from "./_line_matcher.ts";
import { translateRegex } from "./_regex_syntax.ts";
import {
  type Continue,
  type FileSelection,
  type SearchEngine,
  SearchSyntaxError,
  type TextQuery,
  type TextVisitor,
} from "./_search.ts";
import { ToolError } from "./tool_error.ts";
import { readGlobalRules } from "./_global_ignore.ts";
import { walkFiles } from "./_walk.ts";

/** How the engine works. */
export interface WalkEngineOptions {
  env: (name: string) => string | undefined;
  /** Bound of the search of one file, in milliseconds. Default 10 s. */
  fileTimeoutMs?: number;
}

/** Files above this size are passed over and named: they would have to be held in memory. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Searches in TypeScript, for where there is no ripgrep, with the same results. */
export class WalkEngine implements SearchEngine {
  readonly #env: (name: string) => string | undefined;
  readonly #fileTimeoutMs: number | undefined;

  constructor(options: WalkEngineOptions) {
    this.#env = options.env;
    this.#fileTimeoutMs = options.fileTimeoutMs;
  }

  async listFiles(
    selection: FileSelection,
    onFile: (path: string) => Continue,
    options: { signal: AbortSignal },
  ): Promise<void> {
    const globals = await readGlobalRules(this.#env);
    const walk = walkFiles(selection, { globals, onUnreadable: () => {}, ...options });
    for await (const path of walk) {
      if (onFile(path) === "stop") return;
    }
  }

  async searchText(
    query: TextQuery,
    visitor: TextVisitor,
    options: { signal: AbortSignal },
  ): Promise<void> {
    const regex = translate(query);
    using matcher = new LineMatcher();
    for await (const path of await this.#files(query, visitor, options.signal)) {
      const bytes = await readWhole(path, visitor, options.signal);
      if (bytes === undefined || bytes.length === 0) continue;
      const { lines } = await this.#match(matcher, query, {
        ...regex,
        path,
        bytes,
        signal: options.signal,
      });
      if (query.filesOnly) {
        if (lines.length > 0 && visitor.onFile(path) === "stop") return;
        continue;
      }
      for (const line of lines) if (visitor.onLine({ path, ...line }) === "stop") return;
    }
  }

  async #files(
    query: TextQuery,
    visitor: TextVisitor,
    signal: AbortSignal,
  ): Promise<AsyncIterable<string> | Iterable<string>> {
    if (query.only !== undefined) return [join(query.base, query.only)].filter(query.mayRead);
    return walkFiles(query, {
      globals: await readGlobalRules(this.#env),
      onUnreadable: (folder) => visitor.onUnreadable(folder),
      signal,
      ...(query.glob === undefined ? {} : { glob: query.glob }),
      ...(query.type === undefined ? {} : { type: query.type }),
    });
  }

  async #match(
    matcher: LineMatcher,
    query: TextQuery,
    file: {
      path: string;
      bytes: Uint8Array;
      source: string;
      flags: string;
      signal: AbortSignal;
    },
  ) {
    const { path, signal, ...rest } = file;
    const request = {
      ...rest,
      multiline: query.multiline,
      before: query.before,
      after: query.after,
      maxMatches: query.filesOnly ? 1 : query.maxMatches,
    };
    try {
      return await matcher.match(request, {
        signal,
        ...(this.#fileTimeoutMs === undefined ? {} : { timeoutMs: this.#fileTimeoutMs }),
      });
    } catch (cause) {
      if (!(cause instanceof MatchTimeoutError)) throw cause;
      throw new ToolError(
        "execution_failed",
        `Cannot search "${path}": the pattern takes too long on it; use a simpler one, without ` +
          "nested repetitions",
        { cause },
      );
    }
  }
}

function translate(query: TextQuery) {
  try {
    return translateRegex(query.pattern, query);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SearchSyntaxError("regex", error.message, { cause: error });
  }
}

async function readWhole(
  path: string,
  visitor: TextVisitor,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    const { size } = await Deno.stat(path);
    if (size <= MAX_FILE_BYTES) return await Deno.readFile(path, { signal });
    visitor.onUnreadable({ path, reason: `larger than ${MAX_FILE_BYTES} bytes` });
  } catch (error) {
    signal.throwIfAborted();
    visitor.onUnreadable({ path, reason: systemReason(error) });
  }
}
