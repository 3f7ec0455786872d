import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { readText } from "../../lib/cli/read_text.ts";

const from = (...parts: (string | Uint8Array<ArrayBuffer>)[]) => ({
  readable: new Blob(parts).stream(),
});

Deno.test("readText() joins words, and reads stdin for a single -", async () => {
  assertEquals(await readText(["hello", "there"], from("unread")), "hello there");
  assertEquals(await readText(["-"], from("two\n", "lines\r\n")), "two\nlines");
  assertEquals(await readText(["-", "x"], from("unread")), "- x");
});

Deno.test("readText() refuses no text, and bytes that are none", async () => {
  await assertRejects(() => readText([" "], from()), CliError, "there is no text");
  await assertRejects(() => readText(["-"], from("\n")), CliError, "stdin holds no text");
  await assertRejects(() => readText(["-"], from(new Uint8Array([0xff]))), CliError, "no UTF-8");
});
