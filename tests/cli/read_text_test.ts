import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { readText } from "../../lib/cli/read_text.ts";
import { Output } from "../../lib/cli/terminal.ts";
import { MemorySink } from "./_sinks.ts";

const from = (...parts: (string | Uint8Array<ArrayBuffer>)[]) => ({
  readable: new Blob(parts).stream(),
});

function onSink(sink = new MemorySink()) {
  const output = new Output(sink);
  return { terminal: { stdout: output, stderr: output } };
}

Deno.test("readText() joins words, and reads stdin for a single -", async () => {
  assertEquals(await readText(["hello", "there"], onSink(), from("unread")), "hello there");
  assertEquals(await readText(["-"], onSink(), from("two\n", "lines\r\n")), "two\nlines");
  assertEquals(await readText(["-", "x"], onSink(), from("unread")), "- x");
});

Deno.test("readText() refuses no text, and bytes that are none", async () => {
  await assertRejects(() => readText([" "], onSink(), from()), CliError, "there is no text");
  await assertRejects(() => readText(["-"], onSink(), from("\n")), CliError, "stdin holds no text");
  await assertRejects(
    () => readText(["-"], onSink(), from(new Uint8Array([0xff]))),
    CliError,
    "not UTF-8",
  );
});

Deno.test("readText() says how a text ends that is typed, and nothing of a pipe", async () => {
  const sink = new MemorySink();
  for (const isTerminal of [false, true]) {
    assertEquals(sink.text, "");
    const stdin = { ...from("hello\n"), isTerminal: () => isTerminal };
    assertEquals(await readText(["-"], onSink(sink), stdin), "hello");
  }
  assertEquals(
    sink.text,
    "yoi: reading the text from the terminal: Ctrl-D on a line of its own ends it, Ctrl-C cancels\n",
  );
});
