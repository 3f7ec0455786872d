import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { METHOD_NAMES, readMethod } from "../../lib/cli/method_words.ts";

Deno.test("readMethod() reads Methods with and without parameters", () => {
  assertEquals(readMethod("pause", undefined), { method: "pause" });
  assertEquals(readMethod("list_completions", '{"kind":"file","prefix":"a"}'), {
    method: "list_completions",
    params: { kind: "file", prefix: "a" },
  });
});

Deno.test("readMethod() knows every Method that a Pod decodes", () => {
  for (const name of METHOD_NAMES) {
    try {
      readMethod(name, undefined);
    } catch (error) {
      assertEquals((error as CliError).message, `Cannot send "${name}": $.params is missing`);
    }
  }
});

Deno.test("readMethod() refuses what no Pod would take", () => {
  const fault = (...words: [string, string?]) =>
    assertThrows(() => readMethod(words[0], words[1]), CliError).message;
  assertEquals(fault("resum"), 'There is no Method "resum"; did you mean "resume"?');
  assertEquals(
    fault("__proto__").startsWith('There is no Method "__proto__"; there are run, '),
    true,
  );
  assertEquals(
    fault("run", '{"input":[{"kind":"text"}]}'),
    'Cannot send "run": $.params.input[0].content is missing',
  );
  assertEquals(
    fault("run", "hello").startsWith('Cannot send "run": its parameters are no JSON: '),
    true,
  );
});
