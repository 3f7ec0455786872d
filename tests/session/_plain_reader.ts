/**
 * A second reader of segment logs, written from the specification (sessions-and-pods A.2 to A.17,
 * F.1, K) and the decisions alone: whole files, plain values, no care for speed. It answers in the
 * words of the vectors, so that the real reader can be compared with it on any bytes.
 */

// deno-lint-ignore no-explicit-any -- every access below stands behind a check of the same value
type Json = any;

/** What a log says, in the words of the vectors; `torn` is true for an end that readers ignore. */
export type PlainReading =
  | { outcome: "ok"; torn: boolean; list_row: Json; state: Record<string, Json>; entries: Json[] }
  | { outcome: "corrupt"; corrupt_line: number }
  | { outcome: "not_utf8" };

/** Fields of every kind of entry, behind `kind` and `ts`. */
const ENTRIES: Record<string, string> = {
  segment_start:
    "session_id:uuid system_prompt:str? config:config history:item[] forked_from:origin? compacted_from:origin?",
  invoke: "trigger:user_send|notify|pod_event|system_reminder|wakeup",
  user_input: "segments:segment[]",
  assistant_item: "item:item",
  tool_result: "item:item",
  system_item: "item:system",
  turn_end: "turn_count:int",
  run_completed: "interrupted:bool result:finished|paused|limit_reached|yielded",
  run_errored: "interrupted:bool message:str",
  config_changed: "config:config",
  llm_usage:
    "history_len:int input_total_tokens:int cache_read_tokens:int cache_write_tokens:int output_tokens:int",
  extension: "domain:str payload:any",
};

/** Objects of one shape. */
const RECORDS: Record<string, string> = {
  config:
    "max_tokens:int? temperature:num? top_p:num? top_k:int? stop_sequences:str[] reasoning:effort?",
  origin: "segment_id:uuid at_turn_index:int",
  rule: "target:str permission:read|write recursive:bool~",
};

/** Objects told apart by `kind`. */
const KINDS: Record<string, Record<string, string>> = {
  item: {
    message: "role:user|assistant|system content:part[]",
    tool_call: "call_id:str name:str arguments:str",
    tool_result: "call_id:str summary:str content:str? is_error:bool~",
    reasoning: "text:str summary:str[]~ encrypted_content:str? signature:str?",
  },
  part: { text: "text:str", refusal: "refusal:str" },
  segment: {
    text: "content:str",
    paste: "id:u32 chars:u32 lines:u32 content:str",
    file_ref: "path:str",
    knowledge_ref: "slug:str",
    workflow_invoke: "slug:str",
  },
  system: {
    notification: "message:str body:str",
    pod_event: "event:event body:str",
    file_attachment: "path:str body:str",
    knowledge: "slug:str body:str",
    workflow: "slug:str body:str",
    task_reminder: "source:task_inactivity|task_inactivity~ body:str",
    interrupt: "body:str",
  },
  event: {
    turn_ended: "pod_name:str",
    errored: "pod_name:str message:str",
    shut_down: "pod_name:str",
    scope_sub_delegated: "parent_pod:str sub_pod:str sub_socket:str scope:rule[]",
  },
};

/** Whether a parsed line is an entry: of a known kind and well formed, or of an unknown kind. */
export function isPlainEntry(value: Json): boolean {
  if (!isObject(value) || typeof value.kind !== "string") return false;
  if (!Object.hasOwn(ENTRIES, value.kind)) return true;
  return isType("int", value.ts) && hasFields(value, ENTRIES[value.kind]!);
}

function hasFields(value: Json, fields: string): boolean {
  return fields.split(" ").every((field) => {
    const [, name, type, rule] = /^(\w+):(.+?)([?~]?)$/.exec(field)!;
    const member = Object.hasOwn(value, name!) ? value[name!] : undefined;
    if (member === undefined && rule !== "") return true;
    if (member === null && rule === "?") return true;
    return isType(type!, member);
  });
}

function isType(type: string, value: Json): boolean {
  if (type.endsWith("[]")) {
    return Array.isArray(value) && value.every((each) => isType(type.slice(0, -2), each));
  }
  if (type.includes("|")) return typeof value === "string" && type.split("|").includes(value);
  if (type in RECORDS) return isObject(value) && hasFields(value, RECORDS[type]!);
  if (type in KINDS) {
    if (!isObject(value) || typeof value.kind !== "string") return false;
    if (!Object.hasOwn(KINDS[type]!, value.kind)) return type === "segment";
    return hasFields(value, KINDS[type]![value.kind]!);
  }
  if (type === "any") return value !== undefined;
  if (type === "str") return typeof value === "string" && value.isWellFormed();
  if (type === "bool") return value === true || value === false;
  if (type === "num") return typeof value === "number" && Number.isFinite(value);
  if (type === "int") return Number.isInteger(value) && value >= 0 && value <= 2 ** 64;
  if (type === "u32") return Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  if (type === "effort") return typeof value === "string" || isType("int", value);
  return typeof value === "string" && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
}

function isObject(value: Json): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the bytes of a log. */
export function readPlainly(bytes: Uint8Array, segmentId: string): PlainReading {
  const lastFeed = bytes.lastIndexOf(10);
  const decode = (part: Uint8Array, cut: boolean) =>
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(part, { stream: cut });
  const lines: string[] = [];
  let tail: string;
  let tailIsCut: boolean;
  try {
    const head = decode(bytes.subarray(0, lastFeed + 1), false);
    if (head !== "") lines.push(...head.slice(0, -1).split("\n"));
    const last = bytes.subarray(lastFeed + 1);
    tail = decode(last, true);
    tailIsCut = new TextEncoder().encode(tail).length < last.length;
  } catch {
    return { outcome: "not_utf8" };
  }

  const entries: Json[] = [];
  for (const [index, line] of lines.entries()) {
    if (isBlank(line)) continue;
    const entry = parse(line);
    if (entry === undefined) return { outcome: "corrupt", corrupt_line: index + 1 };
    entries.push(entry);
  }
  const last = tailIsCut ? undefined : parse(tail);
  const torn = tailIsCut || (!isBlank(tail) && last === undefined);
  if (last !== undefined) entries.push(last);
  return { outcome: "ok", torn, entries, ...fold(entries, segmentId) };
}

function parse(line: string): Json {
  try {
    const value = JSON.parse(line.replace(/\r$/, ""));
    return isPlainEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isBlank(line: string): boolean {
  return /^\p{White_Space}*$/u.test(line);
}

function fold(entries: Json[], segmentId: string): { state: Record<string, Json>; list_row: Json } {
  const state: Record<string, Json> = {
    entry_count: entries.length,
    session_id: null,
    system_prompt: null,
    config: plainConfig({ stop_sequences: [] }),
    history: [],
    turn_count: 0,
    interrupted: false,
    user_segments: [],
    usage: [],
    extensions: [],
  };
  const say = (role: string, text: string) =>
    state.history.push({ kind: "message", role, content: [{ kind: "text", text }] });
  const row = { updated_at: 0, preview: "[empty]" };
  const targets: Json[] = [];
  for (const [index, entry] of entries.entries()) {
    if (isType("int", entry.ts)) row.updated_at = Math.max(row.updated_at, entry.ts);
    switch (entry.kind) {
      case "segment_start":
        state.session_id = entry.session_id.toLowerCase();
        state.system_prompt = entry.system_prompt ?? null;
        state.config = plainConfig(entry.config);
        state.history = entry.history.map(plainItem);
        // An addition of this project (weak spot 30): absent in everything the reference writes.
        if (isType("int", entry.turn_count)) state.turn_count = entry.turn_count;
        break;
      case "user_input": {
        const text = entry.segments.map(flat).join("");
        say("user", text);
        state.user_segments.push(entry.segments.map(plainSegment));
        if (!isBlank(text)) row.preview = `user: ${short(text)}`;
        const announced = entries[index - 1]?.kind === "invoke";
        targets.unshift({
          id: { segment_id: segmentId, user_input_entry_index: index },
          expected_head_entries: entries.length,
          truncate_entries: announced ? index - 1 : index,
          turn_index: targets.length + 1,
          timestamp_ms: entry.ts,
          preview: targetPreview(entry.segments),
          eligible: true,
          has_warning: entries.slice(index).some(isSideEffect),
        });
        break;
      }
      case "assistant_item":
      case "tool_result": {
        state.history.push(plainItem(entry.item));
        if (entry.kind !== "assistant_item" || entry.item.role !== "assistant") break;
        const parts = entry.item.content.filter((part: Json) => part.kind === "text");
        const text = parts.map((part: Json) => part.text).join("");
        if (entry.item.kind === "message" && !isBlank(text)) {
          row.preview = `assistant: ${short(text)}`;
        }
        break;
      }
      case "system_item":
        say("system", entry.item.body);
        break;
      case "turn_end":
        state.turn_count = entry.turn_count;
        break;
      case "run_completed":
      case "run_errored":
        state.interrupted = entry.interrupted;
        break;
      case "config_changed":
        state.config = plainConfig(entry.config);
        break;
      case "llm_usage":
        state.usage.push(pick(entry, ENTRIES.llm_usage!.replaceAll(":int", "").split(" ")));
        break;
      case "extension":
        state.extensions.push(pick(entry, ["domain", "payload"]));
        break;
    }
  }
  state.rewind_targets = targets;
  state.pending_tool_calls = pending(state.history);
  return { state, list_row: row };
}

/** The calls without a result after them; one id counts once. */
function pending(history: Json[]): string[] {
  const open = history.flatMap((item, index) => {
    const answers = (other: Json) => other.kind === "tool_result" && other.call_id === item.call_id;
    return item.kind === "tool_call" && !history.slice(index).some(answers) ? [item.call_id] : [];
  });
  return [...new Set<string>(open)];
}

function isSideEffect(entry: Json): boolean {
  if (entry.kind === "tool_result") return true;
  return entry.kind === "assistant_item" && entry.item.kind === "tool_call";
}

function plainConfig(config: Json): Json {
  return {
    max_tokens: config.max_tokens ?? null,
    temperature: config.temperature ?? null,
    top_p: config.top_p ?? null,
    top_k: config.top_k ?? null,
    stop_sequences: config.stop_sequences,
    reasoning: config.reasoning ?? null,
  };
}

function plainItem(item: Json): Json {
  if (item.kind === "message") {
    const content = item.content.map((part: Json) => pick(part, ["kind", part.kind]));
    return { ...pick(item, ["kind", "role"]), content };
  }
  const names = KINDS.item![item.kind]!.split(" ").map((field) => field.split(":")[0]!);
  const plain = pick(item, ["kind", ...names]);
  if (plain.is_error === false) delete plain.is_error;
  if (plain.summary?.length === 0 && item.kind === "reasoning") delete plain.summary;
  return plain;
}

function plainSegment(segment: Json): Json {
  const fields = KINDS.segment![segment.kind];
  if (!Object.hasOwn(KINDS.segment!, segment.kind)) return { kind: "unknown" };
  return pick(segment, ["kind", ...fields!.split(" ").map((field) => field.split(":")[0]!)]);
}

/** The named members that are there and not null, except that a payload may be null. */
function pick(value: Json, names: string[]): Json {
  const there = names.filter((name) =>
    Object.hasOwn(value, name) && (value[name] !== null || name === "payload")
  );
  return Object.fromEntries(there.map((name) => [name, value[name]]));
}

function flat(segment: Json): string {
  switch (segment.kind) {
    case "text":
    case "paste":
      return segment.content;
    case "file_ref":
      return `@${segment.path}`;
    case "knowledge_ref":
      return `#${segment.slug}`;
    case "workflow_invoke":
      return `/${segment.slug}`;
    default:
      return "[unknown input segment]";
  }
}

function targetPreview(segments: Json[]): string {
  const pieces = segments.map((segment) =>
    "content" in plainSegment(segment) ? trim(segment.content) : flat(segment)
  );
  const letters = [...pieces.join(" ").replace(/[\n\r]/g, " ")];
  return letters.slice(0, 120).join("") + (letters.length > 120 ? "…" : "");
}

function trim(text: string): string {
  return text.replace(/^\p{White_Space}+/u, "").replace(/\p{White_Space}+$/u, "");
}

function short(text: string): string {
  const letters = [...text.replaceAll("\n", " ")];
  return letters.length > 60 ? `${letters.slice(0, 59).join("")}…` : letters.join("");
}
