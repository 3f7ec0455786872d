/**
 * The line by which a Pod process says that it listens.
 *
 * Source: protocol specification, section 5.4, P17.
 *
 * @module
 */

const PREFIX = "YOI-READY\t";

/** What a ready line says. */
export interface ReadyLine {
  /** Name of the Pod. */
  name: string;
  /** Where it listens. */
  socketPath: string;
}

/** The ready line of a Pod, newline included. */
export function readyLine(ready: ReadyLine): string {
  return `${PREFIX}${ready.name}\t${ready.socketPath}\n`;
}

/**
 * Reads a whole line of a Pod's stderr; `undefined` when it is no ready line.
 *
 * @throws {SyntaxError} when it is one and says too little.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { parseReadyLine, readyLine } from "./ready_line.ts";
 *
 * const line = readyLine({ name: "my agent", socketPath: "/run/my agent/sock" }).trimEnd();
 * assert(parseReadyLine(line)?.name === "my agent");
 * assert(parseReadyLine("compiling") === undefined);
 * ```
 */
export function parseReadyLine(line: string): ReadyLine | undefined {
  if (!line.startsWith(PREFIX)) return undefined;
  const rest = line.slice(PREFIX.length);
  const tab = rest.indexOf("\t");
  const name = tab < 0 ? rest : rest.slice(0, tab);
  const socketPath = tab < 0 ? "" : rest.slice(tab + 1);
  if (name === "" || socketPath === "") throw new SyntaxError(`malformed ready line "${line}"`);
  return { name, socketPath };
}
