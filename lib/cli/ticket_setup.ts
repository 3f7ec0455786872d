/** What a workspace needs before tickets can be kept in it. @module */

import { dirname, join } from "@std/path";
import { writeWhole } from "../file/write_whole.ts";
import { MERGE_DRIVER, MERGED_FILES } from "../ticket/merge_driver_command.ts";
import { renderInitialConfig, TICKET_CONFIG_PATH } from "../ticket/ticket_config.ts";
import { TicketError } from "../ticket/ticket_error.ts";

/** Files that git must not merge line by line, wherever a ticket lies in the root. */
const ATTRIBUTES: readonly string[] = MERGED_FILES.map((file) =>
  // Git looks for a name without a slash at every depth.
  `${file.includes("/") ? "**/" : ""}${file} merge=${MERGE_DRIVER}`
);
/** What a root holds for the moment: lock and holder, temporary files, tickets in the making. */
const IGNORED: readonly string[] = [
  "/.ticket-backend.lock",
  "/.ticket-backend.holder",
  ".*.yoi-tmp",
  ".*.tmp.*",
  "/.*.new/",
];

/** Writes the configuration of a workspace unless there is one. */
export async function prepareConfig(workspace: string): Promise<"created" | "kept"> {
  const path = join(workspace, TICKET_CONFIG_PATH);
  await makeFolder(dirname(path));
  try {
    await Deno.writeTextFile(path, renderInitialConfig(), { createNew: true });
    return "created";
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return "kept";
    throw TicketError.io(path, error);
  }
}

/** Makes a ticket root, and what git has to know about it; gives back every path that is there now. */
export async function prepareRoot(root: string): Promise<string[]> {
  await makeFolder(root);
  const attributes = join(root, ".gitattributes");
  const ignored = join(root, ".gitignore");
  await ensureLines(attributes, ATTRIBUTES);
  await ensureLines(ignored, IGNORED);
  return [root, attributes, ignored];
}

async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    throw TicketError.io(path, error);
  }
}

/** Adds the lines that a file does not have; what is there stays, byte for byte. */
async function ensureLines(path: string, lines: readonly string[]): Promise<void> {
  const bytes = await readIfThere(path);
  const text = new TextDecoder().decode(bytes);
  const present = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = lines.filter((line) => !present.has(line));
  if (missing.length === 0) return;
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  await writeWhole(path, await new Blob([bytes, `${gap}${missing.join("\n")}\n`]).bytes());
}

/** The bytes of a file, none without one; a link would lead the lines elsewhere. */
async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const info = await Deno.lstat(path);
    if (info.isSymlink) throw TicketError.escapesRoot(path);
    if (!info.isFile) throw TicketError.io(path, new Error("not a regular file"));
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error instanceof TicketError ? error : TicketError.io(path, error);
  }
}
