/** @module */

import { z } from "zod";
import type { Tool } from "../engine/tool.ts";
import { checkReadableFile } from "../scope/check.ts";
import type { Scope } from "../scope/scope.ts";
import type { FileTracker } from "./file_tracker.ts";
import { parseInput, toInputSchema, unsigned } from "./_input.ts";
import { LineWindow } from "./_line_window.ts";
import { ToolError } from "./tool_error.ts";

/** What a Read tool works with. */
export interface ReadOptions {
  scope: Scope;
  /** Told of every file that was read. */
  tracker: FileTracker;
  /** Largest file it takes, in bytes. Default 256 MiB. */
  maxFileBytes?: number;
}

const Input = z.object({
  file_path: z.string().describe("Absolute path of the file."),
  offset: unsigned().optional().describe("Lines to skip from the start. Default 0."),
  limit: unsigned().optional().describe("Most lines to return. Default 2000."),
});

const DESCRIPTION = `Reads a text file and returns its lines with their numbers.

- file_path must be absolute. Symbolic links are followed.
- Returns up to 2000 lines; use offset (lines to skip) and limit for other parts of a long file. The summary says which lines of how many were returned.
- Each line is its number (from 1), a tab, and the text. Very long lines are cut and marked.
- Binary files and directories are refused; list a directory with Glob.`;

const DEFAULT_LIMIT = 2000;
const MAX_FILE_BYTES = 256 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/**
 * Makes the tool that shows a file to the model.
 *
 * The file is streamed: memory depends on what is shown, not on the size of the file. A partial view
 * still hashes the whole file.
 *
 * Source: worker-and-tools specification, section A.1.
 */
export function createReadTool(options: ReadOptions): Tool {
  const { scope, tracker, maxFileBytes = MAX_FILE_BYTES } = options;
  return {
    name: "Read",
    description: DESCRIPTION,
    inputSchema: toInputSchema(Input),
    async execute(input, { signal }) {
      const { file_path: path, offset = 0, limit = DEFAULT_LIMIT } = parseInput(
        "Read",
        Input,
        input,
      );
      signal.throwIfAborted();
      const real = await checkReadableFile(scope, path);
      const window = new LineWindow(offset, Math.max(limit, 1));
      // Imported at the top it would double the time in which the bundled program starts.
      const { createHash } = await import("node:crypto");
      const hash = createHash("sha256");
      for await (const chunk of readChunks(path, real, maxFileBytes, signal)) {
        hash.update(chunk);
        window.push(chunk);
      }
      const { first, last, total, text, isCut } = window.finish();
      tracker.record(real, hash.digest("hex"));
      const count = last - first + 1;
      const isWhole = count === total;
      const range = isWhole ? "" : ` [${first}..${last}] of ${total}`;
      const next = isCut ? `; continue with offset ${last}` : "";
      return { summary: `Read ${count} line(s)${range} from ${path}${next}`, content: text };
    },
  };
}

async function* readChunks(
  path: string,
  real: string,
  maxBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  // Opening a named pipe waits for a writer, so the kind is looked at first.
  const info = await Deno.stat(real);
  if (!info.isFile) throw refuse(path, "it is not a regular file");
  if (info.size > maxBytes) {
    throw refuse(path, `it has ${info.size} bytes and Read takes ${maxBytes}; search it with Grep`);
  }
  using file = await Deno.open(real);
  let position = 0;
  while (true) {
    signal.throwIfAborted();
    const buffer = new Uint8Array(CHUNK_BYTES);
    const size = await file.read(buffer);
    if (size === null) return;
    const chunk = buffer.subarray(0, size);
    const nul = position < CHUNK_BYTES ? chunk.indexOf(0) : -1;
    if (nul >= 0) throw refuse(path, `it is a binary file (NUL byte at ${position + nul})`);
    position += size;
    // Files that grow while they are read, and those of /proc, tell no true size.
    if (position > maxBytes) throw refuse(path, `it has more than ${maxBytes} bytes`);
    yield chunk;
  }
}

function refuse(path: string, why: string): ToolError {
  return new ToolError("invalid_argument", `Cannot read "${path}": ${why}`);
}
