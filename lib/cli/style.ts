/** @module */

import { bold, cyan, dim, green, red, stripAnsiCode, yellow } from "@std/fmt/colors";

/** Ways to set off a piece of text. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const asIs = (text: string): string => text;

/** For files, pipes and people who want no colour. */
export const PLAIN: Style = {
  bold: asIs,
  dim: asIs,
  red: asIs,
  green: asIs,
  yellow: asIs,
  cyan: asIs,
};

/** For terminals. */
export const COLOURED: Style = { bold, dim, red, green, yellow, cyan };

/**
 * Text that moves no cursor and rings no bell: what a model or a tool says must not reach the
 * terminal as commands. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return stripAnsiCode(text).replace(/\r\n?/g, "\n").replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "");
}
