/**
 * Reading JSON that has to hold exactly what its format names, as relations and plans do: a member
 * that this version does not know would be lost by the next write, so it is an error instead.
 *
 * @module
 */

/** Most that a text of one line may hold, in UTF-8 bytes. */
export const MAX_LINE_BYTES = 1_024;

/** Makes an error of what is wrong, and on which line where that is known; never returns. */
export type Fail = (detail: string, line?: number) => never;

/**
 * The value that a JSON text means. A member that is given twice is an error: which of the two
 * counts would depend on the program that reads it.
 */
export function parseStrictJson(text: string, fail: Fail): unknown {
  const value = parse(text, fail);
  if (countNames(text) !== countMembers(value)) fail("a member is given twice");
  return value;
}

/** The members of one JSON object, each asked for by its kind. */
export class StrictObject {
  readonly #members: ReadonlyMap<string, unknown>;
  readonly #where: string;
  readonly #fail: Fail;

  /**
   * Looks at a value.
   *
   * @param value What was parsed.
   * @param names Every member that it may have.
   * @param where What to call it in messages, empty for the top.
   */
  constructor(value: unknown, names: readonly string[], where: string, fail: Fail) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      fail(`${where || "the document"} must be an object, not ${kindOf(value)}`);
    }
    this.#members = new Map(Object.entries(value));
    this.#where = where;
    this.#fail = fail;
    for (const name of this.#members.keys()) {
      if (!names.includes(name)) this.fail(name, `is unknown (known: ${names.join(", ")})`);
    }
  }

  /** Reports what is wrong with a member. */
  fail(name: string, fault: string): never {
    const path = this.#where === "" ? name : `${this.#where}.${name}`;
    this.#fail(`${JSON.stringify(path).slice(1, -1)} ${fault}`);
  }

  /** Whether the member is there and not null. */
  has(name: string): boolean {
    return (this.#members.get(name) ?? undefined) !== undefined;
  }

  /** The member as it is, `undefined` when it is missing. */
  get(name: string): unknown {
    return this.#members.get(name);
  }

  /** A text of one line that has to be there. */
  line(name: string): string {
    return this.#checked(name, this.#text(name), faultOfLine);
  }

  /** {@linkcode StrictObject.line} that has to say something. */
  filledLine(name: string): string {
    return this.#filled(name, this.line(name));
  }

  /** A text of one line, `null` when the member is missing or null. */
  optionalLine(name: string): string | null {
    return this.has(name) ? this.line(name) : null;
  }

  /** A text of any number of lines that has to say something. */
  filledText(name: string): string {
    return this.#filled(name, this.#checked(name, this.#text(name), faultOfText));
  }

  /** A text of any number of lines, `null` when the member is missing or null. */
  optionalText(name: string): string | null {
    return this.has(name) ? this.#checked(name, this.#text(name), faultOfText) : null;
  }

  /** A text that is one of a few words. */
  word<Word extends string>(name: string, words: readonly Word[]): Word {
    const text = this.#text(name);
    const word = words.find((one) => one === text);
    if (word === undefined) this.fail(name, `is unknown (known: ${words.join(", ")})`);
    return word;
  }

  /** A list, empty when the member is missing. */
  list(name: string): readonly unknown[] {
    const value = this.get(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) this.fail(name, `must be a list, not ${kindOf(value)}`);
    return value;
  }

  #text(name: string): string {
    const value = this.#members.get(name);
    if (typeof value === "string") return value;
    this.fail(name, value === undefined ? "is missing" : `must be a text, not ${kindOf(value)}`);
  }

  #checked(name: string, text: string, faultOf: (text: string) => string | undefined): string {
    const fault = faultOf(text);
    if (fault !== undefined) this.fail(name, fault);
    return text;
  }

  #filled(name: string, text: string): string {
    if (text.trim() === "") this.fail(name, "must not be blank");
    return text;
  }
}

/** What to call a JSON value in a message. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "object":
      return "an object";
    case "string":
      return "a text";
    case "undefined":
      return "nothing";
    default:
      return `a ${typeof value}`;
  }
}

/** Most that a text of several lines may hold, in UTF-8 bytes. */
const MAX_TEXT_BYTES = 16_384;

function faultOfLine(text: string): string | undefined {
  return /[\r\n]/.test(text) ? "must be a single line" : faultOfText(text, MAX_LINE_BYTES);
}

function faultOfText(text: string, maxBytes = MAX_TEXT_BYTES): string | undefined {
  if (text.includes("\0")) return "must not contain NUL";
  // JSON can spell half a surrogate pair, which no UTF-8 file can hold.
  if (!text.isWellFormed()) return "must be well-formed Unicode";
  // A UTF-16 unit is three bytes at most: short texts need no counting.
  if (text.length * 3 > maxBytes && new TextEncoder().encode(text).length > maxBytes) {
    return `must not be longer than ${maxBytes} bytes`;
  }
  return undefined;
}

function parse(text: string, fail: Fail): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own words quote the file, and a reason never does. Where they name no place, it
    // is the end that is missing.
    const line = /\(line (\d+) column/.exec(String(error))?.[1] ??
      text.trimEnd().split("\n").length;
    fail("not valid JSON", Number(line));
  }
}

/** 1-based line of each object in the lists of a valid JSON document, in their order. */
export function linesOfEntries(text: string): number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === LINE_FEED) line += 1;
    else if (code === QUOTE) index = endOfString(text, index + 1) - 1;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (code === OPEN_OBJECT && depth === LIST_DEPTH) lines.push(line);
      depth += 1;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth -= 1;
  }
  return lines;
}

/** What is open around an entry: the document and its list. */
const LIST_DEPTH = 2;
const LINE_FEED = 0x0a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** Member names in a valid JSON text: the strings that a colon follows. */
function countNames(text: string): number {
  let count = 0;
  for (let quote = text.indexOf('"'); quote >= 0;) {
    const end = endOfString(text, quote + 1);
    let next = end;
    while (isBlank(text.charCodeAt(next))) next += 1;
    if (text[next] === ":") count += 1;
    quote = text.indexOf('"', end);
  }
  return count;
}

function endOfString(text: string, start: number): number {
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) index += 1;
    else if (code === QUOTE) return index + 1;
  }
  return text.length;
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** Not recursive: a file can nest more deeply than the stack is. */
function countMembers(value: unknown): number {
  let count = 0;
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) continue;
    const inner: unknown[] = Object.values(next);
    if (!Array.isArray(next)) count += inner.length;
    for (const one of inner) open.push(one);
  }
  return count;
}
