/** Mending the end of a log that its lock holder found. @module */

import type { LogDiagnostic, LogEnd } from "./_log_file.ts";
import { SessionError } from "./session_error.ts";

/**
 * Makes a log end in a whole line: a torn tail moves to a sibling file, durably there before it goes
 * from here, and a last line without line feed gets one.
 *
 * @param file The log, open for reading and writing, its lock held, and read to its end.
 * @param now Milliseconds since the Unix epoch, for the sibling's name.
 * @throws {SessionError} `locked` when somebody writes to the file in spite of the lock;
 * `write_failed`.
 */
export async function mendEnd(
  file: Deno.FsFile,
  path: string,
  end: LogEnd,
  now: number,
): Promise<LogDiagnostic[]> {
  const { tail, kind } = end;
  if (kind === "clean") return [];
  const size = tail.start + tail.bytes.length;
  if ((await file.stat()).size !== size) {
    const message = `Cannot mend the end of "${path}": somebody else is writing to it`;
    throw new SessionError("locked", message, { path });
  }
  try {
    if (kind === "whole") return [await addLineEnd(file, path, size, tail.line)];
    const sibling = await saveTail(path, tail.bytes, now);
    await file.truncate(tail.start);
    await file.syncData();
    const message = `The torn end of "${path}" (line ${tail.line}, ${tail.bytes.length} bytes) ` +
      `was moved to "${sibling}"`;
    return [{ code: "tail_moved", message, line: tail.line }];
  } catch (cause) {
    throw new SessionError("write_failed", `Cannot mend the end of "${path}"`, { path, cause });
  }
}

async function addLineEnd(
  file: Deno.FsFile,
  path: string,
  size: number,
  line: number,
): Promise<LogDiagnostic> {
  await file.seek(size, Deno.SeekMode.Start);
  await file.write(Uint8Array.of(10));
  await file.syncData();
  const message = `The last line of "${path}" (line ${line}) had no line feed and got one`;
  return { code: "line_end_added", message, line };
}

/** Writes the tail to a file that was not there before. */
async function saveTail(path: string, bytes: Uint8Array, now: number): Promise<string> {
  for (let stamp = now;; stamp++) {
    const sibling = `${path}.torn-${stamp}`;
    let file: Deno.FsFile;
    try {
      file = await Deno.open(sibling, { write: true, createNew: true });
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      throw error;
    }
    using opened = file;
    for (let at = 0; at < bytes.length;) at += await opened.write(bytes.subarray(at));
    await opened.syncData();
    return sibling;
  }
}
