/** @module */

import { CliError } from "./cli_error.ts";
import { ParsedArguments } from "./parsed_arguments.ts";
import {
  faultOfFlag,
  faultOfOperands,
  HELP_VALUE,
  offeredWords,
  type Worded,
} from "./usage_faults.ts";
import type { Flag, Verb } from "./verb.ts";

/**
 * Reads what stands behind a verb of a family. `--name value` and `--name=value` mean the same; a
 * separate value that begins with `-` is refused, since it is more often a forgotten value than a
 * meant one (`-` alone is one). Behind `--` everything is an operand.
 *
 * Source: tickets specification, section 10.
 *
 * @throws {CliError} `usage`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { parseStrictly } from "./strict_arguments.ts";
 *
 * const verb = {
 *   name: "ticket comment",
 *   summary: "",
 *   operands: [{ name: "ID" }],
 *   flags: [{ name: "message", value: "TEXT", summary: "" }],
 * };
 * const args = parseStrictly(verb, ["00001KT07NV00", "--message=--help"]);
 * assert(args.text("message") === "--help");
 * ```
 */
export function parseStrictly(verb: Verb, words: readonly string[]): ParsedArguments {
  const operands: string[] = [];
  const switches = new Set<string>();
  const values = new Map<string, string[]>();
  for (const token of tokensOf(verb, words)) {
    switch (token.kind) {
      case "fault":
        throw new CliError("usage", token.message);
      case "operand":
        operands.push(token.word);
        break;
      case "switch":
        switches.add(token.flag.name);
        break;
      case "value": {
        const { flag, value } = token;
        const given = flag.isList ? value.split(",").map((word) => word.trim()) : [value];
        for (const word of given) checkWord(`--${flag.name}`, word, flag);
        // Of a list, too, the last one counts: it has its commas.
        values.set(flag.name, flag.isList ? given : [...values.get(flag.name) ?? [], ...given]);
        break;
      }
      case "help":
        break;
    }
  }
  checkOperands(verb, operands);
  return new ParsedArguments(operands, switches, values);
}

/** Whether `-h` or `--help` stands where a flag can stand: a value that reads so is a value. */
export function asksForHelp(verb: Pick<Verb, "name" | "flags">, words: readonly string[]): boolean {
  return tokensOf(verb, words).some(({ kind }) => kind === "help");
}

type Token =
  | { kind: "operand"; word: string }
  | { kind: "switch"; flag: Flag }
  | { kind: "value"; flag: Flag; value: string }
  | { kind: "help" }
  | { kind: "fault"; message: string };

function tokensOf(verb: Pick<Verb, "name" | "flags">, words: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === "--") {
      tokens.push(
        ...words.slice(index + 1).map((rest): Token => ({ kind: "operand", word: rest })),
      );
      break;
    }
    const next = words[index + 1];
    const token = tokenAt(verb, word, next === undefined || isOption(next) ? undefined : next);
    tokens.push(token);
    const takesNext = token.kind === "value" && !word.includes("=");
    // Where a value is missing, what reads like a wish for help may be meant as that value.
    const isRefused = token.kind === "fault" && isHelp(next) && isValued(verb, word);
    if (takesNext || isRefused) index++;
  }
  return tokens;
}

/** What a word means; `next` is the word behind it, if that can be a value. */
function tokenAt(
  verb: Pick<Verb, "name" | "flags">,
  word: string,
  next: string | undefined,
): Token {
  if (isHelp(word)) return { kind: "help" };
  if (!isOption(word)) return { kind: "operand", word };
  const [, name = "", attached] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
  const flag = verb.flags.find((one) => one.name === name);
  if (flag === undefined && name === "help") return { kind: "fault", message: HELP_VALUE };
  if (flag === undefined) return { kind: "fault", message: faultOfFlag(verb, word) };
  if (flag.value === undefined) {
    if (attached === undefined) return { kind: "switch", flag };
    return { kind: "fault", message: `--${name} takes no value` };
  }
  const value = attached ?? next;
  if (value !== undefined && attached !== "") return { kind: "value", flag, value };
  if (flag.words !== undefined) {
    return { kind: "fault", message: `--${name} requires a value, one of ${offeredWords(flag)}` };
  }
  const hint = attached === undefined ? `; --${name}=... takes one that begins with "-"` : "";
  return { kind: "fault", message: `--${name} requires a value, ${flag.value}${hint}` };
}

function isHelp(word: string | undefined): boolean {
  return word === "--help" || word === "-h";
}

function isValued({ flags }: Pick<Verb, "flags">, word: string): boolean {
  return flags.some(({ name, value }) => value !== undefined && word === `--${name}`);
}

/** A single `-` stands for stdin: it is a value and an operand. */
function isOption(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

function checkOperands(verb: Verb, operands: readonly string[]): void {
  const fault = faultOfOperands(verb, operands);
  if (fault !== undefined) throw new CliError("usage", fault);
  for (const [index, operand] of verb.operands.entries()) {
    const word = operands[index];
    if (word !== undefined) checkWord(operand.name, word, operand);
  }
}

function checkWord(name: string, word: string, worded: Worded): void {
  if (worded.words === undefined || worded.words.includes(word)) return;
  throw new CliError("usage", `Cannot use ${name} "${word}": it is one of ${offeredWords(worded)}`);
}
