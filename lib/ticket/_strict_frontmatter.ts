/** @module */

import type { Frontmatter, FrontmatterValue } from "./ticket.ts";

/**
 * Reads frontmatter of one line a key: scalars in single quotes, in double quotes without escapes,
 * plain ones that can be nothing but what they look like, `null`, and lists of those in brackets.
 * One pass over the text.
 *
 * @param block The lines between the `---` lines, with LF only.
 * @returns `undefined` for everything else: valid or not, the general reader has to say.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readStrictFrontmatter } from "./frontmatter.ts";
 *
 * const block = "title: 'It''s late'\nassignee: null\nrisk_flags: [io, 'format']\n";
 * assertEquals({ ...readStrictFrontmatter(block) }, {
 *   title: "It's late",
 *   assignee: null,
 *   risk_flags: ["io", "format"],
 * });
 * assertEquals(readStrictFrontmatter("title: |\n  several lines\n"), undefined);
 * ```
 */
export function readStrictFrontmatter(block: string): Frontmatter | undefined {
  if (UNUSUAL.test(block)) return undefined;
  const fields: Record<string, FrontmatterValue> = new Fields();
  let next = 0;
  for (let start = 0, end = 0; start < block.length; start = end + 1) {
    end = block.indexOf("\n", start);
    if (end < 0) end = block.length;
    if (start === end || block.charCodeAt(start) === HASH) continue;
    const usual = usualKeyAt(block, start, next);
    if (usual < USUAL_KEYS.length) next = usual + 1;
    const key = USUAL_KEYS[usual] ?? otherKeyAt(block, start);
    if (key === undefined || fields[key] !== undefined) return undefined;
    const colon = start + key.length;
    let value = readUsual(block, colon + 1, end);
    if (value === undefined) value = readValue(block, colon + 1, end);
    if (value === undefined) return undefined;
    fields[key] = value;
  }
  return fields;
}

/**
 * An object that inherits no name, `__proto__` neither. It is filled twice as fast as what
 * `Object.create(null)` gives, which engines keep as a hash table.
 */
class Fields {
  [key: string]: FrontmatterValue;
  static {
    Object.setPrototypeOf(this.prototype, null);
    delete (this.prototype as { constructor?: unknown }).constructor;
  }
}

/** Keys in the order in which programs write them. */
const USUAL_KEYS = [
  ...["title", "state", "created_at", "updated_at", "assignee", "readiness", "risk_flags"],
  ...["queued_by", "queued_at", "priority"],
];

/** How the lines of those begin. */
const USUAL_HEADS = USUAL_KEYS.map((key) => `${key}:`);

/**
 * Index of the usual key at an offset, from `from` on; past the last one without any. To compare with
 * a text that is there costs a fraction of cutting one out and looking it up.
 */
function usualKeyAt(text: string, start: number, from: number): number {
  while (from < USUAL_HEADS.length && !text.startsWith(USUAL_HEADS[from]!, start)) from++;
  return from;
}

/** The key at an offset, `undefined` when it is not of plain letters. */
function otherKeyAt(text: string, start: number): string | undefined {
  const colon = text.indexOf(":", start);
  const key = colon < 0 ? "" : text.slice(start, colon);
  return key !== "" && isPlainKey(key) ? key : undefined;
}

function isPlainKey(key: string): boolean {
  for (let at = 0; at < key.length; at++) if (!isKeyCode(key.charCodeAt(at))) return false;
  return isPlainString(key, 0, key.length);
}

/** Control characters but LF: YAML allows some of them in some places. */
const UNUSUAL = /[^\P{Cc}\n]/u;

const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const HASH = 0x23;
const SINGLE_QUOTE = 0x27;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * A text in single quotes that has none inside, or `null`, from behind the colon to the end of its
 * line: as programs write nearly every value. While files hold nothing else, what reads the rest
 * stays cold, and the engine spends a few milliseconds on making this fast instead of twenty.
 */
function readUsual(text: string, start: number, end: number): FrontmatterValue | undefined {
  if (text.charCodeAt(start) !== SPACE) return undefined;
  if (text.charCodeAt(start + 1) === SINGLE_QUOTE) {
    return text.indexOf("'", start + 2) === end - 1 ? text.slice(start + 2, end - 1) : undefined;
  }
  return end - start === NULL_LENGTH && text.startsWith(" null", start) ? null : undefined;
}

const NULL_LENGTH = " null".length;

/** The value in `text` from behind the colon to the end of its line. */
function readValue(text: string, start: number, end: number): FrontmatterValue | undefined {
  if (start === end) return null;
  if (text.charCodeAt(start) !== SPACE) return undefined;
  while (start < end && text.charCodeAt(start) === SPACE) start++;
  while (end > start && text.charCodeAt(end - 1) === SPACE) end--;
  if (start === end) return null;
  switch (text.charCodeAt(start)) {
    case SINGLE_QUOTE:
    case DOUBLE_QUOTE:
      return closingQuote(text, start, end) === end - 1 ? unquote(text, start, end) : undefined;
    case OPEN_BRACKET:
      return readList(text, start, end);
    default:
      return readPlain(text, start, end);
  }
}

/** Offset of the quote that closes the one at `start`, -1 without one before `end`. */
function closingQuote(text: string, start: number, end: number): number {
  const quote = text.charCodeAt(start) === SINGLE_QUOTE ? "'" : '"';
  let close = text.indexOf(quote, start + 1);
  if (quote === "'") {
    while (close >= 0 && close + 1 < end && text.charCodeAt(close + 1) === SINGLE_QUOTE) {
      close = text.indexOf(quote, close + 2);
    }
  }
  return close < end ? close : -1;
}

/** The text in the quotes at both ends, `undefined` when it has escapes that are not read here. */
function unquote(text: string, start: number, end: number): string | undefined {
  const inner = text.slice(start + 1, end - 1);
  if (text.charCodeAt(start) === SINGLE_QUOTE) {
    return inner.includes("'") ? inner.replaceAll("''", "'") : inner;
  }
  return inner.includes("\\") ? undefined : inner;
}

/** A list in brackets of texts: quoted, or plain words. */
function readList(text: string, start: number, end: number): readonly string[] | undefined {
  const close = end - 1;
  if (text.charCodeAt(close) !== CLOSE_BRACKET || close === start) return undefined;
  const items: string[] = [];
  let at = skipSpaces(text, start + 1);
  if (at === close) return items;
  for (;;) {
    let next = at;
    const first = text.charCodeAt(at);
    if (first === SINGLE_QUOTE || first === DOUBLE_QUOTE) {
      next = closingQuote(text, at, close) + 1;
      const item = next > 0 ? unquote(text, at, next) : undefined;
      if (item === undefined) return undefined;
      items.push(item);
    } else {
      while (isWordCode(text.charCodeAt(next))) next++;
      if (!isPlainString(text, at, next)) return undefined;
      items.push(text.slice(at, next));
    }
    at = skipSpaces(text, next);
    if (at === close) return items;
    if (text.charCodeAt(at) !== COMMA) return undefined;
    at = skipSpaces(text, at + 1);
  }
}

function skipSpaces(text: string, at: number): number {
  while (text.charCodeAt(at) === SPACE) at++;
  return at;
}

/** A plain scalar from `start` to `end`, both of them no blank. */
function readPlain(text: string, start: number, end: number): FrontmatterValue | undefined {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === COLON) {
      if (at + 1 === end || text.charCodeAt(at + 1) === SPACE) return undefined;
    } else if (code === HASH) {
      if (text.charCodeAt(at - 1) === SPACE) return undefined;
    } else if (code >= 0xd800 && (code < 0xe000 || code >= 0xfffe)) {
      return undefined;
    }
  }
  if (isPlainString(text, start, end)) return text.slice(start, end);
  switch (text.slice(start, end)) {
    case "null":
    case "Null":
    case "NULL":
    case "~":
      return null;
    case "true":
    case "True":
    case "TRUE":
      return true;
    case "false":
    case "False":
    case "FALSE":
      return false;
    default:
      return undefined;
  }
}

const TYPED_WORDS = new Set(
  ["null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"],
);

/** Whether a plain scalar is a string beyond doubt: it begins with a letter, or is like a date. */
function isPlainString(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (isLetterCode(first) || first === 0x5f || first >= 0x80) {
    return end - start > 5 || !TYPED_WORDS.has(text.slice(start, end));
  }
  if (!isDigitCode(first)) return false;
  // No number has two minus signs behind its first digit; dates and old ids have.
  let signs = 0;
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === MINUS) signs++;
  return signs >= 2;
}

function isLetterCode(code: number): boolean {
  return code >= 0x61 && code <= 0x7a || code >= 0x41 && code <= 0x5a;
}

function isDigitCode(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Letters, digits, `_`, `-`. */
function isKeyCode(code: number): boolean {
  return isLetterCode(code) || isDigitCode(code) || code === 0x5f || code === MINUS;
}

/** What a plain word of a list is made of here: the above, `.` and `/`. */
function isWordCode(code: number): boolean {
  return isKeyCode(code) || code === 0x2e || code === 0x2f;
}
