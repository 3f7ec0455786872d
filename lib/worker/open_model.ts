/** From the name of a model to the model. @module */

import { isAbsolute, join } from "@std/path";
import type { Model } from "./model.ts";
import { offlineModel } from "./offline_model.ts";
import { ScriptModel } from "./script_model.ts";
import { WorkerError } from "./worker_error.ts";

/** What opening a model needs to know. */
export interface OpenModelOptions {
  /** Working directory, absolute: where a script's path starts and what the offline model searches. */
  cwd?: string;
}

const SCRIPT_PREFIX = "script:";

/**
 * Opens the model that `selector` names: `builtin:offline`, or `script:<file>` for a recorded one.
 *
 * @throws {WorkerError} code `unknown_model` when there is no such model, `bad_script` when the
 * script cannot be played.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { openModel } from "./open_model.ts";
 *
 * const model = await openModel("builtin:offline", { cwd: "/home/me/project" });
 * assert(model.modelId === "offline");
 * ```
 */
export async function openModel(selector: string, options: OpenModelOptions = {}): Promise<Model> {
  if (selector === "builtin:offline") return offlineModel(options);
  const path = selector.startsWith(SCRIPT_PREFIX) ? selector.slice(SCRIPT_PREFIX.length) : "";
  if (path === "") {
    throw new WorkerError(
      "unknown_model",
      `Cannot open model "${selector}": there are "builtin:offline" and "script:<file>"`,
    );
  }
  const { cwd } = options;
  return await ScriptModel.open(cwd === undefined || isAbsolute(path) ? path : join(cwd, path));
}
