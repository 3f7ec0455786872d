import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const CHECKOUT = fromFileUrl(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** The program with other permissions than usual. */
async function run(permissions: readonly string[], words: readonly string[]) {
  const config = `--config=${CHECKOUT}/deno.json`;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", config, ...permissions, `${CHECKOUT}/cli.ts`, ...words],
    cwd: "/",
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("loadVerb() says what is missing where the program may not read itself", async () => {
  const message = `Cannot read the program's own folder "${CHECKOUT}": add it to --allow-read, ` +
    `or use the bundle of "deno task bundle"`;
  assertEquals(await run(["--allow-read=/proc", "--allow-env"], ["help"]), {
    code: 1,
    stderr: `yoi: ${message}\n`,
  });
  assertEquals(await run(["--allow-env"], ["ticket", "show", "x"]), {
    code: 1,
    stderr: `yoi ticket: ${message}\n`,
  });
  const narrow = [`--allow-read=${CHECKOUT}`, "--allow-env"];
  assertEquals(await run(narrow, ["help"]), { code: 0, stderr: "" });
});

Deno.test("runCli() tells of errors in a line where it may read no variables", async () => {
  assertEquals(await run(["--allow-read"], ["help", "ticket", "frob"]), {
    code: 2,
    stderr: 'yoi: There is no verb "ticket frob"; "yoi ticket" lists the verbs\n',
  });
});
