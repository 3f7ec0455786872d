/**
 * Canonical text of entries: known keys in the order of the specification's tables, then the others
 * as they came.
 *
 * @module
 */

/** Gives the JSON text of one value, or `undefined` to leave its key out. */
type Write = (value: unknown) => string | undefined;
/** The known keys of an object in their order. */
type Shape = ReadonlyMap<string, Write>;

const json: Write = (value) => JSON.stringify(value);
/** For keys that must be there: nothing reads as `null`. */
const nullable: Write = (value) => JSON.stringify(value ?? null);
/** For keys that are left out when `null`. */
const optional: Write = (value) => value === null ? undefined : JSON.stringify(value);
const onlyTrue: Write = (value) => value === true ? "true" : undefined;
const unlessEmpty: Write = (value) =>
  Array.isArray(value) && value.length === 0 ? undefined : JSON.stringify(value);
/** Floating point numbers keep their point (`1.0`), which is how the reference writes them. */
const decimal: Write = (value) =>
  typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 1e16
    ? `${value}.0`
    : nullable(value);

/** A shape from key names; a name with a writer of its own is given as a pair. */
function shape(...keys: (string | [string, Write])[]): Shape {
  return new Map(keys.map((key) => typeof key === "string" ? [key, json] : key));
}

const writeWith = (keys: Shape): Write => (value) =>
  value === null || value === undefined ? undefined : writeObject(value, keys);
const writeEach = (write: Write): Write => (value) =>
  `[${(value as unknown[]).map((element) => write(element) ?? "null").join(",")}]`;

const CONFIG = shape(
  ["max_tokens", nullable],
  ["temperature", decimal],
  ["top_p", decimal],
  ["top_k", nullable],
  "stop_sequences",
  ["reasoning", nullable],
);

const ORIGIN = writeWith(shape("segment_id", "at_turn_index"));

/** Writes an object whose shape depends on its `kind`; unknown kinds are written as they are. */
function writeByKind(shapes: ReadonlyMap<string, Shape>): Write {
  return (value) =>
    writeObject(value, shapes.get((value as { kind: string }).kind) ?? shape("kind"));
}

const PARTS: ReadonlyMap<string, Shape> = new Map([
  ["text", shape("kind", "text")],
  ["refusal", shape("kind", "refusal")],
]);

const ITEMS: ReadonlyMap<string, Shape> = new Map([
  ["message", shape("kind", "role", ["content", writeEach(writeByKind(PARTS))])],
  ["tool_call", shape("kind", "call_id", "name", "arguments")],
  [
    "tool_result",
    shape("kind", "call_id", "summary", ["content", optional], ["is_error", onlyTrue]),
  ],
  [
    "reasoning",
    shape(
      "kind",
      "text",
      ["summary", unlessEmpty],
      ["encrypted_content", optional],
      ["signature", optional],
    ),
  ],
]);

const RULE = shape("target", "permission", "recursive");

const POD_EVENTS: ReadonlyMap<string, Shape> = new Map([
  ["turn_ended", shape("kind", "pod_name")],
  ["errored", shape("kind", "pod_name", "message")],
  ["shut_down", shape("kind", "pod_name")],
  [
    "scope_sub_delegated",
    shape("kind", "parent_pod", "sub_pod", "sub_socket", ["scope", writeEach(writeWith(RULE))]),
  ],
]);

const SYSTEM_ITEMS: ReadonlyMap<string, Shape> = new Map([
  ["notification", shape("kind", "message", "body")],
  ["pod_event", shape("kind", ["event", writeByKind(POD_EVENTS)], "body")],
  ["file_attachment", shape("kind", "path", "body")],
  ["knowledge", shape("kind", "slug", "body")],
  ["workflow", shape("kind", "slug", "body")],
  ["task_reminder", shape("kind", "source", "body")],
  ["interrupt", shape("kind", "body")],
]);

const SEGMENTS: ReadonlyMap<string, Shape> = new Map([
  ["text", shape("kind", "content")],
  ["paste", shape("kind", "id", "chars", "lines", "content")],
  ["file_ref", shape("kind", "path")],
  ["knowledge_ref", shape("kind", "slug")],
  ["workflow_invoke", shape("kind", "slug")],
]);

const writeItem = writeByKind(ITEMS);
const config: [string, Write] = ["config", writeWith(CONFIG)];

const ENTRIES: ReadonlyMap<string, Shape> = new Map([
  [
    "segment_start",
    shape(
      "kind",
      "ts",
      "session_id",
      ["system_prompt", nullable],
      config,
      ["history", writeEach(writeItem)],
      ["forked_from", ORIGIN],
      ["compacted_from", ORIGIN],
      ["turn_count", optional],
    ),
  ],
  ["invoke", shape("kind", "ts", "trigger")],
  ["user_input", shape("kind", "ts", ["segments", writeEach(writeByKind(SEGMENTS))])],
  ["assistant_item", shape("kind", "ts", ["item", writeItem])],
  ["tool_result", shape("kind", "ts", ["item", writeItem])],
  ["system_item", shape("kind", "ts", ["item", writeByKind(SYSTEM_ITEMS)])],
  ["turn_end", shape("kind", "ts", "turn_count")],
  ["run_completed", shape("kind", "ts", "interrupted", "result")],
  ["run_errored", shape("kind", "ts", "interrupted", "message")],
  ["config_changed", shape("kind", "ts", config)],
  [
    "llm_usage",
    shape(
      "kind",
      "ts",
      "history_len",
      "input_total_tokens",
      "cache_read_tokens",
      "cache_write_tokens",
      "output_tokens",
    ),
  ],
  ["extension", shape("kind", "ts", "domain", ["payload", nullable])],
]);

/** The canonical text of an entry of any kind, without a newline. */
export function canonicalEntryText(entry: { kind: string }): string {
  return wellFormed(writeObject(entry, ENTRIES.get(entry.kind) ?? shape("kind", "ts")));
}

function writeObject(value: unknown, keys: Shape): string {
  const fields = value as Record<string, unknown>;
  const members: string[] = [];
  for (const [key, write] of keys) {
    const text = Object.hasOwn(fields, key) || write === nullable || write === decimal
      ? write(fields[key])
      : undefined;
    if (text !== undefined) members.push(`"${key}":${text}`);
  }
  for (const key of Object.keys(fields)) {
    if (keys.has(key)) continue;
    const text = JSON.stringify(fields[key]);
    if (text !== undefined) members.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${members.join(",")}}`;
}

/**
 * Puts U+FFFD in place of lone surrogates: the reference refuses a whole log for one. The only
 * escapes with `\ud` that `JSON.stringify` writes are lone surrogates; escaped backslashes before a
 * `ud` are told apart by taking the escapes one by one.
 */
function wellFormed(text: string): string {
  if (!text.includes("\\ud")) return text;
  return text.replace(
    /\\(?:ud[0-9a-f]{3}|.)/g,
    (escape) => escape.startsWith("\\ud") ? "\ufffd" : escape,
  );
}
