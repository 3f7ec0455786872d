/** @module */

import { ConfigFault } from "./_config_table.ts";

/**
 * Keeps the rules of TOML 1.0 that the parser does not: of two equal keys or tables it takes one and
 * says nothing, behind a value it goes on reading on the same line, and it drops `__proto__`. What
 * values say is the parser's business; here they are passed over.
 *
 * @param text What the parser has read without an error.
 * @throws {SyntaxError} A key or a table is given twice, or a line goes on where it has to end.
 * @throws {ConfigFault} A key would be dropped, which no configuration knows.
 */
export function checkToml(text: string): void {
  const source = new Source(text);
  const top = newPlace("header");
  let table = top;
  let tableName: readonly string[] = [];
  while (source.skipGap()) {
    const opener = source.take(/\[\[?/y);
    if (opener === undefined) readPair(source, table, tableName);
    else {
      tableName = readKeys(source);
      table = openTable(top, tableName, opener === "[[");
      source.expect(opener === "[[" ? /\]\]/y : /\]/y);
    }
    source.expect(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y);
  }
}

/** What a key stands for, and what stands below it. */
interface Place {
  /**
   * - `value`: whatever stands behind `=`, complete as it is;
   * - `keys`: a table that dotted keys make;
   * - `header`: a table with a header of its own;
   * - `path`: a table that only headers of tables below it name;
   * - `list`: a list of tables, with the members of the latest one.
   */
  origin: "value" | "keys" | "header" | "path" | "list";
  members: Map<string, Place>;
}

function newPlace(origin: Place["origin"]): Place {
  return { origin, members: new Map() };
}

function addPlace(table: Place, key: string, origin: Place["origin"]): Place {
  const place = newPlace(origin);
  table.members.set(key, place);
  return place;
}

/** The table that a header opens; a table has one header, a list has one for each of its tables. */
function openTable(top: Place, keys: readonly string[], isList: boolean): Place {
  let table = top;
  for (const [index, key] of keys.slice(0, -1).entries()) {
    table = table.members.get(key) ?? addPlace(table, key, "path");
    if (table.origin === "value") throw givenTwice(keys.slice(0, index + 1));
  }
  const last = keys.at(-1)!;
  const found = table.members.get(last);
  if (found === undefined) return addPlace(table, last, isList ? "list" : "header");
  if (found.origin !== (isList ? "list" : "path")) throw givenTwice(keys);
  if (isList) found.members = new Map();
  else found.origin = "header";
  return found;
}

/** Reads a key with its value into a table; dotted keys do not reach into one with a header. */
function readPair(source: Source, start: Place, tableName: readonly string[]): void {
  const keys = readKeys(source);
  let table = start;
  for (const [index, key] of keys.slice(0, -1).entries()) {
    table = table.members.get(key) ?? addPlace(table, key, "keys");
    if (table.origin !== "keys" && table.origin !== "path") {
      throw givenTwice([...tableName, ...keys.slice(0, index + 1)]);
    }
    table.origin = "keys";
  }
  const name = [...tableName, ...keys];
  const last = keys.at(-1)!;
  if (table.members.has(last)) throw givenTwice(name);
  addPlace(table, last, "value");
  source.expect(/=[ \t]*/y);
  readValue(source, name);
}

function readValue(source: Source, name: readonly string[]): void {
  if (source.take(STRING) !== undefined) return;
  if (source.take(/\[/y) !== undefined) {
    while (source.skipGap() && source.take(/\]/y) === undefined) {
      readValue(source, name);
      source.skipGap();
      source.take(/,/y);
    }
  } else if (source.take(/\{[ \t]*/y) !== undefined) {
    const table = newPlace("value");
    while (source.take(/\}/y) === undefined) {
      readPair(source, table, name);
      source.take(/[ \t]*,?[ \t]*/y);
    }
  } else source.expect(OTHER_VALUE);
}

/** Several lines in basic quotes, in literal ones, one line in either. */
const STRING =
  /"""(?:[^\\"]|\\[^]|"{1,2}(?!"))*"{3,5}|'''(?:[^']|'{1,2}(?!'))*'{3,5}|"(?:[^\\"\n]|\\.)*"|'[^'\n]*'/y;

/** A number, a boolean or a time; a date can have a blank before its time. */
const OTHER_VALUE = /(?:\d{4}-\d\d-\d\d (?=\d))?[^\s,\]}#]+/y;

function readKeys(source: Source): string[] {
  const keys: string[] = [];
  do {
    const key = source.expect(/[ \t]*(?:[\w-]+|"(?:[^\\"\n]|\\.)*"|'[^'\n]*')[ \t]*/y).trim();
    if (key.startsWith('"')) keys.push(plainKey(key.slice(1, -1)));
    else keys.push(key.startsWith("'") ? key.slice(1, -1) : key);
  } while (source.take(/\./y) !== undefined);
  // The parser sets it as it would any key of an object, where it is none of the object's own.
  if (keys.includes("__proto__")) {
    throw new ConfigFault("syntax", `"${keys.join(".")}" is unknown`);
  }
  return keys;
}

/** The escapes that can write a letter another way; of the others each is written in one way. */
function plainKey(text: string): string {
  return text.replace(
    /\\(?:u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|.)/g,
    (escape: string, short?: string, long?: string) => {
      const code = short ?? long;
      return code === undefined ? escape : String.fromCodePoint(parseInt(code, 16));
    },
  );
}

function givenTwice(name: readonly string[]): SyntaxError {
  return new SyntaxError(`"${name.join(".")}" is given twice`);
}

/** A text that is read from its beginning to its end. */
class Source {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Passes what stands here, `undefined` when that is something else. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.#text)?.[0];
    if (taken !== undefined) this.#at += taken.length;
    return taken;
  }

  /** Passes what has to stand here. */
  expect(pattern: RegExp): string {
    const taken = this.take(pattern);
    if (taken !== undefined) return taken;
    const line = this.#text.slice(0, this.#at).split("\n").length;
    throw new SyntaxError(`line ${line} goes on where it has to end`);
  }

  /** Passes blanks, line breaks and comments; whether anything is left. */
  skipGap(): boolean {
    this.take(/(?:[ \t\r\n]|#[^\n]*)*/y);
    return this.#at < this.#text.length;
  }
}
