/** @module */

import type { Terminal } from "./terminal.ts";

/**
 * Both outputs of this process, the same one twice when they lead to the same file or pipe, as in
 * `yoi supervise 2>&1 | less`: two writers would tear each other's lines when the pipe is full.
 */
export async function superviseOutputs(terminal: Terminal): Promise<Terminal> {
  // The only way to ask for an open file without the permission for everything.
  const { fstatSync } = await import("node:fs");
  const [stdout, stderr] = [1, 2].map((descriptor) => fstatSync(descriptor));
  const isSame = stdout?.dev === stderr?.dev && stdout?.ino === stderr?.ino;
  return isSame ? { stdout: terminal.stdout, stderr: terminal.stdout } : terminal;
}
