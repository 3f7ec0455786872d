/** Quoting lines of files in Markdown. Part of the offline model. @module */

import type { Excerpt } from "./_offline_evidence.ts";

/** Longest quoted line, in UTF-16 units. */
const MAX_LINE = 160;

/** Some lines of a file as a code block below its `path:first-last`. */
export function quoteLines(path: string, lines: Excerpt["lines"]): string {
  const first = lines[0];
  const last = lines.at(-1);
  if (!first || !last) return `${code(path)} is empty there.`;
  const text = lines.map((line) => line.text).join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  const language = /\.(\w+)$/u.exec(path)?.[1] ?? "";
  return `\`${path}:${first.number}-${last.number}\`\n\n${fence}${language}\n${text}\n${fence}`;
}

/** A text as inline code, whatever backticks it holds. */
export function code(text: string): string {
  const clipped = clip(text);
  const run = longestRun(clipped);
  if (run === 0) return `\`${clipped}\``;
  const mark = "`".repeat(run + 1);
  return `${mark} ${clipped} ${mark}`;
}

/** A text cut to the length of one line. */
export function clip(text: string): string {
  return text.length > MAX_LINE ? `${text.slice(0, MAX_LINE - 1).toWellFormed()}…` : text;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/gu) ?? []).map((run) => run.length));
}

/** The block that begins with a line, with the comment above it if that is whole. */
export function around(excerpt: Excerpt, line: number): Excerpt {
  const { lines } = excerpt;
  const at = lines.findIndex((each) => each.number === line);
  if (at < 0) return excerpt;
  let start = at;
  while (start > 0 && COMMENT_LINE.test(lines[start - 1]?.text ?? "")) start--;
  if (start === at) start = Math.max(0, at - 2);
  else if (start === 0 && lines[0]?.number !== 1) start = at;
  return { ...excerpt, lines: lines.slice(start, blockEnd(lines.map((each) => each.text), at)) };
}

/** Where a block of braces that opens at a line is closed again, if it is. */
function blockEnd(lines: readonly string[], at: number): number | undefined {
  if (!/[{([]\s*$/u.test(lines[at] ?? "")) return undefined;
  const indent = /^\s*/u.exec(lines[at] ?? "")?.[0] ?? "";
  const end = lines.findIndex((text, index) =>
    index > at && text.startsWith(indent) && /^[})\]]+[;,]?$/u.test(text.slice(indent.length))
  );
  return end < 0 ? undefined : end + 1;
}

const COMMENT_LINE = /^\s*(\/\*|\*|\/\/|#[^!]|@|--|""")/u;

/** The lines of an excerpt that are not inside a code block. */
export function outsideFences(excerpt: Excerpt): Excerpt["lines"] {
  let inside = false;
  return excerpt.lines.filter((line) => {
    if (/^\s*```/u.test(line.text)) inside = !inside;
    return !inside;
  });
}
