/**
 * Ripgrep's regular expressions, written as JavaScript's.
 *
 * @module
 */

import { CharacterClassParser, NOT_TEXT } from "./_regex_class.ts";
import { type Escape, escapeUnit, parseEscape } from "./_regex_escape.ts";

/** A JavaScript expression that matches where the original does. Groups capture nothing. */
export interface TranslatedRegex {
  source: string;
  flags: string;
}

/** How the expression is used. */
export interface RegexOptions {
  ignoreCase: boolean;
  /** Whether it runs over whole texts, `.` including line feeds; else over single lines. */
  multiline: boolean;
}

/**
 * Translates an expression in the syntax of Rust's `regex` crate: no look-around, no back-references,
 * Unicode classes, `^` and `$` at line ends. Where single lines are searched, `\A` and `\z` are the
 * ends of the line.
 *
 * @throws {SyntaxError} When it is not one.
 */
export function translateRegex(pattern: string, options: RegexOptions): TranslatedRegex {
  const source = new Translator(pattern, options).translate();
  const flags = options.ignoreCase ? "iv" : "v";
  new RegExp(source, flags);
  return { source, flags };
}

/** Flags that a group can set. `U` swaps greedy and lazy. */
interface Flags {
  i: boolean;
  m: boolean;
  s: boolean;
  x: boolean;
  U: boolean;
}

// Lines end at a line feed, a carriage return, or both, which count as one.
const LINE_START = "(?:^|(?<=\\n)|(?<=\\r)(?!\\n))";
const LINE_END = "(?:$|(?=\\r)|(?<!\\r)(?=\\n))";
const TEXT_START = "(?:^)";
const TEXT_END = "(?:$)";

class Translator {
  readonly #pattern: string;
  readonly #options: RegexOptions;
  #at = 0;
  #flags: Flags;

  constructor(pattern: string, options: RegexOptions) {
    this.#pattern = pattern;
    this.#options = options;
    this.#flags = { i: options.ignoreCase, m: true, s: options.multiline, x: false, U: false };
  }

  translate(): string {
    const source = this.#alternatives();
    if (this.#at < this.#pattern.length) throw new SyntaxError("unopened group");
    return source;
  }

  /** Everything up to the end of the group. Flags set inside hold to its end. */
  #alternatives(): string {
    const outer = { ...this.#flags };
    let source = "";
    let last: string | undefined;
    while (this.#at < this.#pattern.length && this.#peek() !== ")") {
      const character = this.#take();
      if (character === "|") {
        source += `${last ?? ""}|`;
        last = undefined;
      } else if ("*+?{".includes(character)) {
        if (last === undefined) {
          throw new SyntaxError("repetition operator missing expression");
        }
        last = this.#repeat(last, character);
      } else if (!this.#isSpace(character)) {
        source += last ?? "";
        last = this.#atom(character);
      }
    }
    this.#flags = outer;
    return source + (last ?? "");
  }

  /** Flags that hold from here on give `undefined`: nothing to repeat. */
  #atom(character: string): string | undefined {
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        return this.#withCase(this.#class());
      case ".":
        return this.#any(this.#flags.s && this.#options.multiline ? "" : "\\n\\r");
      case "^":
        return this.#flags.m ? LINE_START : TEXT_START;
      case "$":
        return this.#flags.m ? LINE_END : TEXT_END;
      case "\\":
        return this.#escape();
      default:
        return this.#literal(character);
    }
  }

  #any(excluded: string): string {
    return `[^${excluded}${NOT_TEXT}]`;
  }

  #class(): string {
    const parser = new CharacterClassParser(this.#pattern, this.#at, this.#flags.x);
    const source = parser.parse();
    this.#at = parser.end;
    return this.#limited(source);
  }

  /** A class never matches what is not text, nor, within lines, a line end. */
  #limited(source: string): string {
    return `[${source}--[${this.#options.multiline ? "" : "\\n\\r"}${NOT_TEXT}]]`;
  }

  #escape(): string {
    const escape: Escape = parseEscape(this.#pattern, this.#at);
    this.#at = escape.end;
    switch (escape.kind) {
      case "literal":
        return this.#literal(escape.character);
      case "class":
        return this.#withCase(this.#limited(escape.source));
      case "assertion":
        return escape.source;
    }
  }

  #literal(character: string): string {
    if (!this.#options.multiline && (character === "\n" || character === "\r")) {
      const name = character === "\n" ? "\\n" : "\\r";
      throw new SyntaxError(`the literal "${name}" is not allowed in a regex; use multiline`);
    }
    return this.#withCase(escapeUnit(character));
  }

  /** Groups can change case sensitivity in the middle; the flag of the whole stays. */
  #withCase(source: string): string {
    if (this.#flags.i === this.#options.ignoreCase) return source;
    return this.#flags.i ? `(?i:${source})` : `(?-i:${source})`;
  }

  #group(): string | undefined {
    const outer = { ...this.#flags };
    if (this.#peek() === "?") {
      const rest = this.#pattern.slice(this.#at);
      if (/^\?<?[=!]/.test(rest)) {
        throw new SyntaxError(
          "look-around, including look-ahead and look-behind, is not supported",
        );
      }
      const header = /^\?(?:P?<[\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_.[\]]*>|([a-zA-Z-]*)([:)]))/u
        .exec(rest);
      if (header === null) throw new SyntaxError("unrecognized group");
      this.#at += header[0].length;
      if (header[1] !== undefined) this.#setFlags(header[1]);
      if (header[2] === ")") return undefined;
    }
    const inner = this.#alternatives();
    if (this.#at >= this.#pattern.length) throw new SyntaxError("unclosed group");
    this.#at++;
    this.#flags = outer;
    return `(?:${inner})`;
  }

  #setFlags(text: string): void {
    let isOn = true;
    const flags = { ...this.#flags };
    for (const flag of text) {
      if (flag === "-") isOn = false;
      else if (flag === "i" || flag === "m" || flag === "s" || flag === "x" || flag === "U") {
        flags[flag] = isOn;
      } else if (flag !== "R" && !(flag === "u" && isOn)) {
        throw new SyntaxError(`flag "${isOn ? "" : "-"}${flag}" is not supported`);
      }
    }
    this.#flags = flags;
  }

  #repeat(atom: string, operator: string): string {
    let quantifier = operator;
    if (operator === "{") {
      const [whole, low, high] = /^\s*(\d+)\s*(?:,\s*(\d*)\s*)?\}/.exec(
        this.#pattern.slice(this.#at),
      ) ?? [];
      if (whole === undefined) {
        throw new SyntaxError("repetition quantifier expects a valid decimal");
      }
      if (high && Number(high) < Number(low)) {
        throw new SyntaxError("invalid repetition count range");
      }
      quantifier = `{${whole.slice(0, -1).replace(/\s/g, "")}}`;
      this.#at += whole.length;
    }
    const isLazy = this.#peek() === "?";
    if (isLazy) this.#at++;
    return `(?:${atom}${quantifier}${isLazy !== this.#flags.U ? "?" : ""})`;
  }

  /** With the flag `x`: takes a comment whole. */
  #isSpace(character: string): boolean {
    if (!this.#flags.x) return false;
    if (character === "#") {
      while (this.#at < this.#pattern.length && this.#take() !== "\n");
      return true;
    }
    return /\p{White_Space}/v.test(character);
  }

  #peek(): string | undefined {
    return this.#pattern[this.#at];
  }

  #take(): string {
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at)!);
    this.#at += character.length;
    return character;
  }
}
