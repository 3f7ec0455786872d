/** The argument text of a tool call. Source: controller specification, section 9.4 and W28. @module */

/** What an argument text means. */
export type ToolArguments =
  | { kind: "object"; value: Record<string, unknown> }
  | { kind: "malformed"; reason: string };

/** The text that is logged, announced and parsed: nothing at all means no arguments. */
export function normalizeArguments(text: string): string {
  return text.trim() === "" ? "{}" : text;
}

/**
 * Parses an argument text. JSON that is no object counts as `{}`; text that is no JSON is malformed.
 * Each call gives a fresh object, so that one reader cannot change what another sees.
 */
export function parseArguments(text: string): ToolArguments {
  let value: unknown;
  try {
    value = JSON.parse(normalizeArguments(text));
  } catch (error) {
    return { kind: "malformed", reason: error instanceof Error ? error.message : String(error) };
  }
  return { kind: "object", value: isObject(value) ? value : {} };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
