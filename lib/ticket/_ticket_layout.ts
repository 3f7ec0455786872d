/**
 * Names in a ticket's folder, and that of a folder which is to become one.
 *
 * Source: tickets specification, sections 1.2, 6.1 and 6.5.
 *
 * @module
 */

import { isRecordId } from "./record_id.ts";

/** The record: fields and body. */
export const ITEM_FILE = "item.md";

/** What happened. */
export const THREAD_FILE = "thread.md";

/** How a closed ticket was resolved. */
export const RESOLUTION_FILE = "resolution.md";

/** Folder of free and structured files beside the record. */
export const ARTIFACTS = "artifacts";

/** The relations that a ticket owns, below its `artifacts/`. */
export const RELATIONS_NAME = "relations.json";

/** The records of its orchestration plan, below its `artifacts/`. */
export const PLANS_NAME = "orchestration-plan.jsonl";

/** What a migrated ticket keeps of the one that it was made of, below its `artifacts/`. */
export const LEGACY_NAME = "legacy-frontmatter.json";

/** {@linkcode RELATIONS_NAME} below the ticket's folder. */
export const RELATIONS_FILE = `${ARTIFACTS}/${RELATIONS_NAME}`;

/** {@linkcode PLANS_NAME} below the ticket's folder. */
export const PLANS_FILE = `${ARTIFACTS}/${PLANS_NAME}`;

/** {@linkcode LEGACY_NAME} below the ticket's folder. */
export const LEGACY_FILE = `${ARTIFACTS}/${LEGACY_NAME}`;

/** Where a ticket is built before it gets its name, relative to the root. */
export function stagingFolder(id: string): string {
  return `.${id}.new`;
}

/** Whether a name in a root is that of a ticket that is being built. */
export function isStagingFolder(name: string): boolean {
  return name.startsWith(".") && name.endsWith(".new") && isRecordId(name.slice(1, -4));
}
