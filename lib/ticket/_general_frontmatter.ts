/** @module */

import { complexKeyAt } from "./_complex_keys.ts";
import { mistakeIn } from "./_frontmatter_mistakes.ts";
import { scanLayout } from "./_frontmatter_layout.ts";
import type { Frontmatter, FrontmatterValue } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** Parses YAML by the core schema, so that dates stay texts. Throws if the text is not YAML. */
export type YamlParser = (text: string) => unknown;

/** Longest frontmatter that is read, in UTF-8 bytes; real ones have some hundred. */
export const MAX_FRONTMATTER_BYTES = 64 * 1024;

/** Loads the YAML parser, which most files do not need. */
export async function loadYaml(): Promise<YamlParser> {
  const { parse } = await import("@std/yaml");
  return (text) => {
    const marked = text.replaceAll(MISSED_NUMBER, (number) => "1".repeat(number.length));
    const document = parse(marked, { schema: "core" });
    if (marked === text && !holdsNumber(document)) return document;
    const texts = textsOf(text, parse);
    return texts === undefined ? parse(text, { schema: "core" }) : withCoreNumbers(document, texts);
  };
}

/** A document with all its scalars as they are written; `undefined` for one with tags of the schema. */
function textsOf(
  text: string,
  parse: (text: string, options: { schema: "failsafe" }) => unknown,
): unknown {
  try {
    return parse(text, { schema: "failsafe" });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Loads a parser of the same texts that leaves every scalar as it is written, so that a number keeps
 * all its digits.
 */
export async function loadYamlTexts(): Promise<YamlParser> {
  const { parse } = await import("@std/yaml");
  return (text) => parse(text, { schema: "failsafe" });
}

/** Numbers of YAML 1.2; the parser takes `1_000`, `0b11` and octals such as `017` for some, too. */
const CORE_NUMBER =
  /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/**
 * What may be one of those that the parser takes for texts: `0o17`, `08`, `-.5`. Only the parser knows
 * what stands in quotes, so it gets a number that it knows in their place.
 */
const MISSED_NUMBER =
  /(?<=[\s,[{])(?:0o[0-7]+|[-+]?(?:0\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?=[ \t]*(?:[\r\n,\]}]|$)|[ \t]+#)/g;

/** Levels of a document that hold frontmatter: the mapping, its values, the items of lists. */
const LEVELS = 2;

/**
 * `document` with those numbers and no others; `texts` is the same one with all its scalars as they
 * are written. Deeper than frontmatter goes, nothing is looked at: a few aliases can repeat it
 * without end.
 */
function withCoreNumbers(document: unknown, texts: unknown, levels = LEVELS): unknown {
  if (typeof texts === "string") {
    if (typeof document !== "number") return typeof document === "string" ? texts : document;
    if (!CORE_NUMBER.test(texts)) return texts;
    const number = Number(texts);
    return Number.isNaN(number) ? document : number;
  }
  if (levels === 0) return document;
  if (Array.isArray(document) && Array.isArray(texts)) {
    return document.map((item, index) => withCoreNumbers(item, texts[index], levels - 1));
  }
  if (!isMapping(document) || !isMapping(texts)) return document;
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [
      key,
      // A key that is a number is another text here: nobody reads its value.
      Object.hasOwn(document, key) ? withCoreNumbers(document[key], text, levels - 1) : text,
    ]),
  );
}

/** Whether there is a number where frontmatter can have one. */
function holdsNumber(document: unknown): boolean {
  if (typeof document === "number") return true;
  if (typeof document !== "object" || document === null) return false;
  return Object.values(document).some((value) =>
    typeof value === "number" ||
    Array.isArray(value) && value.some((item) => typeof item === "number")
  );
}

/**
 * Reads frontmatter with a YAML parser.
 *
 * Messages name fields, kinds and lines, and never quote values: they go into lists of problems.
 *
 * @param block The lines between the `---` lines, with LF only. Empty is an empty mapping,
 * `null` is none.
 * @param path For messages.
 * @param options `known`: the only keys that are looked at closely. Of the others, what this cannot
 * hold is left out.
 * @throws {TicketError} `parse`: no valid YAML, no mapping, a key that is no text or occurs twice, a
 * value that is neither a scalar nor a list of texts, more than 64 KiB, also by way of aliases.
 */
export function readGeneralFrontmatter(
  block: string,
  path: string,
  yaml: YamlParser,
  options: { readonly known?: ReadonlySet<string> } = {},
): Frontmatter {
  const isKnown = (key: string) => options.known?.has(key) ?? true;
  checkSize(block, path);
  const document = parseYaml(block, path, yaml);
  if (document === null && isEmpty(block)) return Object.create(null);
  if (!isMapping(document)) {
    throw TicketError.parse(path, `the frontmatter is ${kindOf(document)} instead of a mapping`);
  }
  checkKeys(block, Object.keys(document), path, options.known);
  const fields: Record<string, FrontmatterValue> = Object.create(null);
  let size = 0;
  for (const [key, value] of Object.entries(document)) {
    if (!isKnown(key) && !isField(value, MAX_FRONTMATTER_BYTES - size)) continue;
    const field = readField(key, value, path);
    size += sizeOf(field);
    // Without aliases no value is longer than its text; with them, a little text says a lot.
    if (size > MAX_FRONTMATTER_BYTES) {
      const detail = `field ${nameOf(key)} makes the frontmatter too large: aliases repeat its ` +
        "values, write them out";
      throw TicketError.parse(path, detail);
    }
    fields[key] = field;
  }
  return fields;
}

/** Throws where a frontmatter is longer than {@linkcode MAX_FRONTMATTER_BYTES}. */
export function checkSize(block: string, path: string): void {
  // A UTF-16 unit has three bytes at most: short texts need no encoding to be measured.
  if (block.length * 3 <= MAX_FRONTMATTER_BYTES) return;
  const bytes = new TextEncoder().encode(block).length;
  if (bytes <= MAX_FRONTMATTER_BYTES) return;
  const detail = `the frontmatter has ${bytes} bytes, at most ${MAX_FRONTMATTER_BYTES} are read; ` +
    "long text belongs into the body";
  throw TicketError.parse(path, detail);
}

/** A key as messages show it: short, and without control characters. */
export function nameOf(key: string): string {
  return JSON.stringify(key.length > 64 ? `${key.slice(0, 64)}...` : key);
}

/** What a value is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

/** Whether a block holds nothing but blank lines and comments; `null` is something. */
function isEmpty(block: string): boolean {
  return block.replaceAll(/#[^\r\n]*/g, "").trim() === "";
}

function parseYaml(block: string, path: string, yaml: YamlParser): unknown {
  const control = block.search(FORBIDDEN);
  if (control >= 0) {
    const code = block.charCodeAt(control).toString(16).toUpperCase().padStart(4, "0");
    const line = lineOf(block, control);
    const detail = `the frontmatter holds the control character U+${code} on line ${line}`;
    throw TicketError.parse(path, detail, { line });
  }
  try {
    return yaml(block);
  } catch (error) {
    if (error instanceof RangeError) {
      throw TicketError.parse(path, "the frontmatter is nested too deeply");
    }
    throw mistakeIn(block, path, yaml) ?? syntaxError(error, path);
  }
}

/** Control characters that no YAML text holds; CR and the later ones are the parser's business. */
const FORBIDDEN = /[^\P{Cc}\t\n\r\x7f-\x9f]/u;

/** An error of the parser without the source text that it quotes. */
function syntaxError(error: unknown, path: string): TicketError {
  const text = error instanceof Error ? error.message : String(error);
  const match = /^(.*?) at line (\d+), column (\d+)/.exec(text);
  if (!match) return TicketError.parse(path, "the frontmatter is not valid YAML");
  // Names of tags and anchors stand in its messages between these.
  const reason = match[1]!.replace(/(?:"|!<).*$/, "").trimEnd();
  // The opening line comes before the first one that the parser sees.
  const line = Number(match[2]) + 1;
  const detail = `the frontmatter is not valid YAML at line ${line}, column ${match[3]}: ${reason}`;
  return TicketError.parse(path, detail, { line });
}

/** The parser turns every key into a text, and takes two keys from one line: neither is allowed. */
function checkKeys(
  block: string,
  parsed: readonly string[],
  path: string,
  known: ReadonlySet<string> | undefined,
): void {
  const layout = scanLayout(block);
  // The parser sees lines and documents begin where a layout does not.
  const isPlain = layout !== undefined && !/\r|^---[ \t]/m.test(block);
  const isChecked = !isPlain && known === undefined;
  const complex = isChecked ? complexKeyAt(block.replaceAll("\r", "\n")) : undefined;
  if (complex !== undefined) {
    const line = lineOf(block, complex);
    const detail = `the key on line ${line} is not a text; write one key a line, in quotes`;
    throw TicketError.parse(path, detail, { line });
  }
  for (const { key, isKeyQuoted, start } of layout?.entries ?? []) {
    if (isKeyQuoted || known?.has(key) === false || !isTyped(key)) continue;
    const line = lineOf(block, start);
    const detail = `the key ${nameOf(key)} on line ${line} is not a text; put it into quotes`;
    throw TicketError.parse(path, detail, { line });
  }
  const written = layout && new Set(layout.entries.map((entry) => entry.key));
  for (const key of parsed) {
    if (written?.has(key) || known?.has(key) === false) continue;
    const detail = written
      ? `key ${nameOf(key)} does not stand at the beginning of a line`
      : `the key ${nameOf(key)} is not a text; put it into quotes, one key a line`;
    if (written || isTyped(key)) throw TicketError.parse(path, detail);
  }
}

/** Line of the file; the opening one comes before the first one of the block. */
function lineOf(block: string, at: number): number {
  return block.slice(0, at).split("\n").length + 1;
}

/** Whether YAML takes an unquoted key for something else than a text. */
function isTyped(key: string): boolean {
  return key === "" || key === "[object Object]" || TYPED_KEY.test(key);
}

/** What YAML takes for null, a boolean or a number. */
const TYPED_KEY =
  /^(?:~|null|true|false|[-+]?(?:0b[01_]+|0o[0-7]+|0x[\da-f_]+|(?=[._]*\d)[\d_]*\.?[\d_]*(?:e[-+]?\d+)?|\.inf)|\.nan)$/i;

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is what frontmatter can hold, its texts no longer than `room` together. */
function isField(value: unknown, room: number): value is FrontmatterValue {
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === "string") && sizeOf(value) <= room;
  }
  return !isMapping(value) && (typeof value !== "string" || value.length <= room);
}

function readField(key: string, value: unknown, path: string): FrontmatterValue {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      if (typeof item === "string") return;
      const detail = `item ${index} of field ${nameOf(key)} is ${kindOf(item)} instead of a text`;
      throw TicketError.parse(path, detail);
    });
    return value;
  }
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    default:
      if (value === null || value === undefined) return null;
  }
  const detail = `field ${nameOf(key)} holds ${kindOf(value)}; scalars and lists of texts are ` +
    "allowed";
  throw TicketError.parse(path, detail);
}

function sizeOf(value: FrontmatterValue): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return value.reduce((sum, item) => sum + item.length, 0);
}
