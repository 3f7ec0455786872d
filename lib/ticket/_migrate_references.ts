/** Files that name tickets in a way that programs read, once those have new ids. @module */

import { PLANS_FILE, RELATIONS_FILE } from "./_ticket_layout.ts";
import type { YamlParser } from "./frontmatter.ts";
import { renameIds } from "./_migrate_ticket.ts";
import { relinkObjective } from "./_objective_relink.ts";
import { problemOf } from "./_problem.ts";
import type { RootEntry } from "./root_scan.ts";
import type { TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";
import { TicketFolder } from "./_ticket_files.ts";

const REFERENCES = [RELATIONS_FILE, PLANS_FILE];

/** A file and its new text. */
export interface Rewrite {
  readonly path: string;
  readonly text: string;
}

/** What could be rewritten, and what could not even be read. */
export interface Rewrites {
  readonly rewrites: readonly Rewrite[];
  readonly problems: readonly TicketProblem[];
}

/** The files of a ticket that change, relative to its folder. */
export function renamedReferences(
  folder: TicketFolder,
  ids: ReadonlyMap<string, string>,
  ownIds = ids,
): Rewrite[] {
  return REFERENCES.flatMap((path) => {
    const old = folder.readText(path);
    const text = old === undefined ? undefined : renameIds(old, ids, ownIds);
    return text === undefined || text === old ? [] : [{ path, text }];
  });
}

/** What changes in tickets of the third generation, which may point to older ones. */
export function rewritesOfTickets(
  root: string,
  entries: readonly RootEntry[],
  ids: ReadonlyMap<string, string>,
): Rewrites {
  return collect(
    root,
    entries.map(({ folder }) => folder),
    (name, index) =>
      renamedReferences(TicketFolder.of(root, entries[index]!), ids)
        .map(({ path, text }) => ({ path: `${name}/${path}`, text })),
  );
}

/** What changes in objectives, relative to their root. */
export function rewritesOfObjectives(
  root: string,
  ids: ReadonlyMap<string, string>,
  yaml: YamlParser,
): Rewrites {
  return collect(root, foldersOf(root), (name) => {
    const place: RootEntry = { id: name, generation: "v3", folder: name };
    const old = TicketFolder.of(root, place).readText("item.md");
    if (old === undefined) return [];
    const text = relinkObjective(old, ids, `${root}/${name}/item.md`, yaml);
    return text === old ? [] : [{ path: `${name}/item.md`, text }];
  });
}

function collect(
  root: string,
  names: readonly string[],
  rewritesOf: (name: string, index: number) => readonly Rewrite[],
): Rewrites {
  const rewrites: Rewrite[] = [];
  const problems: TicketProblem[] = [];
  for (const [index, name] of names.entries()) {
    try {
      rewrites.push(...rewritesOf(name, index));
    } catch (error) {
      problems.push(problemOf(error, root, name));
    }
  }
  return { rewrites, problems };
}

/** Names of the folders in a folder, sorted; none when there is no such folder. */
export function foldersOf(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw TicketError.io(path, error);
  }
}
