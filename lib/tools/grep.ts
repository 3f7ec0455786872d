/** @module */

import { z } from "zod";
import type { Tool, ToolOutput } from "../engine/tool.ts";
import type { Scope } from "../scope/scope.ts";
import {
  FileCollector,
  LineCollector,
  type ResultCollector,
  type ResultRange,
} from "./_grep_results.ts";
import { inputError, parseInput, text, toInputSchema, unsigned } from "./_input.ts";
import { SearchSyntaxError, type TextQuery, type Unreadable } from "./_search.ts";
import type { FindEngine } from "./_search_engines.ts";
import { openSearchFolder, type SearchFolder } from "./_search_folder.ts";

/** What a Grep tool works with. */
export interface GrepOptions {
  scope: Scope;
  /** Folder that is searched when the call names none; absolute. */
  cwd: string;
  findEngine: FindEngine;
}

const Input = z.object({
  pattern: text().describe(
    "Regular expression in ripgrep's syntax: no look-around, no back-references.",
  ),
  path: text().optional().describe(
    "Absolute path of the directory or file to search. Default: the working directory.",
  ),
  glob: text().optional().describe(
    'Only files whose path matches, for example "*.ts" or "src/**/*.md"; "!*.min.js" excludes.',
  ),
  type: text().optional().describe('Only files of a type, for example "ts", "py" or "rust".'),
  output_mode: z.enum(["files_with_matches", "content", "count"]).optional().describe(
    "Names of files (default), matching lines, or number of matching lines a file.",
  ),
  "-n": z.boolean().optional().describe("Line numbers in content mode. Default true."),
  "-i": z.boolean().optional().describe("Ignore case. Default false."),
  "-A": unsigned().optional().describe("Lines of context after each match, in content mode."),
  "-B": unsigned().optional().describe("Lines of context before each match, in content mode."),
  "-C": unsigned().optional().describe("Lines of context around each match; overrides -A and -B."),
  multiline: z.boolean().optional().describe(
    "Let matches span lines; . then matches line ends too. Default false.",
  ),
  head_limit: unsigned().optional().describe(
    "Most files, or in content mode matching lines, to return. Default 250.",
  ),
  offset: unsigned().optional().describe("Files or matching lines to skip first. Default 0."),
  hidden: z.boolean().optional().describe(
    "Also search files and folders whose name begins with a dot. Default false.",
  ),
  include_ignored: z.boolean().optional().describe(
    "Also search what ignore files exclude. Default false.",
  ),
});
type GrepInput = z.output<typeof Input>;

const DESCRIPTION = `Searches the text of files with a regular expression.

- Ripgrep's syntax: literal braces are written \\{ and \\}; there is no look-around and there are no back-references. ^ and $ match at line ends.
- output_mode: "files_with_matches" (default) returns paths, "content" returns path:line:text (context lines path-line-text), "count" returns path:count.
- Narrow the search with path, glob or type. Hidden, ignored (.gitignore, .ignore) and binary files are skipped; symbolic links are not followed.
- Results are ordered by path. When the summary says "truncated", continue with offset or narrow the search.`;

const DEFAULT_LIMIT = 250;
/** Most context lines on one side; more would be reading the file. */
const MAX_CONTEXT = 1000;

/**
 * Makes the tool that searches text.
 *
 * Source: worker-and-tools specification, section A.6; decision 25.
 */
export function createGrepTool(options: GrepOptions): Tool {
  const { scope, cwd, findEngine } = options;
  return {
    name: "Grep",
    description: DESCRIPTION,
    inputSchema: toInputSchema(Input),
    async execute(input, { signal }) {
      const parsed = parseInput("Grep", Input, input, { strict: ["-i", "multiline"] });
      signal.throwIfAborted();
      const folder = await openSearchFolder(scope, parsed.path ?? cwd, { files: true });
      const range = { offset: parsed.offset ?? 0, limit: parsed.head_limit ?? DEFAULT_LIMIT };
      const query = toQuery(parsed, range, folder);
      const results = collector(parsed, query, range, folder);
      const unreadable: Unreadable[] = [];
      const engine = await findEngine({ signal });
      try {
        await engine.searchText(query, {
          onFile: (path) => results.file(path),
          onLine: (line) => results.line(line),
          onUnreadable: (file) => void unreadable.push(file),
        }, { signal });
      } catch (error) {
        if (error instanceof SearchSyntaxError) throw describeSyntax(error, parsed);
        throw error;
      }
      return withUnreadable(results.finish(), unreadable, folder);
    },
  };
}

function toQuery(input: GrepInput, range: ResultRange, folder: SearchFolder): TextQuery {
  const mode = input.output_mode ?? "files_with_matches";
  const context = (own: number | undefined) =>
    mode === "content" ? Math.min(input["-C"] ?? own ?? 0, MAX_CONTEXT) : 0;
  return {
    ...folder,
    pattern: input.pattern,
    ignoreCase: input["-i"] ?? false,
    multiline: input.multiline ?? false,
    hidden: input.hidden ?? false,
    noIgnore: input.include_ignored ?? false,
    filesOnly: mode === "files_with_matches",
    // One more than is shown tells whether something is missing.
    maxMatches: mode === "content" ? range.offset + range.limit + 1 : Infinity,
    before: context(input["-B"]),
    after: context(input["-A"]),
    ...(input.glob ? { glob: input.glob } : {}),
    ...(input.type ? { type: input.type } : {}),
  };
}

function collector(
  input: GrepInput,
  query: TextQuery,
  range: ResultRange,
  folder: SearchFolder,
): ResultCollector {
  const display = folder.display;
  switch (input.output_mode) {
    case "content":
      return new LineCollector({
        ...range,
        display,
        before: query.before,
        after: query.after,
        withNumbers: input["-n"] ?? true,
      });
    case "count":
      return new FileCollector({ ...range, display, withCounts: true });
    default:
      return new FileCollector({ ...range, display, withCounts: false });
  }
}

function describeSyntax(error: SearchSyntaxError, input: GrepInput): Error {
  const value = { regex: input.pattern, glob: input.glob, type: input.type }[error.part];
  const what = error.part === "type" ? "unknown type" : `invalid ${error.part}`;
  return inputError("Grep", `${what} ${JSON.stringify(value)}: ${error.message}`, error);
}

/** A file that could not be read does not end the call, but the model should know. */
function withUnreadable(
  output: ToolOutput,
  unreadable: readonly Unreadable[],
  folder: SearchFolder,
): ToolOutput {
  const [first] = unreadable;
  if (first === undefined) return output;
  const count = unreadable.length === 1 ? "1 path" : `${unreadable.length} paths`;
  const example = `${folder.display(first.path)}: ${first.reason}`;
  return { ...output, summary: `${output.summary}; ${count} could not be read (${example})` };
}
