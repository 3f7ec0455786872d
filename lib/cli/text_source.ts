/** @module */

import { resolve } from "@std/path";
import { systemReason } from "../file/system_reason.ts";
import { MAX_BODY_BYTES } from "../ticket/request_words.ts";
import { CliError } from "./cli_error.ts";
import type { Context } from "./context.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";
import type { TextSource } from "./read_text.ts";

/** Where a text can come from. */
export interface TextFlags {
  /** Flags that hold the text itself; `-` stands for stdin. */
  readonly texts: readonly string[];
  /** The flag that names a file; `-` stands for stdin. */
  readonly file?: string;
  /** Whether the text stays as it is: for a place that ends it itself. */
  readonly isVerbatim?: boolean;
  /** Called before a text is read that somebody types. */
  readonly beforeTyping?: () => void | Promise<void>;
  /** What stdin is read from; for tests. */
  readonly stdin?: TextSource;
}

/**
 * The text that a command line gives, ended by a line break; exactly one of the flags has to. A text
 * that may be no longer than it is gets none.
 *
 * @throws {CliError} `usage` when none gives one, or several; `failed` when it cannot be read.
 */
export async function requiredText(
  args: ParsedArguments,
  context: Pick<Context, "cwd">,
  flags: TextFlags,
): Promise<string> {
  const text = await optionalText(args, context, flags);
  if (text !== undefined) return text;
  throw new CliError("usage", `Exactly one of ${named(flags)} is required`);
}

/**
 * Like {@linkcode requiredText}, but there may be none.
 *
 * @throws {CliError} `usage` when several flags give one; `failed` when it cannot be read.
 */
export async function optionalText(
  args: ParsedArguments,
  context: Pick<Context, "cwd">,
  flags: TextFlags,
): Promise<string | undefined> {
  const { texts, file, stdin = Deno.stdin, isVerbatim = false, beforeTyping } = flags;
  const given = [...texts, ...(file === undefined ? [] : [file])]
    .filter((flag) => args.text(flag) !== undefined);
  const [flag, another] = given;
  if (flag === undefined) return undefined;
  if (another !== undefined) {
    const message = `Cannot use --${flag} and --${another}: give only one of them`;
    throw new CliError("usage", message);
  }
  const value = args.text(flag)!;
  const isTyped = (value === "-" || flag === file && isNameOfStdin(value)) && isTypedAt(stdin);
  if (isTyped) await beforeTyping?.();
  const text = flag === file
    ? await readNamed(value, context, stdin)
    : value === "-"
    ? await readStdin(stdin)
    : value;
  // A program may well have nothing to say; a person has changed their mind.
  if (isTyped && text.trim() === "") {
    throw new CliError("failed", "The text is empty, so nothing is stored");
  }
  return isVerbatim ? text : ended(text);
}

/**
 * The whole text of an `item.md` in a file, `-` stands for stdin: nothing is added, and a byte order
 * mark stays.
 *
 * @throws {CliError} `failed` when it cannot be read.
 */
export async function itemTextOf(
  name: string,
  context: Pick<Context, "cwd">,
  { beforeTyping, stdin = Deno.stdin }: Pick<TextFlags, "beforeTyping" | "stdin"> = {},
): Promise<string> {
  if (isNameOfStdin(name) && isTypedAt(stdin)) await beforeTyping?.();
  return await readNamed(name, context, stdin, { maxBytes: MAX_ITEM_BYTES, ignoreBOM: true });
}

/**
 * Names of stdin. Scripts that pipe into a program which knows no `-` give it the device, and the
 * runtime opens that only to programs that may do everything.
 */
const STDIN_NAMES: readonly string[] = ["-", "/dev/stdin", "/dev/fd/0"];

function isNameOfStdin(name: string): boolean {
  return STDIN_NAMES.includes(name);
}

function isTypedAt(stdin: TextSource): boolean {
  return stdin.isTerminal?.() === true;
}

/** A body with room for a frontmatter; the store has the exact bounds of both. */
const MAX_ITEM_BYTES = 2 * MAX_BODY_BYTES;

/** How a source is read. */
interface Reading {
  readonly maxBytes: number;
  /** Whether a byte order mark is a part of the text. */
  readonly ignoreBOM: boolean;
}

const BODY: Reading = { maxBytes: MAX_BODY_BYTES, ignoreBOM: false };

async function readNamed(
  name: string,
  context: Pick<Context, "cwd">,
  stdin: TextSource,
  reading = BODY,
): Promise<string> {
  if (isNameOfStdin(name)) return await readStdin(stdin, reading);
  return await readFile(name, context, reading);
}

async function readFile(
  name: string,
  { cwd }: Pick<Context, "cwd">,
  reading: Reading,
): Promise<string> {
  if (name === "") throw new CliError("usage", "Cannot read a file: its path is empty");
  const quoted = `"${name}"`;
  try {
    const file = await Deno.open(resolve(cwd, name));
    return decode(await readBounded(file.readable, quoted, reading), quoted, reading);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError("failed", `Cannot read ${quoted}: ${systemReason(cause)}`, { cause });
  }
}

async function readStdin(
  { readable }: TextSource,
  reading = BODY,
): Promise<string> {
  return decode(await readBounded(readable, "stdin", reading), "stdin", reading);
}

/** All bytes of a stream, as long as they are few enough to be a text: others may never end. */
async function readBounded(
  readable: ReadableStream<Uint8Array>,
  name: string,
  { maxBytes }: Reading,
): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of readable as ReadableStream<Uint8Array<ArrayBuffer>>) {
    size += chunk.length;
    if (size > maxBytes) {
      const limit = `${maxBytes / 1024 / 1024} MiB`;
      throw new CliError("failed", `Cannot read ${name}: it is larger than ${limit}, the limit`);
    }
    chunks.push(chunk);
  }
  return await new Blob(chunks).bytes();
}

function decode(bytes: Uint8Array, name: string, { ignoreBOM }: Reading): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM }).decode(bytes);
  } catch (cause) {
    throw new CliError("failed", `Cannot read ${name}: it is not UTF-8 text`, { cause });
  }
}

/**
 * What people write fits or does not, whatever is added here. Windows line breaks shrink before they
 * are counted.
 */
function ended(text: string): string {
  if (text.endsWith("\n")) return text;
  // A UTF-16 unit has three bytes at most: short texts need no encoding to be measured.
  if (text.length * 3 < MAX_BODY_BYTES) return `${text}\n`;
  const { length } = new TextEncoder().encode(text.replaceAll("\r\n", "\n"));
  return length === MAX_BODY_BYTES ? text : `${text}\n`;
}

function named({ texts, file }: TextFlags): string {
  return [...(file === undefined ? [] : [file]), ...texts].map((flag) => `--${flag}`).join(", ");
}
