/** @module */

import { fromFileUrl } from "@std/path";
import { CliError } from "./cli_error.ts";
import type { VerbModule } from "./verb.ts";

/** Gives the code of the verb with a name. */
export type LoadVerb = (name: string) => Promise<VerbModule>;

/**
 * Loads what a verb needs from a file of its own, and nothing that another verb needs.
 *
 * The specifier is put together when it is needed. One that stands in the source is followed by the
 * runtime at every start, with all that lies behind it: for fifty verbs that took longer than
 * everything else `yoi --version` does. What has to see all of them reads `whole_program.ts`.
 *
 * The price: such a file is read with the permissions of the process, those in sight without any.
 *
 * @throws {CliError} `failed` when the program may not read its own folder.
 */
export async function loadVerb(name: string): Promise<VerbModule> {
  const { href } = new URL(`./verbs/${fileOfVerb(name)}`, import.meta.url);
  try {
    return await import(href) as VerbModule;
  } catch (cause) {
    if (!isWithoutPermission(cause)) throw cause;
    const folder = fromFileUrl(new URL("../..", import.meta.url)).replace(/\/$/, "");
    const remedy = 'add it to --allow-read, or use the bundle of "deno task bundle"';
    const message = `Cannot read the program's own folder "${folder}": ${remedy}`;
    throw new CliError("failed", message, { cause });
  }
}

/** The runtime tells of it in a TypeError that says "module not found" to programs. */
function isWithoutPermission(error: unknown): boolean {
  return error instanceof Deno.errors.NotCapable ||
    error instanceof TypeError && error.message.startsWith("Requires read access to ");
}

/** The file of a verb: `ticket_list.ts` for `ticket list`, `complete.ts` for `__complete`. */
export function fileOfVerb(name: string): string {
  return `${name.replace(/^_+/, "").replaceAll(/[ -]/g, "_")}.ts`;
}
