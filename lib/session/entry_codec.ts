/**
 * Between the lines of a segment log and entries.
 *
 * Source: sessions-and-pods specification, sections A.2 to A.7.
 *
 * @module
 */

import { decodeSegments } from "../protocol/decode.ts";
import { ProtocolError } from "../protocol/error.ts";
import { canonicalEntryText } from "./_canonical_json.ts";
import { checkConfig, checkItem, checkSystemItem } from "./_decode_item.ts";
import {
  asArray,
  asObject,
  checkBoolean,
  checkString,
  checkUnsigned,
  checkWord,
  type Fields,
  hasOptional,
  isUnsigned,
} from "./_guard.ts";
import { checkSpelling } from "./_spelling.ts";
import type { LogEntry, UnstampedEntry } from "./entry.ts";

/** A well-formed entry of a kind that this version does not know. It stays on disk and counts. */
export interface UnknownEntry {
  /** The kind, none of {@linkcode LogEntry}'s. */
  kind: string;
  /** Whatever else the entry says. */
  [key: string]: unknown;
}

/** An entry as it may be found in a log. */
export type AnyEntry = LogEntry | UnknownEntry;

/** Whether this version knows the kind of `entry`. */
export function isKnownEntry(entry: AnyEntry): entry is LogEntry {
  return CHECKS.has(entry.kind);
}

/**
 * Checks one parsed line and gives it back as an entry; the value becomes the entry's own. Absent
 * optional keys get the value they stand for (missing numbers of a configuration are `null`), keys
 * that are `null` and read as absent are removed, UUIDs become lower case, unknown keys stay.
 *
 * @throws {ProtocolError} with the JSON path when it is no entry.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { decodeEntry } from "./entry_codec.ts";
 * const entry = decodeEntry(JSON.parse('{"kind":"turn_end","ts":5,"turn_count":1}'));
 * assert(entry.kind === "turn_end");
 * ```
 */
export function decodeEntry(value: unknown): AnyEntry {
  const fields = asObject(value, "$");
  const kind = checkString(fields, "kind", "$");
  const check = CHECKS.get(kind);
  if (check !== undefined) {
    checkUnsigned(fields, "ts", "$");
    check(fields);
  }
  return fields as AnyEntry;
}

/**
 * The entry in one line of text. As {@linkcode decodeEntry}, and besides it refuses what only the
 * text shows: repeated keys, integers written as fractions (`2.0`), halves of surrogate pairs and
 * numbers beyond a double, because the reference's reader would not read that log.
 *
 * @throws {SyntaxError} when the text is no JSON.
 * @throws {ProtocolError} when it is no entry.
 */
export function decodeEntryText(text: string): AnyEntry {
  const value: unknown = JSON.parse(text);
  try {
    // Text that comes out of the value again hides nothing, and that is how nearly all lines look.
    const exact = JSON.stringify(value) === text && !text.includes("\\ud");
    const entry = decodeEntry(value);
    if (!exact && isKnownEntry(entry)) checkSpelling(text);
    return entry;
  } catch (cause) {
    // Parsing has no limit of its own, but all that comes after it goes down level by level.
    if (cause instanceof RangeError) throw new ProtocolError("$", "is nested too deeply");
    throw cause;
  }
}

/**
 * The canonical line of an entry, without the newline: `kind` first, known keys in the order of the
 * specification, then the unknown ones as they are. Lone surrogates become U+FFFD.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodeEntry } from "./entry_codec.ts";
 * const text = encodeEntry({ ts: 5, turn_count: 1, kind: "turn_end" });
 * assert(text === '{"kind":"turn_end","ts":5,"turn_count":1}');
 * ```
 */
export function encodeEntry(entry: AnyEntry): string {
  return canonicalEntryText(entry);
}

/**
 * The entry with its time.
 *
 * @param ts Milliseconds since the Unix epoch.
 */
export function stampEntry(entry: UnstampedEntry, ts: number): LogEntry {
  const { kind, ...rest } = entry;
  return { kind, ts, ...rest } as LogEntry;
}

const TRIGGERS = ["user_send", "notify", "pod_event", "system_reminder", "wakeup"] as const;
const RUN_RESULTS = ["finished", "paused", "limit_reached", "yielded"] as const;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** What is checked in an entry of each kind, beside `kind` and `ts`. */
const CHECKS: ReadonlyMap<string, (entry: Fields) => void> = new Map([
  ["segment_start", checkSegmentStart],
  ["invoke", (entry) => void checkWord(entry, "trigger", "$", TRIGGERS)],
  ["user_input", (entry) => void decodeSegments(entry.segments, "$.segments")],
  // The reference takes every kind of item in both places.
  ["assistant_item", (entry) => checkItem(entry.item, "$.item")],
  ["tool_result", (entry) => checkItem(entry.item, "$.item")],
  ["system_item", (entry) => checkSystemItem(entry.item, "$.item")],
  ["turn_end", (entry) => void checkUnsigned(entry, "turn_count", "$")],
  ["run_completed", (entry) => {
    checkBoolean(entry, "interrupted", "$");
    checkWord(entry, "result", "$", RUN_RESULTS);
  }],
  ["run_errored", (entry) => {
    checkBoolean(entry, "interrupted", "$");
    checkString(entry, "message", "$");
  }],
  ["config_changed", (entry) => checkConfig(entry.config, "$.config")],
  ["llm_usage", (entry) => {
    checkUnsigned(entry, "history_len", "$");
    checkUnsigned(entry, "input_total_tokens", "$");
    checkUnsigned(entry, "cache_read_tokens", "$");
    checkUnsigned(entry, "cache_write_tokens", "$");
    checkUnsigned(entry, "output_tokens", "$");
  }],
  ["extension", (entry) => {
    checkString(entry, "domain", "$");
    if (entry.payload === undefined) throw new ProtocolError("$.payload", "is missing");
  }],
]);

function checkSegmentStart(entry: Fields): void {
  checkUuid(entry, "session_id", "$");
  if ((entry.system_prompt ??= null) !== null) checkString(entry, "system_prompt", "$");
  checkConfig(entry.config, "$.config");
  asArray(entry.history, "$.history").forEach((item, index) =>
    checkItem(item, `$.history[${index}]`)
  );
  for (const key of ["forked_from", "compacted_from"]) {
    if (hasOptional(entry, key)) checkOrigin(entry[key], `$.${key}`);
  }
  // An addition of this project: to the reference it is an unknown key, which may hold anything.
  if (!isUnsigned(entry.turn_count)) delete entry.turn_count;
}

function checkOrigin(value: unknown, path: string): void {
  const origin = asObject(value, path);
  checkUuid(origin, "segment_id", path);
  checkUnsigned(origin, "at_turn_index", path);
}

function checkUuid(fields: Fields, key: string, path: string): void {
  const uuid = checkString(fields, key, path);
  if (!UUID.test(uuid)) throw new ProtocolError(`${path}.${key}`, "must be a UUID");
  fields[key] = uuid.toLowerCase();
}
