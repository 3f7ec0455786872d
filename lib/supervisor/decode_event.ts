/**
 * The client's side of the control socket: what the supervisor says.
 *
 * Source: decisions 50 and 51.
 *
 * @module
 */

import { asObject, type Fields, refused } from "./_control_guards.ts";
import type { ControlEvent, RestartReason } from "./control_protocol.ts";
import type { ChildStatusState } from "./status.ts";

/**
 * Reads an event. More keys than are known are left out: a newer supervisor may say more.
 *
 * @returns The event, or `undefined` when it is of a kind that is not known here.
 * @throws {SupervisorError} `control`, with the JSON path and what is expected there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeControlEvent } from "./decode_event.ts";
 *
 * const event = { event: "child_given_up" as const, data: { child: "web" } };
 * assertEquals(decodeControlEvent(event), event);
 * assertEquals(decodeControlEvent({ event: "child_thawed", data: {} }), undefined);
 * ```
 */
export function decodeControlEvent(value: unknown): ControlEvent | undefined {
  const { event, data } = asObject(value, "$");
  if (typeof event !== "string") throw refused("$.event", "be the name of an event", event);
  const form = EVENT_FORMS.get(event);
  if (form === undefined) return undefined;
  // The form of the table is the form of the type; the tests hold them together.
  return { event, data: take(data, "$.data", form) } as ControlEvent;
}

/** Returns the value as it is to be kept, or throws. */
type Check = (value: unknown, path: string) => unknown;

/** What an object has to hold. */
type Form = Readonly<Record<string, Check>>;

const STATES: Readonly<Record<ChildStatusState, true>> = {
  starting: true,
  running: true,
  ready: true,
  stopping: true,
  backoff: true,
  exited: true,
  given_up: true,
};

const REASONS: Readonly<Record<RestartReason, true>> = {
  requested: true,
  exited: true,
  spawn_failed: true,
  not_ready: true,
};

const STARTED: Form = { child: text, pid: count, incarnation: count };

const LAST_EXIT: Form = { code: count, signal: textOrNull, at: time };

const CHILD: Form = {
  name: text,
  state: wordOf(STATES),
  pid: optional(count),
  incarnation: count,
  restarts: count,
  startedAt: optional(time),
  lastExit: optional((value, path) => take(value, path, LAST_EXIT)),
};

const EVENT_FORMS: ReadonlyMap<string, Form> = new Map<ControlEvent["event"], Form>([
  ["child_started", STARTED],
  ["child_ready", STARTED],
  ["child_exited", { child: text, pid: count, code: count, signal: textOrNull }],
  ["child_restarting", { child: text, reason: wordOf(REASONS), delayMs: time }],
  ["child_given_up", { child: text }],
  ["status", { children: listOf(CHILD) }],
  ["error", { message: text }],
  ["line", {
    child: text,
    pid: count,
    stream: wordOf({ stdout: true, stderr: true }),
    line: text,
    at: time,
  }],
]);

function take(value: unknown, path: string, form: Form): Fields {
  const fields = asObject(value, path);
  const taken = Object.entries(form).map(([key, check]): [string, unknown] => [
    key,
    check(fields[key], `${path}.${key}`),
  ]);
  return Object.fromEntries(taken.filter(([, kept]) => kept !== undefined));
}

function listOf(form: Form): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw refused(path, "be an array", value);
    return value.map((item, index) => take(item, `${path}[${index}]`, form));
  };
}

function optional(check: Check): Check {
  return (value, path) => value === undefined ? undefined : check(value, path);
}

function wordOf(words: Readonly<Record<string, true>>): Check {
  return (value, path) => {
    if (typeof value === "string" && Object.hasOwn(words, value)) return value;
    throw refused(path, `be one of ${Object.keys(words).join(", ")}`, value);
  };
}

function text(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw refused(path, "be a text", value);
}

function textOrNull(value: unknown, path: string): string | null {
  return value === null ? null : text(value, path);
}

function count(value: unknown, path: string): number {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw refused(path, "be a whole number from 0", value);
}

/** A clock may count parts of milliseconds. */
function time(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw refused(path, "be a number of milliseconds", value);
}
