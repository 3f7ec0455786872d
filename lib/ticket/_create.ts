/**
 * New tickets: built whole beside the others under a name that nobody looks at, then renamed.
 *
 * Source: tickets specification, section 7.2; rows 4 and 13 of section 12.
 *
 * @module
 */

import { checkState, checkSummary, intakeSummary, stateChanged } from "./_change_state.ts";
import type { Write } from "./_write.ts";
import {
  createBody,
  defaultItemBody,
  headingOf,
  intakeReadyBody,
  type RecordLanguage,
} from "./event_kinds.ts";
import { appendixTo, type NewEvent } from "./event_text.ts";
import { checkPriority } from "./_change_field.ts";
import {
  checkAttribute,
  checkAuthor,
  checkBody,
  checkSingleLine,
  checkTitle,
  ifGiven,
  MAX_TITLE_BYTES,
} from "./_field_limits.ts";
import { renderNewItem } from "./_frontmatter_edit.ts";
import { readItem } from "./item.ts";
import type { TicketState } from "./states.ts";
import type { NewTicket } from "./change_requests.ts";
import { isTimestamp } from "./_timestamp.ts";
import { parseThread } from "./thread.ts";
import { stagingFolder } from "./_ticket_layout.ts";
import { TicketError } from "./ticket_error.ts";

/** What the store adds to a new ticket. */
export interface CreateContext {
  readonly at: string;
  readonly language: RecordLanguage;
  /** Named in the generated texts. */
  readonly backendName: string;
}

/** The texts of a new ticket's files. */
export interface NewTicketFiles {
  readonly item: string;
  readonly thread: string;
}

/** Checks a request without looking at the store; renders its files once the time is known. */
export function newTicket(
  request: NewTicket & { readonly author: string },
): (context: CreateContext) => NewTicketFiles {
  const title = checkTitle(request.title);
  const author = checkAuthor(request.author);
  const body = ifGiven(request.body, checkBody);
  const { state, summary } = checkBeginning(request);
  const fields = {
    title,
    state,
    assignee: checkOptional("assignee", request.assignee),
    readiness: checkOptional("readiness", request.readiness),
    riskFlags: (request.riskFlags ?? []).map((flag) => flag.trim()).filter((flag) => flag !== "")
      .map((flag) => checkSingleLine("risk flag", flag, MAX_TITLE_BYTES)),
    queuedBy: checkOptional("queued_by", request.queuedBy),
    queuedAt: checkTime("queued_at", request.queuedAt),
    priority: checkPriority(request.priority ?? null),
  };
  return (context) => {
    const { at, language, backendName } = context;
    const item = renderNewItem(
      { ...fields, createdAt: at, updatedAt: at },
      body ?? defaultItemBody(backendName, language),
    );
    const events: NewEvent[] = [{
      kind: "create",
      author,
      at,
      heading: headingOf("create", language),
      body: createBody(backendName, language),
    }];
    if (summary !== undefined) {
      const change = {
        from: "planning",
        to: "ready",
        author,
        reason: "planning_ready",
        body: intakeReadyBody(language),
      } as const;
      events.push(intakeSummary(summary, author, context), stateChanged(change, context));
    }
    const thread = appendixTo("", events);
    assertReadsBack({ item, thread }, { title, state, events: events.length });
    return { item, thread };
  };
}

/** The writes that make a ticket; the last one makes it visible. */
export function writesOfNewTicket(id: string, files: NewTicketFiles): readonly Write[] {
  const staging = stagingFolder(id);
  return [
    { action: "remove", path: staging },
    { action: "make_folder", path: staging },
    { action: "make_folder", path: `${staging}/artifacts` },
    { action: "create", path: `${staging}/artifacts/.gitkeep`, text: "" },
    // The item last, as in every change; in a copy it is the thread that is later.
    { action: "create", path: `${staging}/thread.md`, text: files.thread },
    { action: "create", path: `${staging}/item.md`, text: files.item },
    { action: "rename", path: staging, to: id },
  ];
}

function checkBeginning(
  request: NewTicket,
): { state: TicketState; summary: string | undefined } {
  const state = request.state ?? "planning";
  checkState(state);
  if (request.summary !== undefined) {
    if (state === "ready") return { state, summary: checkSummary(request.summary) };
    throw TicketError.conflict(`an intake summary makes a ticket ready, not ${state}`);
  }
  if (state === "planning" || request.import) return { state, summary: undefined };
  throw TicketError.conflict(
    state === "ready"
      ? "a ticket that begins as ready needs an intake summary"
      : `a new ticket cannot begin as ${state}, only as planning, or as ready with a summary`,
  );
}

function checkOptional(name: string, value: string | null | undefined): string | null {
  return value === null || value === undefined
    ? null
    // An event that changes the value later has to name it.
    : checkAttribute(name, value, MAX_TITLE_BYTES);
}

function checkTime(name: string, value: string | null | undefined): string | null {
  const time = checkOptional(name, value);
  if (time === null || isTimestamp(time)) return time;
  throw TicketError.conflict(`${name} has to be of the form 2026-06-01T00:00:00Z`);
}

function assertReadsBack(
  files: NewTicketFiles,
  asked: { title: string; state: TicketState; events: number },
): void {
  const item = readItem(files.item, { path: "item.md", generation: "v3" });
  const isItem = item !== "needs_yaml" && item.fields.title === asked.title &&
    item.fields.state === asked.state;
  if (isItem && parseThread(files.thread).events.length === asked.events) return;
  throw TicketError.conflict("the new ticket would not read back as given");
}
