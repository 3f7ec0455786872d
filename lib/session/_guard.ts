/** Checks of parsed JSON; each throws a `ProtocolError` with the JSON path. @module */

import { ProtocolError } from "../protocol/error.ts";

/** A JSON object whose keys are not checked yet. */
export type Fields = Record<string, unknown>;

/** Largest unsigned 64-bit integer, as near as a double comes to it. */
const UNSIGNED_LIMIT = 2 ** 64;

export function asObject(value: unknown, path: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ProtocolError(path, "must be an object");
  }
  return value as Fields;
}

export function asArray(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) throw new ProtocolError(path, reason(value, "must be an array"));
  return value;
}

export function checkString(fields: Fields, key: string, path: string): string {
  const value = fields[key];
  if (typeof value !== "string") {
    throw new ProtocolError(`${path}.${key}`, reason(value, "must be a string"));
  }
  return value;
}

export function checkBoolean(fields: Fields, key: string, path: string): boolean {
  const value = fields[key];
  if (typeof value !== "boolean") {
    throw new ProtocolError(`${path}.${key}`, reason(value, "must be true or false"));
  }
  return value;
}

/** An unsigned integer of up to 64 bits. */
export function checkUnsigned(fields: Fields, key: string, path: string): number {
  const value = fields[key];
  if (!isUnsigned(value)) {
    throw new ProtocolError(`${path}.${key}`, reason(value, "must be an unsigned integer"));
  }
  return value;
}

export function checkNumber(fields: Fields, key: string, path: string): number {
  const value = fields[key];
  if (typeof value !== "number") {
    throw new ProtocolError(`${path}.${key}`, reason(value, "must be a number"));
  }
  return value;
}

/** One of the given words. */
export function checkWord(
  fields: Fields,
  key: string,
  path: string,
  words: readonly string[],
): string {
  const value = checkString(fields, key, path);
  if (!words.includes(value)) {
    throw new ProtocolError(`${path}.${key}`, `must be one of ${words.join(", ")}, not "${value}"`);
  }
  return value;
}

export function checkStrings(fields: Fields, key: string, path: string): void {
  asArray(fields[key], `${path}.${key}`).forEach((value, index) => {
    if (typeof value !== "string") {
      throw new ProtocolError(`${path}.${key}[${index}]`, "must be a string");
    }
  });
}

/** Removes a key that is `null`, which reads as absent; says whether a value is left to check. */
export function hasOptional(fields: Fields, key: string): boolean {
  if (fields[key] === null) delete fields[key];
  return fields[key] !== undefined;
}

export function isUnsigned(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 &&
    value <= UNSIGNED_LIMIT;
}

function reason(value: unknown, otherwise: string): string {
  return value === undefined ? "is missing" : otherwise;
}
