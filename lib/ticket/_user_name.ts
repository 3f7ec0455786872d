/** @module */

import { isGranted } from "./_permission.ts";

/** `$USER`, if there is one and this program may read it: no prompt is worth a default. */
export function userName(): string | undefined {
  if (!isGranted({ name: "env", variable: "USER" })) return undefined;
  try {
    return Deno.env.get("USER")?.trim() || undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
