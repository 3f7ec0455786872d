/** Values that the protocol carries without knowing their shape. @module */

import { type Codec, mismatch } from "./_codec.ts";
import { inside, ProtocolError } from "./error.ts";

/** Containers that may lie within each other in one line, the outermost included. */
export const MAX_NESTING = 127;

/**
 * Any JSON value, carried as it is.
 *
 * @param outer Containers around the value, the envelope included.
 */
export function json(outer: number): Codec<unknown> {
  return {
    decode(value) {
      if (value === undefined) throw mismatch(value, "a JSON value");
      checkJson(value, outer);
      return value;
    },
    arrange: (value) => value ?? null,
  };
}

/**
 * The codec `codec`, and besides that its values are sound below keys it does not know: they are
 * stored and sent on, so they must not be what an older reader refuses.
 */
export function soundly<T>(codec: Codec<T>, outer: number): Codec<T> {
  return {
    decode(value) {
      const decoded = codec.decode(value);
      checkJson(decoded, outer);
      return decoded;
    },
    arrange: codec.arrange,
  };
}

/**
 * Refuses what `JSON.parse` lets through and the wire does not: half surrogate pairs, numbers beyond
 * a double (which would be written as `null`) and nesting so deep that writing could overflow the stack.
 *
 * @throws {ProtocolError} with a path relative to `value`.
 */
export function checkJson(value: unknown, outer: number): void {
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new ProtocolError("$", "holds half of a surrogate pair");
  } else if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new ProtocolError("$", "is beyond the range of a double");
  } else if (typeof value === "object" && value !== null) {
    if (outer >= MAX_NESTING) throw new ProtocolError("$", `is nested deeper than ${MAX_NESTING}`);
    if (Array.isArray(value)) checkElements(value, outer + 1);
    else checkMembers(value as Record<string, unknown>, outer + 1);
  }
}

function checkElements(values: readonly unknown[], outer: number): void {
  let index = 0;
  try {
    for (; index < values.length; index++) checkJson(values[index], outer);
  } catch (error) {
    throw inside(index, error);
  }
}

function checkMembers(object: Record<string, unknown>, outer: number): void {
  let name = "";
  try {
    for (name in object) {
      if (!name.isWellFormed()) {
        throw new ProtocolError("$", "has half of a surrogate pair in its key");
      }
      checkJson(object[name], outer);
    }
  } catch (error) {
    throw inside(name, error);
  }
}
