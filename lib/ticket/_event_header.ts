/**
 * Header lines of events: `<!-- event: comment author: alice at: 2026-06-01T00:00:00Z -->`.
 *
 * Source: tickets specification, sections 3.1 and 3.2.
 *
 * @module
 */

import { isBlankUnit, skipBlanks } from "./_text_line.ts";

const OPENER = "<!-- ";
const CLOSER = " -->";
const COLON = 58;
const QUOTE = 34;
const BACKSLASH = 92;

/** Whether the range has the shape of a header, from its first unit to its last. */
export function isHeaderLine(text: string, start: number, end: number): boolean {
  return end - start >= OPENER.length + CLOSER.length && text.startsWith(OPENER, start) &&
    text.startsWith(CLOSER, end - CLOSER.length);
}

/**
 * The attributes of a range for which `isHeaderLine` holds, in their order. A word without a colon
 * is skipped, an unterminated quote takes the rest, of equal keys the last one counts.
 */
export function headerAttributes(text: string, start: number, end: number): Record<string, string> {
  const attributes: Record<string, string> = {};
  const limit = end - CLOSER.length;
  let at = start + OPENER.length;
  while ((at = skipBlanks(text, at, limit)) < limit) {
    const keyStart = at;
    at = wordEnd(text, at, limit, COLON);
    if (at === limit || text.charCodeAt(at) !== COLON) continue;
    const key = text.slice(keyStart, at);
    at = skipBlanks(text, at + 1, limit);
    const valueStart = at;
    let value: string;
    if (at < limit && text.charCodeAt(at) === QUOTE) {
      at = quotedEnd(text, at + 1, limit);
      value = unquote(text.slice(valueStart + 1, at));
      at++;
    } else {
      at = wordEnd(text, at, limit);
      value = text.slice(valueStart, at);
    }
    if (key !== "") attributes[key] = value;
  }
  return attributes;
}

/** Whether the first attribute of such a range is `event`, which makes it begin an event. */
export function beginsEvent(text: string, start: number, end: number): boolean {
  if (text.startsWith("<!-- event:", start)) return true;
  const limit = end - CLOSER.length;
  let at = start + OPENER.length;
  while ((at = skipBlanks(text, at, limit)) < limit) {
    const keyStart = at;
    at = wordEnd(text, at, limit, COLON);
    if (at < limit && text.charCodeAt(at) === COLON) return text.slice(keyStart, at) === "event";
  }
  return false;
}

/** An attribute's value as it is written: bare when it can be. */
export function attributeText(value: string): string {
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit === QUOTE || unit === BACKSLASH || isBlankUnit(unit)) return quote(value);
  }
  return value === "" ? quote(value) : value;
}

/** The offset of the first blank or `stop`, `limit` when there is none. */
function wordEnd(text: string, at: number, limit: number, stop?: number): number {
  while (at < limit) {
    const unit = text.charCodeAt(at);
    if (unit === stop || isBlankUnit(unit)) return at;
    at++;
  }
  return limit;
}

/** The offset of the closing quote, `limit` when there is none. */
function quotedEnd(text: string, at: number, limit: number): number {
  while (at < limit && text.charCodeAt(at) !== QUOTE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return Math.min(at, limit);
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}

function unquote(value: string): string {
  return value.includes("\\") ? value.replace(/\\(.)/gsu, "$1") : value;
}
