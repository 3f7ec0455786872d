/** @module */

import type { Tool } from "../engine/tool.ts";
import type { TicketStore } from "../ticket/store.ts";
import { ticketPlanQuery, ticketPlanRecord } from "./_ticket_plan_tools.ts";
import { CallOrder } from "./_call_order.ts";
import { finishingCalls } from "./_finished_calls.ts";
import {
  ticketClose,
  ticketComment,
  ticketCreate,
  ticketEditItem,
  ticketIntakeReady,
  ticketQueue,
  ticketReview,
  ticketWorkflowState,
} from "./_ticket_record_tools.ts";
import { ticketRelationQuery, ticketRelationRecord } from "./_ticket_relation_tools.ts";
import { ticketShow } from "./_ticket_show_tool.ts";
import type { TicketToolMaker } from "./_ticket_tool.ts";
import { ticketDependencyCheck, ticketDoctor, ticketList } from "./_ticket_view_tools.ts";

/** How far a model may go in a ticket store: only look, or do everything. */
export type TicketAccess = "read_only" | "lifecycle";

/** What ticket tools work with. */
export interface TicketToolsOptions {
  /** The tickets. */
  store: TicketStore;
  /** `read_only` leaves out every tool that writes. */
  access: TicketAccess;
  /** Offer the tools over tickets and threads; `true` if not given. */
  base?: boolean;
  /** Offer the tools over relations and orchestration plans; `true` if not given. */
  orchestration?: boolean;
  /** Language of the records, as configured; every description then names it. */
  language?: string;
}

interface Registration {
  make: (store: TicketStore) => TicketToolMaker;
  set: "base" | "orchestration";
  isReading?: true;
}

/** In the order of the table in section 11, then what later versions of the reference added. */
const REGISTRATIONS: readonly Registration[] = [
  { make: ticketCreate, set: "base" },
  { make: ticketList, set: "base", isReading: true },
  { make: ticketShow, set: "base", isReading: true },
  { make: ticketComment, set: "base" },
  { make: ticketReview, set: "base" },
  { make: ticketIntakeReady, set: "base" },
  { make: ticketWorkflowState, set: "base" },
  { make: ticketClose, set: "base" },
  { make: ticketRelationRecord, set: "orchestration" },
  { make: ticketRelationQuery, set: "orchestration", isReading: true },
  { make: ticketPlanRecord, set: "orchestration" },
  { make: ticketPlanQuery, set: "orchestration", isReading: true },
  { make: ticketDoctor, set: "base", isReading: true },
  { make: ticketEditItem, set: "base" },
  { make: ticketQueue, set: "base" },
  { make: ticketDependencyCheck, set: "base", isReading: true },
];

/**
 * Makes the tools with which a model works on tickets.
 *
 * Source: tickets specification, sections 11 and 14.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { createTicketTools } from "./ticket_tools.ts";
 * import { TicketStore } from "../ticket/store.ts";
 *
 * const root = await Deno.makeTempDir();
 * const store = TicketStore.open(root);
 * const tools = createTicketTools({ store, access: "lifecycle" });
 * const create = tools.find((tool) => tool.name === "TicketCreate")!;
 * const { content } = await create.execute({ title: "Cache the index" }, {
 *   callId: "call-1",
 *   batchId: "tool-batch-1",
 *   index: 0,
 *   signal: new AbortController().signal,
 * });
 * assert(JSON.parse(content!).state === "planning");
 * assert((await store.list()).tickets[0]?.title === "Cache the index");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export function createTicketTools(options: TicketToolsOptions): Tool[] {
  const { store, access, base = true, orchestration = true, language } = options;
  const sets = { base, orchestration };
  const order = new CallOrder();
  return REGISTRATIONS
    .filter(({ set, isReading }) => sets[set] && (access === "lifecycle" || isReading))
    .map(({ make, isReading }) => {
      const tool = make(store)(language);
      return isReading ? order.reading(tool) : order.writing(finishingCalls(tool));
    });
}
