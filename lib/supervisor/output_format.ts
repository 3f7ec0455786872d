/** @module */

import type { LinePumpOptions } from "./line_pump.ts";

/** The two outputs of a child. */
export type OutputStream = "stdout" | "stderr";

/** How the output of children is written: `name | line`, or a JSON object a line. */
export type OutputFormat = "plain" | "json";

/** Whose lines are written, and how. */
export interface OutputFormatOptions {
  /** The form; `plain` if not given. */
  format?: OutputFormat;
  /** Whether the plain form colours the name. */
  colour?: boolean;
  /** Name of the child. */
  child: string;
  /** Process id of the incarnation. */
  pid: number;
  /** Which of its outputs. */
  stream: OutputStream;
  /** Time in milliseconds since 1970; the system's if not given. */
  now?: () => number;
}

/** The part of the pump's options that makes the form. */
export type LineForm = Pick<LinePumpOptions, "prefix" | "render">;

/** The form of one output of one incarnation, for `pumpLines`. */
export function lineForm(options: OutputFormatOptions): LineForm {
  const { format = "plain", colour = false, child } = options;
  return format === "json" ? { render: jsonLine(options) } : { prefix: plainPrefix(child, colour) };
}

/** `name | ` as bytes; with `colour` the name has one of six colours, always the same. */
export function plainPrefix(name: string, colour: boolean): Uint8Array {
  return new TextEncoder().encode(
    colour ? `\x1b[${colourOf(name)}m${name}\x1b[0m | ` : `${name} | `,
  );
}

/**
 * Writes lines as `{"at","child","pid","stream","line"}`. A line is read as UTF-8, what is not becomes
 * U+FFFD; a letter that lies across two pieces of a line is not torn, and pieces with more to follow
 * carry `"goesOn":true`.
 */
export function jsonLine(
  options: Pick<OutputFormatOptions, "child" | "pid" | "stream" | "now">,
): (line: Uint8Array, goesOn: boolean) => string {
  const { child, pid, stream, now = Date.now } = options;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // Many lines come in one millisecond: what they share is made once.
  let time: number | undefined;
  let head = "";
  return (bytes, goesOn) => {
    const latest = now();
    if (latest !== time) {
      time = latest;
      const at = new Date(time).toISOString();
      head = `${JSON.stringify({ at, child, pid, stream }).slice(0, -1)},"line":`;
    }
    const line = JSON.stringify(decoder.decode(bytes, { stream: goesOn }));
    return `${head}${line}${goesOn ? ',"goesOn":true' : ""}}\n`;
  };
}

/** The colours of terminals that are readable on dark and light ground, without the red of errors. */
const COLOURS = [32, 33, 34, 35, 36, 92];

function colourOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) % 65_521;
  return COLOURS[sum % COLOURS.length]!;
}
