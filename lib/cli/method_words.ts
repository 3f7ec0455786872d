/** Methods as a person types them. @module */

import { decodeMethod } from "../protocol/decode.ts";
import { ProtocolError } from "../protocol/error.ts";
import type { EventName } from "../protocol/event.ts";
import type { Method, MethodName } from "../protocol/method.ts";
import { CliError } from "./cli_error.ts";
import { nearest } from "./nearest.ts";

/** For each Method the events that carry its id when it is taken, the last ones; none for some. */
export const ANSWERS: Readonly<Record<MethodName, readonly EventName[]>> = {
  run: ["user_message"],
  notify: [],
  pod_event: [],
  resume: [],
  cancel: [],
  pause: [],
  compact: ["compact_done", "compact_failed"],
  list_rewind_targets: ["rewind_targets"],
  rewind_to: ["rewind_applied"],
  shutdown: ["shutdown"],
  list_completions: ["completions"],
  list_pods: ["pods_listed"],
  restore_pod: ["pod_restored"],
  register_peer: ["peer_registered"],
};

/** The names of all Methods. */
export const METHOD_NAMES: readonly string[] = Object.keys(ANSWERS);

/**
 * The Method with a name and the JSON text of its parameters.
 *
 * @throws {CliError} `usage` when there is no such Method, or it cannot have these parameters.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { readMethod } from "./method_words.ts";
 *
 * const method = readMethod("notify", '{"message":"the build is green"}');
 * assert(method.method === "notify");
 * ```
 */
export function readMethod(name: string, parameters: string | undefined): Method {
  if (!Object.hasOwn(ANSWERS, name)) {
    const near = nearest(name, METHOD_NAMES);
    const hint = near === undefined
      ? `there are ${METHOD_NAMES.join(", ")}`
      : `did you mean "${near}"?`;
    throw new CliError("usage", `There is no Method "${name}"; ${hint}`);
  }
  let params: unknown;
  try {
    params = parameters === undefined ? undefined : JSON.parse(parameters);
  } catch (cause) {
    const message = `Cannot send "${name}": its parameters are no JSON: ${
      (cause as Error).message
    }`;
    throw new CliError("usage", message, { cause });
  }
  try {
    return decodeMethod(params === undefined ? { method: name } : { method: name, params });
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new CliError("usage", `Cannot send "${name}": ${cause.path} ${cause.reason}`, { cause });
  }
}
