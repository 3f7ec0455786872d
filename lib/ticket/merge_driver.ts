/**
 * What git calls when two branches changed one file of a ticket.
 *
 * Source: decision 30; `gitattributes`, "Defining a custom merge driver".
 *
 * @module
 */

import { writeWhole } from "../file/write_whole.ts";
import { mergeItems } from "./_item_merge.ts";
import { mergeLines, type TextMerge, type ThreeVersions } from "./merge_lines.ts";
import { mergePlans } from "./_plan_merge.ts";
import { mergeRelations } from "./_relations_merge.ts";
import { mergeThreads } from "./_thread_merge.ts";
import { TicketError } from "./ticket_error.ts";

/** What git hands to a merge driver. */
export interface MergeDriverInput {
  /** `%O`: file with the common ancestor's version; empty when there is none. */
  readonly base: string;
  /** `%A`: file with our version; the result replaces it. */
  readonly ours: string;
  /** `%B`: file with their version. */
  readonly theirs: string;
  /** `%P`: where the file lies in the repository. */
  readonly path: string;
}

/**
 * Merges the files and leaves the result in `ours`.
 *
 * @returns whether a person has to decide something; the file then holds conflict markers.
 * @throws {TicketError} `io` when a file cannot be read or written.
 */
export async function runMergeDriver(input: MergeDriverInput): Promise<{ conflict: boolean }> {
  const [base, ours, theirs] = await Promise.all(
    [input.base, input.ours, input.theirs].map(readText),
  );
  const { text, conflict } = await mergeTicketFile(input.path, {
    base: base!,
    ours: ours!,
    theirs: theirs!,
  });
  await writeWhole(input.ours, text);
  return { conflict };
}

/**
 * Merges two descendants of a ticket's file.
 *
 * @param path Where the file lies; its last parts say of what kind it is.
 */
export async function mergeTicketFile(path: string, versions: ThreeVersions): Promise<TextMerge> {
  const parts = path.split("/");
  switch (parts.at(-1)) {
    case "thread.md":
      return mergeThreads(versions.base, versions.ours, versions.theirs);
    case "item.md":
      return await mergeItems(versions);
    case "relations.json":
      return await mergeRelations(versions, parts.at(-3) ?? "");
    case "orchestration-plan.jsonl":
      return await mergePlans(versions);
    default:
      return await mergeLines(versions);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      await Deno.readFile(path),
    );
  } catch (error) {
    throw TicketError.io(path, error);
  }
}
