/** @module */

import type { Style } from "./style.ts";

/** What a line is about, which decides its mark and its colour. */
export type Tone =
  | "said"
  | "answer"
  | "call"
  | "result"
  | "failure"
  | "note"
  | "warn"
  | "error";

/** One line for people. */
export interface Line {
  tone: Tone;
  text: string;
}

/** A line. */
export function line(tone: Tone, text: string): Line {
  return { tone, text };
}

const MARKS: Readonly<Record<Tone, string>> = {
  said: "> ",
  answer: "",
  call: "  → ",
  result: "  ← ",
  failure: "  ✗ ",
  note: "  · ",
  warn: "  ! ",
  error: "  ! ",
};

const PAINTS: Readonly<Record<Tone, (style: Style, text: string) => string>> = {
  said: (style, text) => style.bold(text),
  answer: (_style, text) => text,
  call: (style, text) => style.cyan(text),
  result: (style, text) => style.dim(text),
  failure: (style, text) => style.red(text),
  note: (style, text) => style.dim(text),
  warn: (style, text) => style.yellow(text),
  error: (style, text) => style.red(text),
};

/** The lines as text, each with its mark and a line break. */
export function renderLines(lines: readonly Line[], style: Style): string {
  return lines.map(({ tone, text }) => `${PAINTS[tone](style, MARKS[tone] + text)}\n`).join("");
}
