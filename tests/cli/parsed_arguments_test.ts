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
