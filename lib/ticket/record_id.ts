/**
 * Record ids: milliseconds since 1970 in 13 letters of Crockford's base 32, so that names sort by
 * time. Tickets and objectives share them.
 *
 * Source: tickets specification, section 4.
 *
 * @module
 */

/** Why a text is no record id. */
export interface RecordIdFault {
  /** `length`: not 13 bytes; `character`: a letter outside the alphabet; `overflow`: 2^64 or more. */
  readonly kind: "length" | "character" | "overflow";
  /** For people; begins with "record id". */
  readonly message: string;
}

/** No I, L, O, U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const WIDTH = 13;
const MAXIMUM = (1n << 64n) - 1n;
const RECORD_ID = /^[0-9A-F][0-9A-HJKMNP-TV-Z]{12}$/;

/** Whether `text` is a record id. There are no aliases: lower case and hyphens are not accepted. */
export function isRecordId(text: string): boolean {
  return RECORD_ID.test(text);
}

/**
 * Why `text` is no record id; `undefined` if it is one.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { checkRecordId } from "@yoi/yoi/tickets";
 *
 * assert(checkRecordId("00001KT07NV00") === undefined);
 * assert(checkRecordId("00001kt07nv00")?.kind === "character");
 * ```
 */
export function checkRecordId(text: string): RecordIdFault | undefined {
  if (isRecordId(text)) return undefined;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes !== WIDTH) {
    return { kind: "length", message: `record id has ${bytes} bytes instead of ${WIDTH}` };
  }
  for (const character of text) {
    if (!ALPHABET.includes(character)) {
      const message = `record id holds the character ${JSON.stringify(character)}, allowed are ` +
        "0-9 and A-Z without I, L, O, U";
      return { kind: "character", message };
    }
  }
  return { kind: "overflow", message: "record id is too large: its first character is beyond F" };
}

/**
 * The record id for a time.
 *
 * @param milliseconds Whole milliseconds since 1970.
 * @throws {RangeError} For a time before 1970 or beyond 64 bits, and for a fraction.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { decodeRecordId, encodeRecordId } from "@yoi/yoi/tickets";
 *
 * assert(encodeRecordId(1_780_272_000_000) === "00001KT07NV00");
 * assert(decodeRecordId("00001KT07NV00") === 1_780_272_000_000n);
 * ```
 */
export function encodeRecordId(milliseconds: number | bigint): string {
  if (typeof milliseconds === "number" && !Number.isSafeInteger(milliseconds)) {
    throw new RangeError(`Cannot make record id of "${milliseconds}": it is not a whole number`);
  }
  let rest = BigInt(milliseconds);
  if (rest < 0n) {
    throw new RangeError(`Cannot make record id of "${milliseconds}": the clock is before 1970`);
  }
  if (rest > MAXIMUM) {
    throw new RangeError(`Cannot make record id of "${milliseconds}": it is beyond 64 bits`);
  }
  let id = "";
  for (let digit = 0; digit < WIDTH; digit++) {
    id = ALPHABET.charAt(Number(rest & 31n)) + id;
    rest >>= 5n;
  }
  return id;
}

/**
 * The time that an id encodes, in milliseconds since 1970.
 *
 * @throws {RangeError} If `id` is no record id; the message says why.
 */
export function decodeRecordId(id: string): bigint {
  const fault = checkRecordId(id);
  if (fault) throw new RangeError(`Cannot read record id ${JSON.stringify(id)}: ${fault.message}`);
  let value = 0n;
  for (const character of id) value = value << 5n | BigInt(ALPHABET.indexOf(character));
  return value;
}
