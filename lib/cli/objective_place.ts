/** @module */

import { join } from "@std/path";
import type { ObjectiveStore } from "../ticket/objective_store.ts";
import type { Context } from "./context.ts";
import { OBJECTIVES_PATH } from "./ticket_place.ts";

/** The objectives of the workspace; they do not follow the configured ticket root. */
export async function openObjectives(
  { cwd }: Pick<Context, "cwd">,
  ticketRoot?: string,
): Promise<ObjectiveStore> {
  const { ObjectiveStore } = await import("../ticket/objective_store.ts");
  const root = join(cwd, OBJECTIVES_PATH);
  return ObjectiveStore.open(root, { ticketRoot });
}

/** How objectives are opened. */
interface Opening {
  /** Where the tickets lie that they link to, for whoever looks at links. */
  readonly ticketRoot?: string;
  /** Whether the verb makes the folder that it does not find. */
  readonly isMade?: boolean;
}

/** {@linkcode openObjectives}, and a word on stderr when they most likely lie elsewhere. */
export async function knownObjectives(
  context: Context,
  { ticketRoot, isMade = false }: Opening = {},
): Promise<ObjectiveStore> {
  const root = join(context.cwd, OBJECTIVES_PATH);
  try {
    await Deno.stat(root);
  } catch (error) {
    // Whoever opens the folder says what else is wrong with it.
    if (error instanceof Deno.errors.NotFound) {
      const { tellMissingObjectives } = await import("./missing_root.ts");
      await tellMissingObjectives(root, context, isMade);
    }
  }
  return await openObjectives(context, ticketRoot);
}

/** {@linkcode knownObjectives} with the ticket root that is configured, for whoever looks at links. */
export async function openLinkedObjectives(
  context: Context,
  options: Pick<Opening, "isMade"> = {},
): Promise<ObjectiveStore> {
  const { loadTicketConfig } = await import("../ticket/ticket_config.ts");
  const { root: ticketRoot } = await loadTicketConfig(context.cwd);
  return await knownObjectives(context, { ticketRoot, ...options });
}
