/** @module */

import { parseArgs } from "@std/cli";
import { CliError } from "./cli_error.ts";
import { ParsedArguments } from "./parsed_arguments.ts";
import { faultOfFlag, faultOfOperands, HELP_VALUE } from "./usage_faults.ts";
import { usageOf, type Verb } from "./verb.ts";

/**
 * Reads what stands behind a verb. What is no flag of it is refused, with the nearest one named;
 * behind `--` everything is an operand.
 *
 * @throws {CliError} `usage`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { parseArguments } from "./arguments.ts";
 *
 * const verb = {
 *   name: "list",
 *   summary: "",
 *   operands: [],
 *   flags: [{ name: "json", summary: "" }],
 * };
 * assert(parseArguments(verb, ["--json"]).has("json"));
 * ```
 */
export function parseArguments(verb: Verb, args: readonly string[]): ParsedArguments {
  const valued = verb.flags.filter((flag) => flag.value !== undefined).map(({ name }) => name);
  const switches = verb.flags.filter((flag) => flag.value === undefined).map(({ name }) => name);
  const parsed = parseArgs(args, {
    string: ["_", ...valued],
    collect: valued,
    boolean: switches,
    unknown: (argument, key) => {
      if (key !== undefined) throw unknownFlag(verb, argument);
    },
  });
  const values = new Map<string, readonly string[]>();
  for (const name of valued) {
    const given = parsed[name] as string[];
    if (given.includes("")) {
      throw usage(verb, `Cannot use --${name}: it takes a value, ${valueOf(verb, name)}`);
    }
    if (given.length > 0) values.set(name, given);
  }
  const operands = parsed._.map(String);
  const fault = faultOfOperands(verb, operands);
  if (fault !== undefined) throw usage(verb, fault);
  return new ParsedArguments(
    operands,
    new Set(switches.filter((name) => parsed[name] === true)),
    values,
  );
}

function unknownFlag(verb: Verb, argument: string): CliError {
  const isHelp = argument.split("=", 1)[0] === "--help";
  return usage(verb, isHelp ? HELP_VALUE : faultOfFlag(verb, argument));
}

function valueOf(verb: Verb, name: string): string {
  return verb.flags.find((flag) => flag.name === name)?.value ?? "";
}

function usage(verb: Verb, message: string): CliError {
  return new CliError("usage", `${message}\nusage: ${usageOf(verb)}`);
}
