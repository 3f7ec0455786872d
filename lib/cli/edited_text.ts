/** What is said of a ticket's text that somebody edited. @module */

import type { TicketEvent } from "../ticket/ticket.ts";
import { TicketError } from "../ticket/ticket_error.ts";
import { CliError } from "./cli_error.ts";

/**
 * Why an edited text is not stored. The store names the file that it would become; what is wrong is
 * not in there, so this names the text, and the line of it.
 *
 * @param name What the person calls the text.
 */
export function faultOfText(error: TicketError, text: string, name: string): string {
  const { code, message, path } = error;
  const prefix = `ticket parse error in ${path}: `;
  if (code !== "parse" || !path?.endsWith("/item.md") || !message.startsWith(prefix)) {
    return message;
  }
  const detail = message.slice(prefix.length);
  const line = error.line ?? lineOfField(detail, text);
  const place = line === undefined || detail.includes(` at line ${line}`) ? "" : ` (line ${line})`;
  return `${name} is not valid${place}: ${detail}`;
}

/**
 * Makes sure that a text was taken from the ticket as it is now: one from a file may be an old one,
 * and would take back what others have changed since. A text without the time leaves that to whoever
 * wrote it.
 *
 * @param current The text of the ticket.
 * @throws {CliError} `failed` when it was not.
 */
export function checkUpToDate(id: string, text: string, current: string, name: string): void {
  const [taken, now] = [updatedAt(text), updatedAt(current)];
  if (taken === undefined || now === undefined || taken === now) return;
  const remedy = `take over what others wrote (yoi ticket show ${id}), then write ${now} there`;
  const message = `${id} has changed since ${taken}, the updated_at of ${name}: ${remedy}`;
  throw new CliError("failed", message);
}

/**
 * The same within the second of the last change, which the time cannot tell apart: whether a text
 * still has what a field was before one of these changes.
 *
 * @param events Those of the ticket.
 * @throws {CliError} `failed` when it would take a change back.
 */
export function checkNothingTakenBack(
  id: string,
  { text, current }: { readonly text: string; readonly current: string },
  events: readonly TicketEvent[],
): void {
  const now = updatedAt(current);
  for (const { at, attributes: { field = "", from, to } } of events) {
    const isRecent = at === now && /^\w+$/.test(field) && from !== undefined && from !== to;
    if (!isRecent || recordedValue(current, field) !== to) continue;
    if (recordedValue(text, field) !== from) continue;
    const message =
      `${id}: ${field} became ${to} within the second in which this text was taken, ` +
      `and the text still has ${from}: write ${to} there`;
    throw new CliError("failed", message);
  }
}

/** The command that stores a text that was kept in a file. */
export function storeCommand(id: string, path: string, root: string | undefined): string {
  const at = root === undefined ? [] : ["--root", root];
  return ["yoi", "ticket", "edit", id, ...at, "--file", path].map(shellWord).join(" ");
}

function lineOfField(detail: string, text: string): number | undefined {
  const [, key] = /^field "(\w+)" /.exec(detail) ?? [];
  if (key === undefined) return undefined;
  const index = text.split("\n").findIndex((line) => line.startsWith(`${key}:`));
  return index < 0 ? undefined : index + 1;
}

/** The time of the last change that the frontmatter names. */
function updatedAt(text: string): string | undefined {
  return fieldOf(text, "updated_at");
}

/** A field in the words of an event. */
function recordedValue(text: string, key: string): string {
  return fieldOf(text, key) ?? "null";
}

/** A field that holds one word, as programs write it. */
function fieldOf(text: string, key: string): string | undefined {
  const [, frontmatter = ""] = /^\ufeff?---\r?\n(.*?)^---/ms.exec(text) ?? [];
  return new RegExp(`^${key}[ \\t]*:[ \\t]*["']?([^\\s"'#]+)`, "m").exec(frontmatter)?.[1];
}

/** A word as a shell takes it. */
function shellWord(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
