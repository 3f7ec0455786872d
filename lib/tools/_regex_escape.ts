/** @module */

/** What a backslash stands for. `end` is where the pattern goes on. */
export type Escape =
  | { kind: "literal"; character: string; end: number }
  /** A JavaScript class element, such as `\p{Nd}` or `[...]`. */
  | { kind: "class"; source: string; end: number }
  | { kind: "assertion"; source: string; end: number };

const WORD = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";

const CLASSES: Readonly<Record<string, string>> = {
  d: "\\p{Nd}",
  D: "\\P{Nd}",
  s: "\\p{White_Space}",
  S: "\\P{White_Space}",
  w: WORD,
  W: `[^${WORD.slice(1)}`,
};

const CONTROLS: Readonly<Record<string, string>> = {
  a: "\x07",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const ASSERTIONS: Readonly<Record<string, string>> = {
  "A": "^",
  "z": "$",
  "b{start}": `(?<!${WORD})(?=${WORD})`,
  "b{end}": `(?<=${WORD})(?!${WORD})`,
  "b{start-half}": `(?<!${WORD})`,
  "b{end-half}": `(?!${WORD})`,
  "<": `(?<!${WORD})(?=${WORD})`,
  ">": `(?<=${WORD})(?!${WORD})`,
  "b": `(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD})`,
  "B": `(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD})`,
};

/**
 * Reads what follows a backslash.
 *
 * @param at Offset behind the backslash.
 * @throws {SyntaxError} For an escape that Rust's `regex` crate does not know either.
 */
export function parseEscape(pattern: string, at: number): Escape {
  const rest = pattern.slice(at);
  if (rest === "") throw new SyntaxError("incomplete escape sequence");
  const assertion = /^b\{[a-z-]+\}|^[AzbB<>]/.exec(rest)?.[0];
  if (assertion !== undefined) {
    const source = ASSERTIONS[assertion];
    if (source === undefined) throw new SyntaxError("invalid word boundary assertion");
    return { kind: "assertion", source: `(?:${source})`, end: at + assertion.length };
  }
  const code = /^x([0-9A-Fa-f]{2})|^u([0-9A-Fa-f]{4})|^U([0-9A-Fa-f]{8})|^[xuU]\{([0-9A-Fa-f]+)\}/
    .exec(rest);
  if (code !== null) {
    const value = parseInt(code[1] ?? code[2] ?? code[3] ?? code[4]!, 16);
    if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
      throw new SyntaxError("hexadecimal literal is not a Unicode scalar value");
    }
    return { kind: "literal", character: String.fromCodePoint(value), end: at + code[0].length };
  }
  const property = /^([pP])(?:\{([^}]*)\}|(.))/u.exec(rest);
  if (property !== null) {
    const [whole, letter, long, short] = property;
    return {
      kind: "class",
      source: propertyClass(long ?? short!, letter === "P"),
      end: at + whole.length,
    };
  }
  const character = String.fromCodePoint(rest.codePointAt(0)!);
  const end = at + character.length;
  if (Object.hasOwn(CLASSES, character)) {
    return { kind: "class", source: CLASSES[character]!, end };
  }
  if (Object.hasOwn(CONTROLS, character)) {
    return { kind: "literal", character: CONTROLS[character]!, end };
  }
  if (/[0-9]/.test(character)) throw new SyntaxError("backreferences are not supported");
  if (/[A-Za-z]/.test(character) || character > "\x7f") {
    throw new SyntaxError("unrecognized escape sequence");
  }
  return { kind: "literal", character, end };
}

/** Writes one character so that no syntax sees anything in it. */
export function escapeUnit(character: string): string {
  return /^[\p{L}\p{Nd}_]$/u.test(character)
    ? character
    : `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** Rust takes property names loosely, JavaScript to the letter. */
function propertyClass(name: string, isNegated: boolean): string {
  const letter = isNegated ? "P" : "p";
  const [key, value] = name.includes("=") ? name.split("=", 2) : [undefined, name];
  const capitalized = value!.toLowerCase().replace(
    /(^|[_ -])([a-z])/g,
    (_, gap: string, first: string) => (gap === "" ? "" : "_") + first.toUpperCase(),
  );
  const names = [value!, capitalized, value!.toUpperCase()];
  const candidates = key === undefined
    ? names.flatMap((name) => [name, `gc=${name}`, `sc=${name}`])
    : names.map((name) => `${key}=${name}`);
  for (const candidate of candidates) {
    const source = `\\${letter}{${candidate}}`;
    if (isValid(source)) return source;
  }
  throw new SyntaxError("Unicode property not found");
}

function isValid(source: string): boolean {
  try {
    new RegExp(source, "v");
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
