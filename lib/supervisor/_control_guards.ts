/** Checks of control messages, each with the JSON path of what is wrong. @module */

import { SupervisorError } from "./supervisor_error.ts";

/** A JSON object whose values are not checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** @throws {SupervisorError} `control`, when it is no JSON object. */
export function asObject(value: unknown, path: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw refused(path, "be an object", value);
}

/** @throws {SupervisorError} `control`, when it has another key than these. */
export function checkKeys(fields: Fields, path: string, known: readonly string[]): void {
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const rule = known.length === 0 ? "hold no keys" : `hold no keys but ${known.join(", ")}`;
  throw refused(path, rule, unknown);
}

/** The error for a value that breaks the rule for its path, as in `be an object`. */
export function refused(path: string, rule: string, value: unknown): SupervisorError {
  return new SupervisorError(
    "control",
    `Cannot read the control message: ${path} must ${rule}, not ${described(value)}`,
    { path },
  );
}

/** A peer's value goes back to it and into logs: in short, and whatever it is. */
function described(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") {
    return JSON.stringify(value.length <= 80 ? value : `${value.slice(0, 79)}…`);
  }
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
