/** @module */

import type { VerbModule } from "./verb.ts";

/** Gives the code of the verb with a name. */
export type LoadVerb = (name: string) => Promise<VerbModule>;

/**
 * Loads what a verb needs from a file of its own, and nothing that another verb needs.
 *
 * The specifier is put together when it is needed. One that stands in the source is followed by the
 * runtime at every start, with all that lies behind it: for fifty verbs that took longer than
 * everything else `yoi --version` does. What has to see all of them reads `whole_program.ts`.
 */
export async function loadVerb(name: string): Promise<VerbModule> {
  const { href } = new URL(`./verbs/${fileOfVerb(name)}`, import.meta.url);
  return await import(href) as VerbModule;
}

/** The file of a verb: `ticket_list.ts` for `ticket list`, `complete.ts` for `__complete`. */
export function fileOfVerb(name: string): string {
  return `${name.replace(/^_+/, "").replaceAll(/[ -]/g, "_")}.ts`;
}
