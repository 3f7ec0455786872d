/** Outputs that keep what they are given. */

import type { Context } from "../../lib/cli/context.ts";
import { Output, type Sink } from "../../lib/cli/terminal.ts";

/** Takes at most `step` bytes a write, and none after it was closed. */
export class MemorySink implements Sink {
  text = "";
  writes = 0;
  isClosed = false;
  /** As the device of that name does, which takes nothing. */
  isFull = false;

  constructor(
    readonly options: { isTerminal?: boolean; step?: number } = {},
  ) {}

  async write(bytes: Uint8Array): Promise<number> {
    await Promise.resolve();
    return this.writeSync(bytes);
  }

  writeSync(bytes: Uint8Array): number {
    if (this.isClosed) throw new Deno.errors.BrokenPipe("closed");
    if (this.isFull) throw new Error("No space left on device (os error 28)");
    const taken = bytes.subarray(0, this.options.step);
    this.text += new TextDecoder().decode(taken);
    this.writes += 1;
    return taken.length;
  }

  isTerminal(): boolean {
    return this.options.isTerminal ?? false;
  }
}

/** Surroundings with both outputs in memory. */
export function memoryContext(
  env: Record<string, string> = {},
): { context: Context; stdout: MemorySink; stderr: MemorySink } {
  const stdout = new MemorySink();
  const stderr = new MemorySink();
  const context: Context = {
    terminal: { stdout: new Output(stdout), stderr: new Output(stderr) },
    env: (name) => env[name],
    cwd: "/work",
    paths: () => ({ config: "/nowhere/config", data: "/nowhere", runtime: "/nowhere/run" }),
  };
  return { context, stdout, stderr };
}
