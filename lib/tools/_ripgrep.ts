/** @module */

import { relative } from "@std/path";
import { runCommand } from "../process/run_command.ts";
import { escapeGlob } from "./_glob.ts";
import { ChunkSplitter } from "./_chunk_splitter.ts";
import {
  type Continue,
  type FileSelection,
  type FoundLine,
  type SearchEngine,
  SearchSyntaxError,
  type TextQuery,
  type TextVisitor,
  VERSION_CONTROL_FOLDERS,
} from "./_search.ts";
import { ToolError } from "./tool_error.ts";

const LINE_FEED = 10;
const NUL = 0;

/** Searches with a ripgrep process, which ends with its group when the call does. */
export class RipgrepEngine implements SearchEngine {
  readonly #program: string;
  readonly #env: Record<string, string>;

  /**
   * @param program Path of a ripgrep, version 13 or later.
   * @param env Its whole environment.
   */
  constructor(program: string, env: Record<string, string>) {
    this.#program = program;
    this.#env = env;
  }

  async listFiles(
    selection: FileSelection,
    onFile: (path: string) => Continue,
    options: { signal: AbortSignal },
  ): Promise<void> {
    const paths = new ChunkSplitter(NUL, (record) => {
      const path = new TextDecoder().decode(record);
      return selection.mayRead(path) ? onFile(path) : undefined;
    });
    const end = await this.#run(
      ["--files", "--null", ...selectionFlags(selection), "--", selection.base],
      selection.base,
      paths,
      options.signal,
    );
    // Folders that cannot be read are passed over, as a listing by hand would.
    if (end.failure !== undefined && readFaults(end.failure) === undefined) {
      throw new ToolError("execution_failed", `Cannot list files: ${end.failure.trim()}`);
    }
  }

  async searchText(
    query: TextQuery,
    visitor: TextVisitor,
    options: { signal: AbortSignal },
  ): Promise<void> {
    const output = query.filesOnly
      ? new ChunkSplitter(NUL, (record) => {
        const path = new TextDecoder().decode(record);
        return query.mayRead(path) ? visitor.onFile(path) : undefined;
      })
      : new ChunkSplitter(LINE_FEED, (record) => visitMessage(record, query, visitor));
    const end = await this.#run(queryFlags(query), query.base, output, options.signal);
    if (end.failure === undefined) return;
    const faults = readFaults(end.failure);
    if (faults === undefined) throw syntaxError(end.failure);
    for (const fault of faults) if (query.mayRead(fault.path)) visitor.onUnreadable(fault);
  }

  async #run(
    flags: readonly string[],
    cwd: string,
    output: ChunkSplitter,
    signal: AbortSignal,
  ): Promise<{ failure?: string }> {
    const { status, stderr, stopped } = await runCommand({
      // Globs are relative to the working directory; results are as absolute as the base.
      command: [this.#program, "--no-config", "--color=never", ...flags],
      cwd,
      env: this.#env,
      clearEnv: true,
      signal,
      onStdout: (chunk) => output.push(chunk),
    });
    // 1 says that nothing was found; a program that was stopped says nothing.
    if (stopped || status.code === 0 || status.code === 1) return {};
    return { failure: stderr };
  }
}

function queryFlags(query: TextQuery): string[] {
  const flags = ["--sort=path", "--crlf", query.ignoreCase ? "--ignore-case" : "--case-sensitive"];
  if (query.multiline) flags.push("--multiline", "--multiline-dotall");
  if (query.filesOnly) flags.push("--files-with-matches", "--null");
  else flags.push("--json", `--before-context=${query.before}`, `--after-context=${query.after}`);
  if (query.only !== undefined) {
    // Named on the command line a binary file would be searched, unlike one that was met.
    flags.push("--no-ignore", "--hidden", "--max-depth=1", `--glob=/${escapeGlob(query.only)}`);
  } else {
    if (query.glob !== undefined) flags.push(`--glob=${query.glob}`);
    if (query.type !== undefined) flags.push(`--type=${query.type}`);
    flags.push(...selectionFlags(query));
  }
  return [...flags, `--regexp=${query.pattern}`, "--", query.base];
}

function selectionFlags(selection: FileSelection): string[] {
  const flags: string[] = [];
  if (selection.noIgnore) flags.push("--no-ignore");
  if (selection.hidden) {
    flags.push("--hidden", ...VERSION_CONTROL_FOLDERS.map((name) => `--glob=!${name}`));
  }
  for (const path of selection.closed) {
    flags.push(`--glob=!/${escapeGlob(relative(selection.base, path))}`);
  }
  return flags;
}

/** A text of ripgrep's JSON output: `bytes`, in Base64, when it is not UTF-8. */
type Text = { text: string } | { bytes: string };

function visitMessage(record: Uint8Array, query: TextQuery, visitor: TextVisitor): Continue {
  const message: {
    type: string;
    data: { path: Text; lines: Text; line_number: number };
  } = JSON.parse(new TextDecoder().decode(record));
  if (message.type !== "match" && message.type !== "context") return;
  const path = decodeText(message.data.path);
  if (!query.mayRead(path)) return;
  const isMatch = message.type === "match";
  // A match over several lines is one message.
  const lines = decodeText(message.data.lines).match(/[^\n]*\n|[^\n]+$/g) ?? [""];
  for (const [index, line] of lines.entries()) {
    const found: FoundLine = {
      path,
      number: message.data.line_number + index,
      text: line.replace(/\r?\n$/, ""),
      isMatch,
    };
    if (visitor.onLine(found) === "stop") return "stop";
  }
}

function decodeText(text: Text): string {
  return "text" in text
    ? text.text
    : new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.fromBase64(text.bytes));
}

/**
 * The files ripgrep could not read, from its stderr; `undefined` when it says something else, which
 * it does only before it searches.
 */
function readFaults(stderr: string): { path: string; reason: string }[] | undefined {
  const faults = stderr.split("\n").filter((line) => line !== "").map((line) =>
    /^rg: (?<path>\/.*?): (?<reason>.*\(os error \d+\))$/.exec(line)?.groups
  );
  if (faults.length === 0 || faults[0] === undefined) return undefined;
  return faults.flatMap((fault) => fault ? [{ path: fault.path!, reason: fault.reason! }] : []);
}

function syntaxError(stderr: string): Error {
  const lines = stderr.trim().split("\n").map((line) => line.replace(/^(rg|error): /, "").trim());
  const fault = /^error: (.*)$/m.exec(stderr)?.[1] ?? lines[0] ?? "";
  if (/error parsing glob/.test(stderr)) {
    return new SearchSyntaxError("glob", fault.replace(/^error parsing glob '.*?': /, ""));
  }
  if (/unrecognized file type/.test(stderr)) return new SearchSyntaxError("type", fault);
  if (/regex|literal/.test(stderr)) return new SearchSyntaxError("regex", fault);
  return new ToolError("execution_failed", `Cannot run ripgrep: ${lines.join(" ")}`);
}
