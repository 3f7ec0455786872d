import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { asksForHelp, parseStrictly } from "../../lib/cli/strict_arguments.ts";
import type { Verb } from "../../lib/cli/verb.ts";

const verb: Verb = {
  name: "ticket try",
  summary: "",
  operands: [{ name: "ID" }, { name: "STATE", words: ["ready", "done"], isOptional: true }],
  flags: [
    { name: "json", summary: "" },
    { name: "message", value: "TEXT", summary: "" },
    { name: "kind", value: "KIND", words: ["blocks", "related"], summary: "" },
    { name: "state", value: "STATE", words: ["ready", "done"], isList: true, summary: "" },
    { name: "risk-flag", value: "TEXT", isRepeatable: true, summary: "" },
  ],
};

const fault = (...words: string[]) =>
  assertThrows(() => parseStrictly(verb, words), CliError).message;

Deno.test("parseStrictly() reads --name value and --name=value alike, in any order", () => {
  for (const words of [["x", "--message", "a=b"], ["--message=a=b", "x"]]) {
    const args = parseStrictly(verb, words);
    assertEquals([args.operands, args.text("message")], [["x"], "a=b"]);
  }
  const args = parseStrictly(verb, ["--json", "x", "done"]);
  assertEquals([args.has("json"), args.operands], [true, ["x", "done"]]);
});

Deno.test("parseStrictly() takes the last of repeated values, and keeps all of a repeatable one", () => {
  const args = parseStrictly(verb, [
    ...["x", "--message", "one", "--message=two"],
    ...["--risk-flag", "io", "--risk-flag=format"],
  ]);
  assertEquals(args.text("message"), "two");
  assertEquals(args.texts("risk-flag"), ["io", "format"]);
});

Deno.test("parseStrictly() refuses a forgotten value, and takes an empty one that stands apart", () => {
  assert(fault("x", "--message").startsWith("--message requires a value, TEXT"));
  assert(fault("x", "--message", "--json").startsWith("--message requires a value"));
  assert(fault("x", "--message", "-v").startsWith("--message requires a value"));
  assertEquals(fault("x", "--message="), "--message requires a value, TEXT");
  assertEquals(parseStrictly(verb, ["x", "--message", ""]).text("message"), "");
  assertEquals(parseStrictly(verb, ["x", "--message=-v"]).text("message"), "-v");
  assertEquals(parseStrictly(verb, ["x", "--message", "-"]).text("message"), "-");
  assertEquals(parseStrictly(verb, ["x", "--message=a\nb"]).text("message"), "a\nb");
});

Deno.test("parseStrictly() names unknown options and extra words", () => {
  assertEquals(
    fault("x", "--mesage=y"),
    '"yoi ticket try" has no flag "--mesage"; did you mean "--message"?',
  );
  assertEquals(fault("x", "--help=y"), "--help takes no value");
  assertEquals(fault("x", "-v"), '"yoi ticket try" has no flag "-v"');
  assertEquals(fault("x", "--toString", "y"), '"yoi ticket try" has no flag "--toString"');
  assertEquals(fault("x", "--json=yes"), "--json takes no value");
  assertEquals(fault("x", "ready", "y"), 'Cannot run "yoi ticket try": unexpected argument "y"');
  assertEquals(fault(), 'Cannot run "yoi ticket try": ID is missing');
});

Deno.test("parseStrictly() names the words of what is missing", () => {
  assertEquals(fault("x", "--kind"), "--kind requires a value, one of blocks, related");
  assertEquals(fault("x", "--state="), "--state requires a value, one of ready, done");
  const moved: Verb = {
    ...verb,
    operands: [{ name: "ID" }, { name: "STATE", words: ["ready", "shut"], refusedWords: ["shut"] }],
  };
  assertEquals(
    assertThrows(() => parseStrictly(moved, ["x"]), CliError).message,
    'Cannot run "yoi ticket try": STATE is missing, one of ready',
  );
});

Deno.test("parseStrictly() lets only the words of the table through, of lists the last", () => {
  assertEquals(
    fault("x", "--kind", "near"),
    'Cannot use --kind "near": it is one of blocks, related',
  );
  assertEquals(fault("x", "soon"), 'Cannot use STATE "soon": it is one of ready, done');
  assertEquals(
    fault("x", "--state", "ready,soon"),
    'Cannot use --state "soon": it is one of ready, done',
  );
  const args = parseStrictly(verb, ["x", "--state=ready", "--state", "done, ready"]);
  assertEquals(args.texts("state"), ["done", "ready"]);
});

Deno.test("parseStrictly() takes everything behind -- as operands", () => {
  assertThrows(() => parseStrictly(verb, ["--", "--json", "-h"]), CliError, "STATE");
  assertEquals(parseStrictly(verb, ["--", "--json"]).operands, ["--json"]);
});

Deno.test("asksForHelp() hears -h and --help where a flag can stand, and nowhere else", () => {
  for (const words of [["--help"], ["x", "-h"], ["--frob", "--help"], ["--message", "x", "-h"]]) {
    assert(asksForHelp(verb, words), words.join(" "));
  }
  for (const words of [["x"], ["--message=--help"], ["--", "--help"], ["x", "--message", "help"]]) {
    assert(!asksForHelp(verb, words), words.join(" "));
  }
});

Deno.test("parseStrictly() takes no value for a wish for help, which would drop a message (row 22)", () => {
  for (const word of ["--help", "-h"]) {
    const words = ["x", "--message", word];
    assert(!asksForHelp(verb, words), word);
    assertStringIncludes(fault(...words), "--message requires a value");
    assert(asksForHelp(verb, [...words, "--help"]), word);
  }
});
