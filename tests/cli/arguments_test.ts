import { assertEquals, assertThrows } from "@std/assert";
import { parseArguments } from "../../lib/cli/arguments.ts";
import { CliError } from "../../lib/cli/cli_error.ts";
import type { Verb } from "../../lib/cli/verb.ts";

const verb: Verb = {
  name: "try",
  summary: "",
  operands: [{ name: "NAME" }, { name: "TEXT", isOptional: true, isRest: true }],
  flags: [
    { name: "json", summary: "" },
    { name: "model", value: "MODEL", summary: "" },
    { name: "scope", value: "PATH", isRepeatable: true, summary: "" },
  ],
};

Deno.test("parseArguments() tells operands, switches and values apart, in any order", () => {
  const args = parseArguments(verb, ["--json", "demo", "--model=a:b", "12", "--scope", "x", "-"]);
  assertEquals(args.operands, ["demo", "12", "-"]);
  assertEquals([args.has("json"), args.text("model"), args.texts("scope")], [true, "a:b", ["x"]]);
});

Deno.test("parseArguments() keeps every value of a flag, and takes the last where one is wanted", () => {
  const args = parseArguments(verb, ["demo", "--scope", "a", "--scope", "b"]);
  assertEquals([args.texts("scope"), args.text("scope")], [["a", "b"], "b"]);
  assertEquals([args.texts("model"), args.text("model"), args.has("json")], [[], undefined, false]);
});

Deno.test("parseArguments() takes everything behind -- as operands", () => {
  assertEquals(parseArguments(verb, ["demo", "--", "--json", "-x"]).operands, [
    "demo",
    "--json",
    "-x",
  ]);
});

Deno.test("parseArguments() refuses what the verb does not know, with a hint and the usage", () => {
  const fault = (...words: string[]) =>
    assertThrows(() => parseArguments(verb, words), CliError).message;
  const usage = "usage: yoi try NAME [TEXT...] [flags]";
  assertEquals(
    fault("demo", "--modle=x"),
    `"yoi try" has no flag "--modle"; did you mean "--model"?\n${usage}`,
  );
  assertEquals(fault("demo", "--help=x"), `--help takes no value\n${usage}`);
  assertEquals(fault("demo", "-x"), `"yoi try" has no flag "-x"\n${usage}`);
  assertEquals(fault("demo", "--no-json"), `"yoi try" has no flag "--no-json"\n${usage}`);
  assertEquals(
    fault("demo", "--model"),
    `Cannot use --model: it takes a value, MODEL\n${usage}`,
  );
  assertEquals(
    fault("demo", "--model", "--json"),
    `Cannot use --model: it takes a value, MODEL\n${usage}`,
  );
  assertEquals(fault("--json"), `Cannot run "yoi try": NAME is missing\n${usage}`);
});

Deno.test("parseArguments() refuses words that no operand takes", () => {
  const short = { ...verb, operands: verb.operands.slice(0, 1) };
  assertThrows(() => parseArguments(short, ["one", "two"]), CliError, 'unexpected argument "two"');
});
