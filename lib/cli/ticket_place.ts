/** @module */

import { dirname, join, resolve } from "@std/path";
import { systemReason } from "../file/system_reason.ts";
import { CliError } from "./cli_error.ts";
import type { Context } from "./context.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";

/** Author of what the program writes on its own account. */
export const PROGRAM_AUTHOR = "yoi ticket";

/** Where objectives lie in a workspace, wherever its tickets do. */
export const OBJECTIVES_PATH = ".yoi/objectives";

/** Where the tickets of a workspace lie unless it says something else. */
export const TICKETS_PATH = ".yoi/tickets";

/** Where tickets lie. */
export interface TicketPlace {
  /** The ticket root, absolute. */
  readonly root: string;
  /** Language of the records, as configured. */
  readonly language?: string;
  /** Folder of the objectives that link to them; of a root that was named the one beside it. */
  readonly objectivesRoot: string;
}

/**
 * The ticket root that a command line means: the one of `--root`, which no configuration is read
 * for, else that of the workspace.
 *
 * @throws {TicketConfigError} when the configuration cannot be used.
 */
export async function ticketPlace(args: ParsedArguments, context: Context): Promise<TicketPlace> {
  const root = args.text("root");
  if (root === "") throw new CliError("usage", "Cannot use --root: the path is empty");
  if (root !== undefined) {
    const absolute = resolve(context.cwd, root);
    return { root: absolute, objectivesRoot: join(dirname(absolute), "objectives") };
  }
  const { loadTicketConfig } = await import("../ticket/ticket_config.ts");
  const config = await loadTicketConfig(context.cwd);
  return {
    root: config.root,
    objectivesRoot: join(context.cwd, OBJECTIVES_PATH),
    ...(config.language === undefined ? {} : { language: config.language }),
  };
}

/**
 * {@linkcode ticketPlace}, and a word on stderr when there is no such root, or when a workspace is
 * named in its place.
 *
 * @param options `isMade`: whether the verb makes the root that it does not find.
 */
export async function knownPlace(
  args: ParsedArguments,
  context: Context,
  { isMade = false }: { readonly isMade?: boolean } = {},
): Promise<TicketPlace> {
  const place = await ticketPlace(args, context);
  try {
    await Deno.stat(place.root);
  } catch (error) {
    // Whoever opens the root says what else is wrong with it.
    if (error instanceof Deno.errors.NotFound) {
      const { tellMissingRoot } = await import("./missing_root.ts");
      await tellMissingRoot(place.root, args, context, isMade);
    }
    return place;
  }
  if (args.text("root") !== undefined && await isThere(join(place.root, TICKETS_PATH))) {
    const { tellWorkspaceRoot } = await import("./missing_root.ts");
    tellWorkspaceRoot(place.root, context);
  }
  return place;
}

/** Whether something can be looked at. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    // What cannot be looked at is of no help.
    return false;
  }
}

/** {@linkcode knownPlace} without links on its way, for whoever reads it without a reader. */
export async function readableRoot(args: ParsedArguments, context: Context): Promise<string> {
  const { root } = await knownPlace(args, context);
  try {
    return await Deno.realPath(root);
  } catch (error) {
    // Whoever reads the root says what is wrong with it; one that does not exist is empty.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return root;
    }
    throw new CliError("failed", `Cannot read the ticket root "${root}": ${systemReason(error)}`);
  }
}

/** The author that a command line names, as an option of a change. */
export function authorOption(
  args: ParsedArguments,
  fallback?: string,
): { author?: string } {
  const author = args.text("author") ?? fallback;
  return author === undefined ? {} : { author };
}
