/** Checks of items, system items and configurations as the log holds them. @module */

import { ProtocolError } from "../protocol/error.ts";
import { decodePodEvent } from "../protocol/decode.ts";
import {
  asArray,
  asObject,
  checkBoolean,
  checkNumber,
  checkString,
  checkStrings,
  checkUnsigned,
  checkWord,
  hasOptional,
  isUnsigned,
} from "./_guard.ts";

const ROLES = ["user", "assistant", "system"] as const;

/** Checks one item of a history. Keys that read as absent are removed from `value`. */
export function checkItem(value: unknown, path: string): void {
  const item = asObject(value, path);
  const kind = checkString(item, "kind", path);
  switch (kind) {
    case "message":
      checkWord(item, "role", path, ROLES);
      asArray(item.content, `${path}.content`).forEach((part, index) =>
        checkMessagePart(part, `${path}.content[${index}]`)
      );
      return;
    case "tool_call":
      checkString(item, "call_id", path);
      checkString(item, "name", path);
      checkString(item, "arguments", path);
      return;
    case "tool_result":
      checkString(item, "call_id", path);
      checkString(item, "summary", path);
      if (hasOptional(item, "content")) checkString(item, "content", path);
      if (item.is_error !== undefined) checkBoolean(item, "is_error", path);
      return;
    case "reasoning":
      checkString(item, "text", path);
      if (item.summary !== undefined) checkStrings(item, "summary", path);
      if (hasOptional(item, "encrypted_content")) checkString(item, "encrypted_content", path);
      if (hasOptional(item, "signature")) checkString(item, "signature", path);
      return;
    default:
      throw new ProtocolError(`${path}.kind`, `is an unknown kind of item: "${kind}"`);
  }
}

function checkMessagePart(value: unknown, path: string): void {
  const part = asObject(value, path);
  const kind = checkString(part, "kind", path);
  if (kind === "text") checkString(part, "text", path);
  else if (kind === "refusal") checkString(part, "refusal", path);
  else throw new ProtocolError(`${path}.kind`, `is an unknown kind of message part: "${kind}"`);
}

/** Checks one injected message. A missing `source` of a task reminder is filled in. */
export function checkSystemItem(value: unknown, path: string): void {
  const item = asObject(value, path);
  const kind = checkString(item, "kind", path);
  switch (kind) {
    case "notification":
      checkString(item, "message", path);
      break;
    case "pod_event":
      item.event = decodePodEvent(item.event, `${path}.event`);
      break;
    case "file_attachment":
      checkString(item, "path", path);
      break;
    case "knowledge":
    case "workflow":
      checkString(item, "slug", path);
      break;
    case "task_reminder":
      item.source ??= item.source === undefined ? "task_inactivity" : null;
      checkWord(item, "source", path, ["task_inactivity"]);
      break;
    case "interrupt":
      break;
    default:
      throw new ProtocolError(`${path}.kind`, `is an unknown kind of system item: "${kind}"`);
  }
  checkString(item, "body", path);
}

/** Checks a request configuration. Missing numbers and a missing `reasoning` become `null`. */
export function checkConfig(value: unknown, path: string): void {
  const config = asObject(value, path);
  for (const key of ["max_tokens", "top_k"]) {
    if ((config[key] ??= null) !== null) checkUnsigned(config, key, path);
  }
  for (const key of ["temperature", "top_p"]) {
    if ((config[key] ??= null) !== null) checkNumber(config, key, path);
  }
  checkStrings(config, "stop_sequences", path);
  const reasoning = config.reasoning ??= null;
  if (reasoning !== null && typeof reasoning !== "string" && !isUnsigned(reasoning)) {
    throw new ProtocolError(`${path}.reasoning`, "must be a label, a token budget or null");
  }
}
