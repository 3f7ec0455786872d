/** Generated ticket roots to measure on. @module */

import { join } from "@std/path";
import { renderNewItem } from "../lib/ticket/_frontmatter_edit.ts";
import { renderEvent } from "../lib/ticket/event_text.ts";
import { encodeRecordId } from "../lib/ticket/record_id.ts";
import { renderRelations } from "../lib/ticket/relations_file.ts";
import type { Relation } from "../lib/ticket/relation_view.ts";
import { TICKET_STATES } from "../lib/ticket/states.ts";

const FIRST = 1_780_272_000_000;
const DAY_MS = 86_400_000;

/**
 * Writes a root of `count` tickets with `events` events each, of the size and shape of real ones:
 * every tenth ticket depends on an earlier one, every seventh holds an artifact. The same numbers
 * give the same bytes.
 */
export async function writeTicketRoot(root: string, count: number, events = 20): Promise<void> {
  for (let index = 0; index < count; index++) await writeTicket(root, index, events);
}

async function writeTicket(root: string, index: number, events: number): Promise<void> {
  const id = idOf(index);
  const folder = join(root, id);
  const created = timeOf(index, 0);
  const state = TICKET_STATES[index % TICKET_STATES.length]!;
  await Deno.mkdir(join(folder, "artifacts"), { recursive: true });
  await Deno.writeTextFile(join(folder, "artifacts/.gitkeep"), "");
  const fields = {
    title: `Ticket ${index}: keep the ${index % 2 === 0 ? "index" : "索引"} small`,
    state,
    createdAt: created,
    updatedAt: timeOf(index, events),
    assignee: null,
    readiness: index % 3 === 0 ? "implementation_ready" : null,
    riskFlags: [],
    queuedBy: null,
    queuedAt: null,
    priority: null,
  };
  const body = "\n## Background\n\n" +
    `Part ${index} grows without a bound, and every reader pays for it.\n`.repeat(12) +
    "\n## Acceptance criteria\n\n- measured before and after\n";
  await Deno.writeTextFile(join(folder, "item.md"), renderNewItem(fields, body));
  const thread = Array.from({ length: events }, (_, event) => eventText(index, event, state));
  await Deno.writeTextFile(join(folder, "thread.md"), thread.join("\n"));
  if (state === "closed") await Deno.writeTextFile(join(folder, "resolution.md"), "Done.\n");
  if (index % 7 === 0) await Deno.writeTextFile(join(folder, "artifacts/notes.md"), "# Notes\n");
  if (index % 10 === 9) {
    const relation: Relation = {
      ticketId: id,
      kind: "depends_on",
      target: idOf(index - 5),
      note: null,
      author: "intake",
      at: created,
    };
    await Deno.writeTextFile(join(folder, "artifacts/relations.json"), renderRelations([relation]));
  }
}

function eventText(index: number, event: number, state: string): string {
  const at = timeOf(index, event);
  const author = "bench";
  if (event === 0) {
    return renderEvent({ kind: "create", author, at, heading: "Created", body: "Created." });
  }
  if (event === 18 && state !== "planning") {
    const attributes = [["from", "planning"], ["to", state], ["reason", "bench"], [
      "field",
      "state",
    ]] as const;
    const body = "Moved on.";
    return renderEvent({
      kind: "state_changed",
      author,
      at,
      heading: "State changed",
      body,
      attributes,
    });
  }
  if (event === 19 && state === "closed") {
    const attributes = [["status", "closed"]] as const;
    return renderEvent({ kind: "close", author, at, heading: "Closed", body: "Done.", attributes });
  }
  const body =
    `Step ${event} of part ${index} is done:\n\n- one file changed\n- \`deno task ok\` green\n`;
  return renderEvent({
    kind: "implementation_report",
    author,
    at,
    heading: "Implementation report",
    body,
  });
}

function idOf(index: number): string {
  return encodeRecordId(FIRST + index);
}

function timeOf(index: number, event: number): string {
  const time = new Date(FIRST + (index % 90) * DAY_MS + event * 60_000);
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
