/**
 * Names of the structured artifacts of a ticket.
 *
 * Source: tickets specification, sections 6.1 and 6.5.
 *
 * @module
 */

/** The relations that a ticket owns, below its `artifacts/`. */
export const RELATIONS_NAME = "relations.json";

/** The records of its orchestration plan, below its `artifacts/`. */
export const PLANS_NAME = "orchestration-plan.jsonl";

/** {@linkcode RELATIONS_NAME} below the ticket's folder. */
export const RELATIONS_FILE = `artifacts/${RELATIONS_NAME}`;

/** {@linkcode PLANS_NAME} below the ticket's folder. */
export const PLANS_FILE = `artifacts/${PLANS_NAME}`;
