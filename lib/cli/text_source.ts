/** @module */

import { resolve } from "@std/path";
import { CliError } from "./cli_error.ts";
import type { Context } from "./context.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";

/** Where a text can come from. */
export interface TextFlags {
  /** Flags that hold the text itself; `-` stands for stdin. */
  readonly texts: readonly string[];
  /** The flag that names a file; `-` stands for stdin. */
  readonly file?: string;
  /** What stdin is read from; for tests. */
  readonly stdin?: { readonly readable: ReadableStream<Uint8Array> };
}

/**
 * The text that a command line gives, ended by a line break; exactly one of the flags has to.
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
  const { texts, file, stdin = Deno.stdin } = flags;
  const given = [...texts, ...(file === undefined ? [] : [file])]
    .filter((flag) => args.text(flag) !== undefined);
  const [flag, another] = given;
  if (flag === undefined) return undefined;
  if (another !== undefined) {
    const message = `Cannot use --${flag} and --${another}: exactly one of them says what to write`;
    throw new CliError("usage", message);
  }
  const value = args.text(flag)!;
  if (value === "-") return ended(await readStdin(stdin));
  return ended(flag === file ? await readFile(value, context) : value);
}

async function readFile(name: string, { cwd }: Pick<Context, "cwd">): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(resolve(cwd, name));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new CliError("failed", `Cannot read "${name}": ${detail}`, { cause });
  }
  return decode(bytes, `"${name}"`);
}

async function readStdin(
  { readable }: { readonly readable: ReadableStream<Uint8Array> },
): Promise<string> {
  const response = new Response(readable as ReadableStream<Uint8Array<ArrayBuffer>>);
  return decode(await response.bytes(), "stdin");
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CliError("failed", `Cannot read ${name}: it is no UTF-8 text`, { cause });
  }
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

function named({ texts, file }: TextFlags): string {
  return [...(file === undefined ? [] : [file]), ...texts].map((flag) => `--${flag}`).join(", ");
}
