/** Parts that the inputs of several ticket tools share. @module */

import { z } from "zod";
import { RELATION_KINDS } from "../ticket/relation_view.ts";
import { TICKET_STATES } from "../ticket/states.ts";
import { unsigned } from "./_input.ts";

/** Id of a ticket that exists. */
export const ticketId = z.string().describe("Id of the ticket.");

/** Who writes. */
export const author = z.string().optional().describe("Who writes this. Default: the user.");

/** One of the six states. */
export const ticketState = z.enum(TICKET_STATES);

/** How a relation is stored. */
export const relationKind = z.enum(RELATION_KINDS.map(({ kind }) => kind));

/** A number of rows; out of range it is clamped, not refused. */
export function limit(
  what: string,
  bounds: { fallback: number; most: number },
): z.ZodOptional<z.ZodInt> {
  return unsigned().optional().describe(
    `Most ${what} to return, 1 to ${bounds.most}. Default ${bounds.fallback}.`,
  );
}
