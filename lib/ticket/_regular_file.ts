/** @module */

import { TicketError } from "./ticket_error.ts";

/** Files of a ticket that are larger are not read: they would have to be held in memory. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

/**
 * What lies at `path`, without following a link there; `undefined` when nothing does.
 *
 * @throws {TicketError} `io`.
 */
export function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (isMissing(error) || isTooLong(error)) return undefined;
    throw TicketError.io(path, error);
  }
}

/** Nothing lies where no name can be: any line of text can be the target of a relation. */
function isTooLong(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENAMETOOLONG";
}

/**
 * The whole text of a regular file, byte order mark included; `undefined` when there is none.
 * Whatever is no regular file is not opened: opening a FIFO waits for a writer.
 *
 * @throws {TicketError} `escapes_root` for a link, `parse` for more than {@linkcode MAX_FILE_BYTES}
 * or bytes that are no UTF-8, `io` for everything else.
 */
export function readRegularText(path: string): string | undefined {
  const bytes = readRegularBytes(path);
  return bytes && decodeText(bytes, path);
}

/**
 * Whether a name that a folder lists is no UTF-8: the runtime shows the bytes that are none as
 * U+FFFD, and does not find the file again.
 */
export function isNoUtf8(folder: string, name: string): boolean {
  return name.includes("\ufffd") && lookAt(`${folder}/${name}`) === undefined;
}

/** Whether two looks met the same file, whatever it held each time. */
export function isSameFile(one: Deno.FileInfo, other: Deno.FileInfo): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

/** What tells one content of a file from another without reading it. */
export function fileStamp(info: Deno.FileInfo): string {
  return `${info.mtime?.getTime()} ${info.ctime?.getTime()} ${info.size} ${info.ino}`;
}

/** Whether an error says that there is nothing at a path. */
function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/**
 * Whether there is a regular file at a path.
 *
 * @throws {TicketError} `escapes_root` for a link, `io` for whatever else is no file.
 */
export function isRegularFile(path: string): boolean {
  return regularInfo(path) !== undefined;
}

function regularInfo(path: string): Deno.FileInfo | undefined {
  const info = lookAt(path);
  if (info?.isSymlink) throw TicketError.escapesRoot(path);
  if (info && !info.isFile) throw TicketError.io(path, new Error("not a regular file"));
  return info;
}

/** The bytes of a regular file; throws as {@linkcode readRegularText}, but takes any bytes. */
export function readRegularBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
  const info = regularInfo(path);
  if (info === undefined) return undefined;
  if (info.size > MAX_FILE_BYTES) {
    const limit = MAX_FILE_BYTES / 1024 / 1024;
    throw TicketError.parse(path, `the file is larger than ${limit} MiB (${info.size} bytes)`);
  }
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw TicketError.io(path, error);
  }
}

/**
 * The text of a file's bytes, byte order mark included.
 *
 * @throws {TicketError} `parse` for bytes that are no UTF-8.
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const offset = firstInvalidByte(bytes);
    const detail = `the file is not UTF-8: the byte at offset ${offset} cannot be read`;
    const line = bytes.subarray(0, offset).filter((byte) => byte === LINE_FEED).length + 1;
    throw TicketError.parse(path, detail, { cause, line });
  }
}

const LINE_FEED = 0x0a;

/** Offset of the first byte that the replacement character stands for in a lenient reading. */
function firstInvalidByte(bytes: Uint8Array): number {
  const lenient = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const back = new TextEncoder().encode(lenient);
  return bytes.findIndex((byte, index) => byte !== back[index]);
}
