/** @module */

import { problemOf } from "./_problem.ts";
import { TicketError } from "./ticket_error.ts";
import type { TicketFolder } from "./_ticket_files.ts";
import type { TicketProblem } from "./ticket.ts";

/** The files of a ticket as they were at one moment. */
export interface TicketTexts {
  readonly itemText: string;
  readonly threadText: string | undefined;
  readonly resolution: string | null;
  readonly artifacts: readonly string[];
  /** What could not be read of them. */
  readonly problems: readonly TicketProblem[];
}

/** What is needed of a ticket's folder. */
export type TextSource = Pick<
  TicketFolder,
  "entry" | "itemStamp" | "readItemText" | "readThreadText" | "readResolution" | "scanArtifacts"
>;

/** How often a ticket that goes on changing is read. */
const MAX_READINGS = 3;

/**
 * Reads the files of a ticket, again when `item.md` has changed meanwhile: writers touch that last.
 *
 * @throws {TicketError} For `item.md` only.
 */
export function readTexts(folder: TextSource, root: string): TicketTexts {
  for (let reading = 1;; reading++) {
    const before = folder.itemStamp();
    const texts = readOnce(folder, root);
    if (folder.itemStamp() === before || reading === MAX_READINGS) return texts;
  }
}

function readOnce(folder: TextSource, root: string): TicketTexts {
  const problems: TicketProblem[] = [];
  const tolerantly = <Value>(name: string, read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (error) {
      problems.push(problemOf(error, root, `${folder.entry.folder}/${name}`));
    }
  };
  const itemText = folder.readItemText();
  const threadText = tolerantly("thread.md", () => {
    const text = folder.readThreadText();
    if (text === undefined) throw TicketError.notFound(folder.entry.id);
    return text;
  });
  const resolution = tolerantly("resolution.md", () => folder.readResolution()) ?? null;
  const artifacts = folder.scanArtifacts();
  problems.push(...artifacts.problems);
  return { itemText, threadText, resolution, artifacts: artifacts.paths, problems };
}
