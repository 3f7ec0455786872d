/** What a provider's failure says to a person. @module */

import { WorkerError } from "./worker_error.ts";

/** Longest text taken from a failure of unknown shape. */
const MAX_TEXT = 2000;

/** The message of a failure together with the provider's own code and the HTTP status, if any. */
export function describeModelFailure(failure: unknown): string {
  if (typeof failure === "string") return failure;
  if (typeof failure !== "object" || failure === null) return String(failure);

  const message = textField(failure, "message");
  const nested = field(failure, "error");
  if (message === undefined && nested !== undefined && nested !== failure) {
    return describeModelFailure(nested);
  }
  const status = field(failure, "statusCode") ?? field(failure, "status");
  // The code of a built-in model is this program's own and says nothing new.
  const code = failure instanceof WorkerError ? undefined : textField(failure, "code");
  const labels = [textField(failure, "type"), code]
    .filter((label) => label !== undefined && label !== "error" && !message?.includes(label));
  const text = [...labels, message ?? plain(failure)].join(": ");
  return typeof status === "number" ? `${text} (status ${status})` : text;
}

function field(value: object, name: string): unknown {
  return name in value ? (value as Record<string, unknown>)[name] : undefined;
}

function textField(value: object, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === "string" && found !== "" ? found : undefined;
}

function plain(value: object): string {
  try {
    return JSON.stringify(value).slice(0, MAX_TEXT);
  } catch (error) {
    return `a failure that cannot be shown (${error instanceof Error ? error.message : error})`;
  }
}
