/** @module */

import { escapeUnit, parseEscape } from "./_regex_escape.ts";

/**
 * Class members that stand for bytes which are not text: the matcher writes them as lone surrogates.
 */
export const NOT_TEXT = "\\uD800-\\uDFFF";

const ASCII_CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t\\x20",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "\\x21-\\x7E",
  lower: "a-z",
  print: "\\x20-\\x7E",
  punct: "\\x21-\\x2F\\x3A-\\x40\\x5B-\\x60\\x7B-\\x7E",
  space: "\\t-\\r\\x20",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** One member: a character, which may begin a range, or a set. */
type Member = { character: string } | { source: string };

/** Reads a bracketed class of Rust's `regex` crate and writes it for JavaScript's `v` flag. */
export class CharacterClassParser {
  readonly #pattern: string;
  readonly #ignoreSpace: boolean;
  #at: number;

  /** @param at Offset behind the opening bracket. */
  constructor(pattern: string, at: number, ignoreSpace: boolean) {
    this.#pattern = pattern;
    this.#at = at;
    this.#ignoreSpace = ignoreSpace;
  }

  /** Where the pattern goes on. */
  get end(): number {
    return this.#at;
  }

  /** @throws {SyntaxError} When the class is not one. */
  parse(): string {
    const isNegated = this.#accept("^");
    let left = "";
    let operator = "";
    let members = "";
    let isFirst = true;
    const combine = () => {
      const right = `[${members}]`;
      if (operator === "") left = right;
      else if (operator === "~~") left = `[[${left}--${right}][${right}--${left}]]`;
      else left = `[${left}${operator}${right}]`;
      members = "";
    };
    // Dashes and one closing bracket at the start are members.
    while (this.#accept("-")) {
      members += "\\-";
      isFirst = false;
    }
    while (isFirst || !this.#accept("]")) {
      this.#skipSpace();
      const next = this.#pattern.slice(this.#at, this.#at + 2);
      if (next === "&&" || next === "~~" || next === "--") {
        this.#at += 2;
        combine();
        operator = next;
      } else if (!(this.#ignoreSpace && !isFirst && next.startsWith("]"))) {
        members += this.#range();
      }
      isFirst = false;
    }
    combine();
    return isNegated ? `[^${left}]` : left;
  }

  #range(): string {
    const low = this.#member();
    if ("source" in low) return low.source;
    this.#skipSpace();
    const [dash, next] = this.#pattern.slice(this.#at, this.#at + 2);
    if (dash !== "-" || next === "]" || next === "-") return escapeUnit(low.character);
    this.#at++;
    this.#skipSpace();
    const high = this.#member();
    if ("source" in high) throw new SyntaxError("invalid range boundary, must be a literal");
    if (low.character.codePointAt(0)! > high.character.codePointAt(0)!) {
      throw new SyntaxError("invalid character class range");
    }
    return `${escapeUnit(low.character)}-${escapeUnit(high.character)}`;
  }

  #member(): Member {
    const point = this.#pattern.codePointAt(this.#at);
    if (point === undefined) throw new SyntaxError("unclosed character class");
    const character = String.fromCodePoint(point);
    this.#at += character.length;
    if (character === "\\") return this.#escape();
    if (character === "[") return { source: this.#asciiClass() ?? this.parse() };
    return { character };
  }

  #escape(): Member {
    // Word boundaries are no members; `\b` inside a class is a backspace nowhere here.
    const escape = parseEscape(this.#pattern, this.#at);
    this.#at = escape.end;
    switch (escape.kind) {
      case "literal":
        return { character: escape.character };
      case "class":
        return { source: escape.source };
      case "assertion":
        throw new SyntaxError("invalid escape sequence found in character class");
    }
  }

  #asciiClass(): string | undefined {
    const [whole, caret, name] = /^:(\^?)([a-z]+):\]/.exec(this.#pattern.slice(this.#at)) ?? [];
    if (whole === undefined || !Object.hasOwn(ASCII_CLASSES, name!)) return undefined;
    this.#at += whole.length;
    return `[${caret}${ASCII_CLASSES[name!]}]`;
  }

  #accept(character: string): boolean {
    if (this.#pattern[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    if (!this.#ignoreSpace) return;
    while (/\p{White_Space}/v.test(this.#pattern[this.#at] ?? "")) this.#at++;
  }
}
