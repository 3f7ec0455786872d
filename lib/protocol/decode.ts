/**
 * From parsed JSON to typed values. Source: protocol specification, sections 1 to 3.
 *
 * Every function here gives back **the object it was given**, now known to be well shaped: keys and
 * segments it does not know stay with the value. The object must be the caller's own, for it is
 * completed in place: absent keys with a default get it, optional keys that are `null` go away,
 * UUIDs become lower case.
 *
 * @module
 */

import { asObject, type Codec, lookup, mismatch, unknownName } from "./_codec.ts";
import { EVENT_DATA, isPodStatus } from "./_event_codec.ts";
import { METHOD_PARAMS } from "./_method_codec.ts";
import { podEvent, scopeRule } from "./_pod_event_codec.ts";
import { segments } from "./_segment_codec.ts";
import { inside, ProtocolError } from "./error.ts";
import type { Event } from "./event.ts";
import type { Method } from "./method.ts";
import type { PodEvent } from "./pod_event.ts";
import type { ScopeRule } from "./scope_rule.ts";
import type { Segment } from "./segment.ts";

/**
 * The Method in one parsed line from a client.
 *
 * @throws {ProtocolError} if the value is no Method; nothing of it may then be used.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { decodeMethod } from "./decode.ts";
 * import { ProtocolError } from "./error.ts";
 *
 * const method = decodeMethod(JSON.parse('{"method":"restore_pod","params":{"name":"helper"}}'));
 * assert(method.method === "restore_pod" && method.params.name === "helper");
 *
 * try {
 *   decodeMethod({ method: "run", params: { input: [{ kind: "text" }] } });
 * } catch (error) {
 *   assert(error instanceof ProtocolError);
 *   assert((error as ProtocolError).path === "$.params.input[0].content");
 * }
 * ```
 */
export function decodeMethod(value: unknown): Method {
  const object = asObject(value);
  const { id } = object;
  const codec = codecOf(paramsCodecs, object.method, "method");
  if (decodeContent(codec, object.params, "params") === undefined) delete object.params;
  if (id !== undefined && typeof id !== "string") delete object.id;
  return value as Method;
}

/**
 * The Event in one parsed line from a Pod.
 *
 * @throws {ProtocolError} if the value is no Event this version knows. A newer Pod may send such
 * values: a reader counts them and goes on.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { decodeEvent } from "./decode.ts";
 * const event = decodeEvent(JSON.parse('{"event":"text_delta","data":{"text":"Hello"}}'));
 * assert(event.event === "text_delta" && event.data.text === "Hello");
 * ```
 */
export function decodeEvent(value: unknown): Event {
  const object = asObject(value);
  const { id, seq } = object;
  const codec = object.event === "text_delta"
    ? EVENT_DATA.text_delta // Most lines are this one; a look-up would cost a third of all that is done here.
    : codecOf(dataCodecs, object.event, "event");
  if (decodeContent(codec, object.data, "data") === undefined) delete object.data;
  if (id !== undefined && typeof id !== "string") delete object.id;
  if (seq !== undefined && !Number.isSafeInteger(seq)) delete object.seq;
  return value as Event;
}

/**
 * As {@linkcode decodeEvent}, for the stream of a client: a `snapshot` of which only the status is
 * unknown, as a newer Pod may send it, is taken as `idle`, because a client without its snapshot
 * sees nothing at all.
 *
 * @throws {ProtocolError} for everything else that `decodeEvent` refuses; the value is then as it
 * was, apart from what was completed.
 */
export function decodeClientEvent(value: unknown): Event {
  const data = snapshotData(value);
  if (data === undefined) return decodeEvent(value);
  const { status } = data;
  if (typeof status !== "string" || isPodStatus(status)) return decodeEvent(value);
  data.status = "idle";
  try {
    return decodeEvent(value);
  } catch (error) {
    data.status = status;
    throw error;
  }
}

/**
 * The PodEvent in `value`, wherever it was found.
 *
 * @param path JSON path of `value`, for the error.
 * @throws {ProtocolError} if it is none.
 */
export function decodePodEvent(value: unknown, path = "$"): PodEvent {
  return decodeAt(podEvent, value, path);
}

/**
 * The segments of one submission in `value`; kinds this version does not know are kept.
 *
 * @param path JSON path of `value`, for the error.
 * @throws {ProtocolError} if `value` is no array of segments.
 */
export function decodeSegments(value: unknown, path = "$"): Segment[] {
  return decodeAt(segments, value, path);
}

/**
 * The ScopeRule in `value`.
 *
 * @param path JSON path of `value`, for the error.
 * @throws {ProtocolError} if it is none.
 */
export function decodeScopeRule(value: unknown, path = "$"): ScopeRule {
  return decodeAt(scopeRule, value, path);
}

const paramsCodecs = lookup<Codec<unknown>>(METHOD_PARAMS);
const dataCodecs = lookup<Codec<unknown>>(EVENT_DATA);

function codecOf(
  codecs: Readonly<Record<string, Codec<unknown>>>,
  name: unknown,
  tag: string,
): Codec<unknown> {
  if (typeof name !== "string") throw inside(tag, mismatch(name, "a string"));
  const codec = codecs[name];
  if (codec === undefined) throw inside(tag, unknownName(name));
  return codec;
}

function decodeContent(codec: Codec<unknown>, content: unknown, key: string): unknown {
  try {
    return codec.decode(content);
  } catch (error) {
    throw inside(key, error);
  }
}

function decodeAt<T>(codec: Codec<T>, value: unknown, path: string): T {
  try {
    return codec.decode(value);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new ProtocolError(path + error.path.slice(1), error.reason);
  }
}

/** The data of `value` if that looks like a snapshot. */
function snapshotData(value: unknown): Record<string, unknown> | undefined {
  const { event, data } = (value ?? {}) as { event?: unknown; data?: unknown };
  if (event !== "snapshot" || typeof data !== "object" || data === null) return undefined;
  return data as Record<string, unknown>;
}
