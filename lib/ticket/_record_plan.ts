/** One more record in a ticket's orchestration plan; see section 6.5. @module */

import { PLANS_FILE, PLANS_NAME } from "./_ticket_layout.ts";
import {
  artifactPlace,
  type Authored,
  ensureArtifacts,
  type Operation,
  setFields,
} from "./_change.ts";
import { checkAuthor } from "./_field_limits.ts";
import {
  type NewPlan,
  newPlanRecord,
  parsePlans,
  planAppendixTo,
  type PlanRecord,
} from "./plan_file.ts";

/** Appends a record. It changes neither state nor thread. */
export function recordPlan(request: Authored<NewPlan>): Operation<PlanRecord> {
  const author = checkAuthor(request.author);
  return (ticket, context) => {
    const existing = context.readArtifact(PLANS_NAME);
    const path = `${ticket.folder}/${PLANS_FILE}`;
    const place = artifactPlace(ticket, PLANS_NAME);
    parsePlans(existing ?? "", place);
    const record = newPlanRecord(request, {
      ticketId: ticket.id,
      author,
      at: context.at,
      existing: existing ?? "",
    });
    const text = planAppendixTo(existing ?? "", record);
    parsePlans(text, place);
    return {
      writes: [
        ensureArtifacts(ticket),
        { action: existing === undefined ? "write" : "append", path, text },
        setFields(ticket, { updated_at: context.at }),
      ],
      result: record,
    };
  };
}
