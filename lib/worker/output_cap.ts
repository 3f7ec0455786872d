/** How much of a tool's output the model gets. Source: worker-and-tools specification, D.4; W41. @module */

import type { ToolOutput } from "../engine/tool.ts";

/** Limits on tool output, in UTF-8 bytes. */
export interface ToolOutputLimits {
  /** Longest content of a result. Default 65536. */
  defaultMaxBytes?: number;
  /** Other limits for single tools, by name. */
  perTool?: Readonly<Record<string, number>>;
}

const DEFAULT_MAX_BYTES = 65536;
/** A summary is one or two lines; this much is only reached by runaway error texts. */
const MAX_SUMMARY_BYTES = 4096;
/** Room that the marker takes of the limit. */
const MARKER_BYTES = 68;

/** An output within its limits, and what was cut from it. */
export interface CappedOutput {
  output: ToolOutput;
  /** One line for the person for each part that was cut. */
  notices: string[];
}

/** Cuts an output to the limits of its tool. */
export function capOutput(
  toolName: string,
  output: ToolOutput,
  limits: ToolOutputLimits = {},
): CappedOutput {
  const perTool = limits.perTool ?? {};
  const maxBytes = (Object.hasOwn(perTool, toolName) ? perTool[toolName] : undefined) ??
    limits.defaultMaxBytes ?? DEFAULT_MAX_BYTES;
  const notices: string[] = [];
  const cap = (part: string, text: string, limit: number, separator: string): string => {
    const cut = cutText(text, limit, separator);
    if (cut === undefined) return text;
    notices.push(
      `The ${part} of a "${toolName}" call was cut: ${cut.bytes} bytes, the limit is ${limit}`,
    );
    return cut.text;
  };

  const summary = cap("summary", output.summary, MAX_SUMMARY_BYTES, " ");
  if (output.content === undefined) return { output: { ...output, summary }, notices };
  const content = cap("content", output.content, maxBytes, "\n\n");
  return { output: { ...output, summary, content }, notices };
}

function cutText(
  text: string,
  limit: number,
  separator: string,
): { text: string; bytes: number } | undefined {
  // A UTF-16 unit takes at most three bytes: short texts need no look at their bytes.
  if (text.length * 3 <= limit) return undefined;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= limit) return undefined;
  const end = letterBoundary(bytes, Math.max(0, limit - MARKER_BYTES));
  const marker = `[truncated: ${bytes.length - end} bytes dropped, refine your query]`;
  const kept = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, end));
  return { text: kept + separator + marker, bytes: bytes.length };
}

/** The last place at or before `end` where a letter begins. */
export function letterBoundary(bytes: Uint8Array, end: number): number {
  let boundary = Math.min(end, bytes.length);
  while (boundary > 0 && ((bytes[boundary] ?? 0) & 0xc0) === 0x80) boundary--;
  return boundary;
}

/** The first `maxBytes` bytes of a text, cut between letters. */
export function firstBytes(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    bytes.subarray(0, letterBoundary(bytes, maxBytes)),
  );
}
