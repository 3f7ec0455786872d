/** Codecs of the values that hold no others. Source: protocol specification, section 0. @module */

import { type Codec, mismatch, quote } from "./_codec.ts";
import { ProtocolError } from "./error.ts";

/** A string of Unicode scalar values. */
export const text: Codec<string> = {
  decode(value) {
    if (typeof value !== "string") throw mismatch(value, "a string");
    if (!value.isWellFormed()) throw new ProtocolError("$", "holds half of a surrogate pair");
    return value;
  },
};

/** `true` or `false`. */
export const flag: Codec<boolean> = {
  decode(value) {
    if (typeof value !== "boolean") throw mismatch(value, "true or false");
    return value;
  },
};

/**
 * Integers from `lowest` to `highest`. Numbers that a double cannot hold exactly are refused even
 * where the wire allows them, since they would come back rounded.
 */
function integer(name: string, lowest: number, highest: number): Codec<number> {
  return {
    decode(value) {
      if (!Number.isSafeInteger(value)) {
        throw typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER
          ? new ProtocolError("$", "must be an integer that survives a double")
          : mismatch(value, `an integer (${name})`);
      }
      if ((value as number) < lowest || (value as number) > highest) {
        throw new ProtocolError("$", `must be within the range of ${name}, not ${value}`);
      }
      return value as number;
    },
  };
}

/** An unsigned 16-bit integer. */
export const u16 = integer("u16", 0, 0xffff);
/** An unsigned 32-bit integer. */
export const u32 = integer("u32", 0, 0xffff_ffff);
/** An unsigned 64-bit integer, up to 2^53-1. */
export const u64 = integer("u64", 0, Number.MAX_SAFE_INTEGER);
/** A signed 64-bit integer, within 2^53-1 of zero. */
export const i64 = integer("i64", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A hyphenated UUID of either case; it is lower case once decoded, so that it can be compared. */
export const uuid: Codec<string> = {
  decode(value) {
    if (typeof value !== "string") throw mismatch(value, "a UUID");
    if (!UUID.test(value)) throw new ProtocolError("$", `must be a UUID, not ${quote(value)}`);
    return value.toLowerCase();
  },
  arrange: (value) => typeof value === "string" ? value.toLowerCase() : value,
};

/** One of the given spellings. */
export function oneOf<const Word extends string>(...words: Word[]): Codec<Word> {
  return {
    decode(value) {
      if (words.includes(value as Word)) return value as Word;
      const expected = `one of ${words.map((word) => JSON.stringify(word)).join(", ")}`;
      throw mismatch(
        value,
        typeof value === "string" ? `${expected}, not ${quote(value)}` : expected,
      );
    },
  };
}

/** The `params` or `data` of something that has none: absent or `null`, never written. */
export const nothing: Codec<undefined> = {
  decode(value) {
    if (value !== undefined && value !== null) throw mismatch(value, "absent or null");
    return undefined;
  },
  arrange: () => undefined,
};
