/** @module */

import type { Context } from "./context.ts";

/** The model of Pods nobody chose one for, as `YOI_MODEL` says; nothing when it does not. */
export function defaultModel({ env }: Pick<Context, "env">): { defaultModel?: string } {
  const model = env("YOI_MODEL");
  return model ? { defaultModel: model } : {};
}
