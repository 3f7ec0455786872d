/** Input of a tool call: one zod schema gives the type, the check and the JSON Schema. @module */

import { z } from "zod";
import { ToolError } from "./tool_error.ts";

const MAX_TEXT_LENGTH = 32 * 1024;

/** Fields where `null` is an error; everywhere else an optional field takes `null` as absent. */
export interface InputOptions {
  strict?: readonly string[];
}

/**
 * Checks what came from the model.
 *
 * @throws {ToolError} `invalid_argument`, starting `invalid <Tool> input:`.
 */
export function parseInput<Shape extends z.ZodRawShape>(
  tool: string,
  schema: z.ZodObject<Shape>,
  input: Record<string, unknown>,
  options: InputOptions = {},
): z.output<z.ZodObject<Shape>> {
  const present = withoutNulls(schema, input, options.strict ?? []);
  const result = schema.safeParse(withSafeNumbers(present));
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`
  );
  throw inputError(tool, faults.join("; "), result.error);
}

/** The error for input that is well-formed and still cannot be used. */
export function inputError(tool: string, reason: string, cause?: unknown): ToolError {
  return new ToolError("invalid_argument", `invalid ${tool} input: ${reason}`, { cause });
}

/** The JSON Schema that the model sees. */
export function toInputSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: "input",
    // The bound of every integer in JavaScript tells a model nothing.
    override({ jsonSchema }) {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return json;
}

/** A text that can be an argument of a process. */
export function text(): z.ZodString {
  return z.string()
    .refine((value) => !value.includes("\0"), "must not hold a NUL character")
    .refine((value) => value.length <= MAX_TEXT_LENGTH, "is too long");
}

/** A count or position: an unsigned integer. What is too large for one counts as the largest. */
export function unsigned(): z.ZodInt {
  return z.int().nonnegative();
}

function withoutNulls(
  schema: z.ZodObject,
  input: Record<string, unknown>,
  strict: readonly string[],
): Record<string, unknown> {
  const isAbsent = (key: string) =>
    input[key] === null && !strict.includes(key) &&
    Object.hasOwn(schema.shape, key) && z.safeParse(schema.shape[key]!, undefined).success;
  return Object.fromEntries(Object.entries(input).filter(([key]) => !isAbsent(key)));
}

/** Input whose numbers are small enough to count with: nothing has more rows or lines than that. */
function withSafeNumbers(input: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [
      key,
      typeof value === "number" ? Math.min(value, Number.MAX_SAFE_INTEGER) : value,
    ]),
  );
}
