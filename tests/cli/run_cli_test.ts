import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runCli } from "../../lib/cli/run_cli.ts";
import { VERBS } from "../../lib/cli/verb_table.ts";
import { memoryContext } from "./_sinks.ts";

Deno.test("runCli() prints the version", async () => {
  const { context, stdout } = memoryContext();
  assertEquals(await runCli(["--version"], context), 0);
  const { version } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  assertEquals(stdout.text, `yoi ${version}\n`);
});

Deno.test("runCli() helps: on stdout when asked, on stderr with code 2 when nothing was said", async () => {
  const asked = memoryContext();
  assertEquals(await runCli(["--help"], asked.context), 0);
  const silent = memoryContext();
  assertEquals(await runCli([], silent.context), 2);
  assertEquals(silent.stderr.text, asked.stdout.text);
  assertEquals(silent.stdout.text, "");
});

Deno.test("runCli() has help for every verb, and the flag alone is enough", async () => {
  for (const { name, summary, flags } of VERBS) {
    const { context, stdout } = memoryContext();
    assertEquals(await runCli([...name.split(" "), "--help"], context), 0);
    assert(stdout.text.startsWith(`yoi ${name}`), name);
    assertStringIncludes(stdout.text, summary);
    for (const flag of flags) assertStringIncludes(stdout.text, `--${flag.name}`);
  }
});

Deno.test("runCli() gives --help behind -- to the verb", async () => {
  const { context, stderr } = memoryContext();
  assertEquals(await runCli(["completions", "--", "--help"], context), 2);
  assertStringIncludes(stderr.text, 'no completions for "--help"');
});

Deno.test("runCli() says nothing when nobody reads its output", async () => {
  const { context, stdout, stderr } = memoryContext();
  stdout.isClosed = true;
  assertEquals(await runCli(["help"], context), 141);
  assertEquals(stderr.text, "");
});

Deno.test("runCli() says nothing and throws nothing when stderr is closed, too", async () => {
  const { context, stderr } = memoryContext();
  stderr.isClosed = true;
  assertEquals(await runCli(["frob"], context), 2);
});
