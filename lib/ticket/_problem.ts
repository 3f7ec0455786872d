/** @module */

import type { TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/**
 * An error as it stands beside the records that can be read. Lists go to places that a ticket's
 * content has no business in, so details that may quote it are left to the doctor.
 *
 * @param root Folder that the problem's path is relative to.
 * @param path What could not be read, relative to `root`; the error may know better.
 * @throws Whatever is no {@linkcode TicketError}: a mistake of the program.
 */
export function problemOf(error: unknown, root: string, path: string): TicketProblem {
  if (!(error instanceof TicketError)) throw error;
  const inside = error.path?.startsWith(`${root}/`) ? error.path.slice(root.length + 1) : path;
  return { path: inside, reason: reasonOf(error) };
}

/** The whole message, without the class and the path, for whoever names that beside it. */
export function detailOf(error: TicketError): string {
  if (error.code === "escapes_root") return "it is a symbolic link, and links are not followed";
  const prefix = `${error.path}: `;
  const start = error.message.indexOf(prefix);
  return start < 0 ? error.message : error.message.slice(start + prefix.length);
}

/** Details that begin like this are about the file as a whole. */
const ABOUT_THE_FILE = /^the (file|frontmatter) is /;

/** Names that a detail may say: everybody knows them. */
const KNOWN_NAMES = new Set([
  ...["---", "[]", "title", "state", "created_at", "updated_at", "assignee", "readiness"],
  ...["risk_flags", "risks", "queued_by", "queued_at", "priority", "workflow_state", "status"],
  ...["id", "slug", "kind", "labels", "action_required", "attention_required"],
  ...["legacy_ticket", "needs_preflight"],
]);

function reasonOf(error: TicketError): string {
  switch (error.code) {
    case "parse":
      return parseReason(error);
    case "escapes_root":
      return "a symbolic link, and links are not followed";
    case "io":
      return detailOf(error);
    case "not_found":
      return "there is no such file";
    default:
      return error.message;
  }
}

function parseReason(error: TicketError): string {
  const start = `ticket parse error in ${error.path}: `;
  const detail = error.message.slice(start.length);
  if (error.path?.endsWith("/item.md") || ABOUT_THE_FILE.test(detail)) {
    return detail.replace(/"([^"]*)"/g, (quoted, name) => KNOWN_NAMES.has(name) ? quoted : '"..."');
  }
  const where = error.line === undefined ? "" : ` (line ${error.line})`;
  return `the file does not hold what its format asks for${where}`;
}
