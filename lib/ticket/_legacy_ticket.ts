/**
 * What a migrated ticket keeps of the one that it was made of.
 *
 * Source: tickets specification, section 1.8; decision 32.
 *
 * @module
 */

import type { RootEntry } from "./root_scan.ts";
import { TicketFolder } from "./_ticket_files.ts";
import { LEGACY_NAME } from "./_ticket_layout.ts";

/** What a {@linkcode LEGACY_NAME} tells of the folder that a ticket was made of. */
export interface LegacyTicket {
  readonly id: string;
  /** Not known from a file that does not say it. */
  readonly generation: string | undefined;
  /** `null` outside the first generation. */
  readonly bucket: string | null;
  /** Tells all files in it from any others, in hexadecimal digits. */
  readonly digest: string | undefined;
  /** Keys that every new ticket has and this one did not have; not known from a file without them. */
  readonly missing: readonly string[] | undefined;
}

/** What a {@linkcode LEGACY_NAME} tells, `undefined` when it tells of no ticket. */
export function parseLegacy(text: string): LegacyTicket | undefined {
  try {
    const { id, generation, bucket, digest, missing } = JSON.parse(text) ?? {};
    if (typeof id !== "string") return undefined;
    return {
      id,
      generation: typeof generation === "string" ? generation : undefined,
      bucket: typeof bucket === "string" ? bucket : null,
      digest: typeof digest === "string" ? digest : undefined,
      missing: Array.isArray(missing)
        ? missing.filter((key) => typeof key === "string")
        : undefined,
    };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * What the ticket of a record id was made of; `undefined` when there is none, or it was not migrated.
 *
 * @throws {TicketError} As `TicketFolder.readText()`.
 */
export function readLegacy(root: string, recordId: string): LegacyTicket | undefined {
  const text = TicketFolder.atTop(root, recordId).readArtifact(LEGACY_NAME);
  return text === undefined ? undefined : parseLegacy(text);
}

/**
 * Whether a ticket was made of an old folder:
 * - `other`: of another one; an id of v1 can look like one of v2;
 * - `twin`: of one with the same id in another bucket, which may be an older state of the same ticket
 *   that a branch has brought back, or another ticket.
 */
export type Origin = "same" | "twin" | "other";

/** How a migrated ticket and an old folder belong together. */
export function originOf(legacy: LegacyTicket, entry: RootEntry): Origin {
  if (legacy.id !== entry.id) return "other";
  if ((legacy.generation ?? entry.generation) !== entry.generation) return "other";
  return legacy.bucket === (entry.bucket ?? null) ? "same" : "twin";
}
