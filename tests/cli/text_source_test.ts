import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { ParsedArguments } from "../../lib/cli/parsed_arguments.ts";
import { itemTextOf, optionalText, requiredText } from "../../lib/cli/text_source.ts";

const FLAGS = { texts: ["message"], file: "file" };

function given(values: Record<string, string>): ParsedArguments {
  const entries = Object.entries(values).map(([name, value]) => [name, [value]] as const);
  return new ParsedArguments([], new Set(), new Map(entries));
}

function stdin(...chunks: (string | Uint8Array)[]) {
  const encoder = new TextEncoder();
  const bytes = chunks.map((chunk) => typeof chunk === "string" ? encoder.encode(chunk) : chunk);
  return { readable: ReadableStream.from(bytes) as ReadableStream<Uint8Array> };
}

Deno.test("requiredText() takes a message, a file or stdin, and ends it with a line break", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/note.md`, "from the file");
  const context = { cwd: folder };
  assertEquals(await requiredText(given({ message: "a" }), context, FLAGS), "a\n");
  assertEquals(await requiredText(given({ message: "a\n" }), context, FLAGS), "a\n");
  assertEquals(await requiredText(given({ file: "note.md" }), context, FLAGS), "from the file\n");
  for (const flag of ["message", "file"]) {
    const flags = { ...FLAGS, stdin: stdin("two\n", "lines") };
    assertEquals(await requiredText(given({ [flag]: "-" }), context, flags), "two\nlines\n");
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("requiredText() reads stdin where a file is named by its device", async () => {
  for (const file of ["/dev/stdin", "/dev/fd/0"]) {
    const flags = { ...FLAGS, stdin: stdin("piped") };
    assertEquals(await requiredText(given({ file }), { cwd: "/" }, flags), "piped\n");
    const item = await itemTextOf(file, { cwd: "/" }, { stdin: stdin("\ufeffitem") });
    assertEquals(item, "\ufeffitem");
  }
  assertEquals(
    await requiredText(given({ message: "/dev/stdin" }), { cwd: "/" }, FLAGS),
    "/dev/stdin\n",
  );
});

Deno.test("requiredText() wants a path", async () => {
  const read = () => requiredText(given({ file: "" }), { cwd: "/" }, FLAGS);
  await assertRejects(read, CliError, "Cannot read a file: its path is empty");
});

Deno.test("requiredText() prepares for a text that is typed, and for no other", async () => {
  const calls: string[] = [];
  const flags = (isTerminal: boolean) => ({
    ...FLAGS,
    beforeTyping: () => void calls.push("prepared"),
    stdin: { ...stdin("typed"), isTerminal: () => isTerminal },
  });
  const context = { cwd: "/" };
  assertEquals(await requiredText(given({ message: "-" }), context, flags(false)), "typed\n");
  assertEquals(await requiredText(given({ message: "a" }), context, flags(true)), "a\n");
  assertEquals(calls, []);
  assertEquals(await requiredText(given({ message: "-" }), context, flags(true)), "typed\n");
  assertEquals(calls, ["prepared"]);
});

Deno.test("itemTextOf() prepares for a text that is typed, and for no other", async () => {
  const calls: string[] = [];
  const read = (name: string, isTerminal: boolean) =>
    itemTextOf(name, { cwd: "/" }, {
      beforeTyping: () => void calls.push(name),
      stdin: { ...stdin("typed"), isTerminal: () => isTerminal },
    });
  assertEquals(await read("-", false), "typed");
  assertEquals(calls, []);
  for (const name of ["-", "/dev/stdin"]) assertEquals(await read(name, true), "typed");
  assertEquals(calls, ["-", "/dev/stdin"]);
});

Deno.test("requiredText() takes an empty text from programs, and not from who types", async () => {
  const flags = (isTerminal: boolean) => ({
    ...FLAGS,
    stdin: { ...stdin("\n"), isTerminal: () => isTerminal },
  });
  const context = { cwd: "/" };
  assertEquals(await requiredText(given({ file: "-" }), context, flags(false)), "\n");
  const error = await assertRejects(
    () => requiredText(given({ file: "-" }), context, flags(true)),
    CliError,
    "The text is empty, so nothing is stored",
  );
  assertEquals(error.code, "failed");
});

Deno.test("requiredText() wants exactly one source", async () => {
  const context = { cwd: "/" };
  await assertRejects(
    () => requiredText(given({}), context, FLAGS),
    CliError,
    "Exactly one of --file, --message is required",
  );
  await assertRejects(
    () => requiredText(given({ message: "a", file: "b" }), context, FLAGS),
    CliError,
    "Cannot use --message and --file",
  );
  assertEquals(await optionalText(given({}), context, FLAGS), undefined);
});

Deno.test("requiredText() names the file that cannot be read", async () => {
  const context = { cwd: "/nowhere" };
  const error = await assertRejects(
    () => requiredText(given({ file: "x.md" }), context, FLAGS),
    CliError,
    'Cannot read "x.md": ',
  );
  assertEquals(error.code, "failed");
  const flags = { ...FLAGS, stdin: stdin(new Uint8Array([0xff])) };
  await assertRejects(
    () => requiredText(given({ file: "-" }), context, flags),
    CliError,
    "Cannot read stdin: it is not UTF-8 text",
  );
});

Deno.test("requiredText() stops reading what is too long, and does not wait for its end", async () => {
  const endless = {
    readable: new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
    }),
  };
  const flags = { ...FLAGS, stdin: endless };
  const limit = "it is larger than 1 MiB, the limit";
  await assertRejects(
    () => requiredText(given({ message: "-" }), { cwd: "/" }, flags),
    CliError,
    `Cannot read stdin: ${limit}`,
  );
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/sparse`, "");
  await Deno.truncate(`${folder}/sparse`, 2 ** 40);
  await assertRejects(
    () => requiredText(given({ file: "sparse" }), { cwd: folder }, FLAGS),
    CliError,
    `Cannot read "sparse": ${limit}`,
  );
  await assertRejects(
    () => requiredText(given({ file: "." }), { cwd: folder }, FLAGS),
    CliError,
    'Cannot read ".": ',
  );
  await Deno.remove(folder, { recursive: true });
});
