/** From typed values to lines. Source: protocol specification, sections 1 to 3. @module */

import { type Codec, lookup } from "./_codec.ts";
import { EVENT_DATA } from "./_event_codec.ts";
import { METHOD_PARAMS } from "./_method_codec.ts";
import { wellFormedJson } from "./_well_formed.ts";
import type { Event } from "./event.ts";
import type { Method } from "./method.ts";

/** How much of a value is written. */
export interface EncodeOptions {
  /**
   * Write all of it: after the known keys of an object those this version does not know, among them
   * the envelope keys `id` and `seq` that older peers ignore, and unknown segments as they came.
   * Without it (the default) the text is canonical: what a peer that knows only the specification
   * would write.
   */
  keepUnknown?: boolean;
}

/**
 * The line for a Method, without its line feed. Payloads without a known shape are written as they
 * are; half surrogate pairs become U+FFFD. The value is trusted to be what its type says.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodeMethod } from "./encode.ts";
 * const line = encodeMethod({ id: "7", method: "notify", params: { message: "built" } });
 * assert(line === '{"method":"notify","params":{"message":"built"}}');
 * ```
 */
export function encodeMethod(value: Method, options?: EncodeOptions): string {
  const { method, params } = value as { method: string; params?: unknown };
  const keepUnknown = options?.keepUnknown ?? false;
  const known = { method, params: arrange(paramsCodecs[method], params, keepUnknown) };
  if (!keepUnknown) return lineOf(known);
  const isAsGiven = known.params === params && isInOrder(value, "method", "params");
  return lineOf(isAsGiven ? value : { ...known, ...value, ...known });
}

/**
 * The line for an Event, without its line feed; as {@linkcode encodeMethod}.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodeEvent } from "./encode.ts";
 * const event = { seq: 4, event: "text_delta", data: { text: "Hello" } } as const;
 * assert(encodeEvent(event) === '{"event":"text_delta","data":{"text":"Hello"}}');
 * assert(
 *   encodeEvent(event, { keepUnknown: true }) ===
 *     '{"event":"text_delta","data":{"text":"Hello"},"seq":4}',
 * );
 * ```
 */
export function encodeEvent(value: Event, options?: EncodeOptions): string {
  const { event, data } = value as { event: string; data?: unknown };
  const keepUnknown = options?.keepUnknown ?? false;
  const known = { event, data: arrange(dataCodecs[event], data, keepUnknown) };
  if (!keepUnknown) return lineOf(known);
  const isAsGiven = known.data === data && isInOrder(value, "event", "data");
  return lineOf(isAsGiven ? value : { ...known, ...value, ...known });
}

const paramsCodecs = lookup<Codec<unknown>>(METHOD_PARAMS);
const dataCodecs = lookup<Codec<unknown>>(EVENT_DATA);

function arrange(codec: Codec<unknown> | undefined, value: unknown, keepUnknown: boolean): unknown {
  return codec?.arrange === undefined ? value : codec.arrange(value, keepUnknown);
}

function lineOf(value: object): string {
  return wellFormedJson(JSON.stringify(value));
}

/** Whether `first`, and then `second` if it is there, come before all other keys of `object`. */
function isInOrder(object: object, first: string, second: string): boolean {
  let position = 0;
  for (const key in object) {
    if (position === 0 && key !== first) return false;
    if (position > 1 && key === second) return false;
    position += 1;
  }
  return true;
}
