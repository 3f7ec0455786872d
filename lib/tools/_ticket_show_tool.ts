/**
 * The tool that shows one ticket.
 *
 * Source: tickets specification, section 11; W21.
 *
 * @module
 */

import { z } from "zod";
import type { TicketStore } from "../ticket/store.ts";
import type { Frontmatter, TicketDetail, TicketEvent } from "../ticket/ticket.ts";
import { TicketError } from "../ticket/ticket_error.ts";
import { unsigned } from "./_input.ts";
import { limit } from "./_ticket_inputs.ts";
import { problemsOf } from "./_ticket_problems.ts";
import { viewOf } from "./_ticket_relation_tools.ts";
import { type ContentBounds, cutToBytes, fitContent, oneLine } from "./_ticket_text.ts";
import { clamp, ticketTool, type TicketToolMaker } from "./_ticket_tool.ts";

const EVENT_LIMIT = { fallback: 20, most: 100 };
const ARTIFACT_LIMIT = { fallback: 50, most: 200 };
const BODY_LIMIT = { fallback: 16384, most: 65536 };
/** More relations than this of one kind are told by their number. */
const MAX_RELATIONS = 200;
const TITLE_CHARACTERS = 96;

/** TicketShow. */
export function ticketShow(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketShow",
    description:
      `Shows one ticket: fields, body, the last events of its thread, artifacts, relations, resolution.

- Give exactly one of id (exact) and query (an id, the beginning of one, or an old slug).
- Long texts are cut and end with a marker. The whole answer is kept below 64 KiB; ask with a smaller event_limit for longer texts.`,
    input: z.object({
      id: z.string().optional().describe("Id of the ticket."),
      query: z.string().optional().describe("What names exactly one ticket."),
      event_limit: limit("events, the last ones,", EVENT_LIMIT),
      artifact_limit: limit("artifact paths", ARTIFACT_LIMIT),
      body_max_bytes: unsigned().optional().describe(
        `Most bytes of each text, 1 to ${BODY_LIMIT.most}. Default ${BODY_LIMIT.fallback}.`,
      ),
    }),
    check: ({ id, query }) =>
      (id === undefined) === (query === undefined) ? "give exactly one of id and query" : undefined,
    async run(input, { signal }) {
      const detail = await store.show(input.id ?? input.query ?? "", { signal });
      if (input.id !== undefined && detail.id !== input.id && !isOldId(input.id)) {
        throw TicketError.notFound(input.id, `give it as query to find ${detail.id}`);
      }
      const wanted: ShowLimits = {
        events: clamp(input.event_limit, EVENT_LIMIT),
        artifacts: clamp(input.artifact_limit, ARTIFACT_LIMIT),
      };
      const content = fitContent((bounds) => contentOf(detail, wanted, bounds), {
        text: clamp(input.body_max_bytes, BODY_LIMIT),
        rows: Math.max(wanted.events, wanted.artifacts, MAX_RELATIONS),
      });
      const title = oneLine(detail.title, TITLE_CHARACTERS);
      return { summary: `Ticket ${detail.id} (${detail.state}): ${title}`, content };
    },
  });
}

/** Whether a text is a whole id from before a migration, which still means its ticket. */
function isOldId(id: string): boolean {
  return /^\d{8}-\d{6}-./.test(id);
}

interface ShowLimits {
  events: number;
  artifacts: number;
}

function contentOf(
  detail: TicketDetail,
  limits: ShowLimits,
  { text, rows }: ContentBounds,
): Record<string, unknown> {
  const { events, artifacts } = detail;
  // Of events the last ones matter, of everything else the first.
  const shownEvents = events.slice(Math.max(0, events.length - Math.min(rows, limits.events)));
  const shownArtifacts = artifacts.slice(0, Math.min(rows, limits.artifacts));
  return {
    meta: metaOf(detail, { text, rows }),
    body: cutToBytes(detail.body, text),
    events: {
      count: events.length,
      returned: shownEvents.length,
      truncated: shownEvents.length < events.length,
      items: shownEvents.map((event) => eventOf(event, text)),
    },
    artifacts: {
      count: artifacts.length,
      returned: shownArtifacts.length,
      truncated: shownArtifacts.length < artifacts.length,
      items: shownArtifacts,
    },
    relations: viewOf(detail.relations, Math.min(rows, MAX_RELATIONS)),
    resolution: detail.resolution === null ? null : cutToBytes(detail.resolution, text),
    ...problemsOf(detail.problems, rows),
  };
}

function metaOf(
  { id, title, state, frontmatter }: TicketDetail,
  { text, rows }: ContentBounds,
): Record<string, unknown> {
  const field = (key: string) => textOf(frontmatter, key);
  return {
    id,
    title,
    state,
    created_at: field("created_at"),
    updated_at: field("updated_at"),
    assignee: field("assignee"),
    readiness: field("readiness"),
    risk_flags: listOf(frontmatter, "risk_flags").slice(0, rows)
      .map((flag) => cutToBytes(flag, text)),
    queued_by: field("queued_by"),
    queued_at: field("queued_at"),
  };
}

function textOf(frontmatter: Frontmatter, key: string): string | null {
  const value = Object.hasOwn(frontmatter, key) ? frontmatter[key] : undefined;
  return typeof value === "string" && value !== "" && value !== "null" ? value : null;
}

function listOf(frontmatter: Frontmatter, key: string): readonly string[] {
  const value = Object.hasOwn(frontmatter, key) ? frontmatter[key] : undefined;
  return Array.isArray(value) ? value : [];
}

function eventOf(event: TicketEvent, maxBytes: number): Record<string, unknown> {
  const { kind, author, at, heading, body, attributes } = event;
  const attribute = (key: string) => Object.hasOwn(attributes, key) ? attributes[key]! : null;
  return {
    kind,
    author,
    at,
    state: attribute("status"),
    from: attribute("from"),
    to: attribute("to"),
    reason: attribute("reason"),
    state_field: attribute("field"),
    attributes,
    heading,
    body: cutToBytes(body, maxBytes),
  };
}
