/** What a workspace needs before tickets can be kept in it. @module */

import { dirname, join } from "@std/path";
import { writeWhole } from "../file/write_whole.ts";
import { renderInitialConfig, TICKET_CONFIG_PATH } from "../ticket/ticket_config.ts";
import { TicketError } from "../ticket/ticket_error.ts";

/** Files of a ticket that git must not merge line by line, wherever the ticket lies in the root. */
const ATTRIBUTES: readonly string[] = [
  "thread.md merge=yoi-ticket",
  "item.md merge=yoi-ticket",
  "**/artifacts/relations.json merge=yoi-ticket",
  "**/artifacts/orchestration-plan.jsonl merge=yoi-ticket",
];
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

/** Adds the lines that a file does not have. */
async function ensureLines(path: string, lines: readonly string[]): Promise<void> {
  const text = await readIfThere(path);
  const present = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = lines.filter((line) => !present.has(line));
  if (missing.length === 0) return;
  const start = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  await writeWhole(path, `${start}${missing.join("\n")}\n`);
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
