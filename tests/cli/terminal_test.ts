import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { isColourless, Output } from "../../lib/cli/terminal.ts";
import { MemorySink } from "./_sinks.ts";

Deno.test("Output.write() writes all of every text, in the order of the calls", async () => {
  const sink = new MemorySink({ step: 3 });
  const output = new Output(sink);
  await Promise.all([output.write("hello, "), output.write("world"), output.write("\n")]);
  assertEquals(sink.text, "hello, world\n");
});

Deno.test("Output.writeBytes() writes all bytes as they are, in one order with texts", async () => {
  const written: number[] = [];
  const sink = new MemorySink();
  sink.write = (bytes) => {
    written.push(bytes[0]!);
    return Promise.resolve(1);
  };
  const output = new Output(sink);
  await Promise.all([
    output.write("a"),
    output.writeBytes(new Uint8Array([0xff, 0x00])),
    output.write("b"),
  ]);
  assertEquals(written, [0x61, 0xff, 0x00, 0x62]);
});

Deno.test("Output.write() rejects with output_closed when nobody reads", async () => {
  const sink = new MemorySink();
  const output = new Output(sink);
  sink.isClosed = true;
  const error = await assertRejects(() => output.write("x"), CliError);
  assertEquals([error.code, error.exitCode], ["output_closed", 141]);
  await assertRejects(() => output.write("y"), CliError);
});

Deno.test("Output.write() rejects with output_failed and its name when nothing can be written", async () => {
  const sink = new MemorySink();
  sink.isFull = true;
  const error = await assertRejects(() => new Output(sink).write("x"), CliError);
  assertEquals([error.code, error.exitCode], ["output_failed", 1]);
  assertEquals(error.message, "Cannot write to stdout: No space left on device (os error 28)");
  const named = new Output(sink, { name: "stderr" });
  await assertRejects(() => named.write("x"), CliError, "Cannot write to stderr: No space");
});

Deno.test("Output.writeBytes() lets failures of the device through", async () => {
  const sink = new MemorySink();
  sink.write = () => Promise.reject(new Deno.errors.NotCapable("no"));
  await assertRejects(() => new Output(sink).writeBytes(new Uint8Array(1)), Deno.errors.NotCapable);
});

Deno.test("Output.announce() writes once, and does without a reader", () => {
  const sink = new MemorySink();
  const output = new Output(sink);
  output.announce("YOI-READY\tdemo\t/run/demo/sock\n");
  assertEquals(sink.writes, 1);
  sink.isClosed = true;
  output.announce("lost");
  const full = new MemorySink();
  full.writeSync = () => {
    throw new Error("No space left on device (os error 28)");
  };
  new Output(full).announce("lost too");
  assertEquals(sink.text, "YOI-READY\tdemo\t/run/demo/sock\n");
});

Deno.test("Output colours on a terminal only, and not where no colour is wanted", () => {
  const columns = () => 80;
  const terminal = new Output(new MemorySink({ isTerminal: true }), { columns });
  const plain = new Output(new MemorySink({ isTerminal: true }), { noColour: true });
  const file = new Output(new MemorySink(), { columns });
  assertEquals(plain.style.red("x"), "x");
  assertEquals(file.style.red("x"), "x");
  assertEquals(terminal.style === file.style, false);
  assertEquals([terminal.columns, file.columns], [80, undefined]);
});

Deno.test("isColourless() hears of NO_COLOR and of terminals that show codes as they are", () => {
  const term = (value?: string) => (name: string) => name === "TERM" ? value : undefined;
  assertEquals(isColourless(false, term("xterm-256color")), false);
  assertEquals(isColourless(false, term()), false);
  assertEquals(isColourless(false, term("dumb")), true);
  assertEquals(isColourless(true, term("xterm")), true);
});
