import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { ParsedArguments } from "../../lib/cli/parsed_arguments.ts";

Deno.test("ParsedArguments.positive() reads numbers above 0 only", () => {
  const read = (text: string) =>
    new ParsedArguments([], new Set(), new Map([["wait", [text]]])).positive("wait");
  assertEquals([read("0.5"), read("10")], [0.5, 10]);
  assertEquals(new ParsedArguments([]).positive("wait"), undefined);
  for (const text of ["soon", "0", "-1", "Infinity"]) {
    assertThrows(() => read(text), CliError, "takes a number above 0");
  }
});

Deno.test("ParsedArguments.count() takes whole numbers from 0, required() what was given", () => {
  const given = (text: string) => new ParsedArguments([], new Set(), new Map([["limit", [text]]]));
  assertEquals([given("0").count("limit"), given("120").count("limit")], [0, 120]);
  assertEquals(given("1").count("offset"), undefined);
  for (const text of ["-1", "1.5", "many", "", "1e3"]) {
    assertThrows(() => given(text).count("limit"), CliError, "it takes a whole number");
  }
  for (const digits of [16, 20, 400]) {
    const most = given("9".repeat(digits)).count("limit");
    assertEquals(most, Number.MAX_SAFE_INTEGER);
  }
  assertEquals(given("").required("limit"), "");
  assertThrows(() => given("x").required("title"), CliError, "--title is required");
});
