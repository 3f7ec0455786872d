/** The rules that the values of a configuration have to keep beside their types. @module */

import { isSignalName } from "./_signal_names.ts";
import { findCycle, type OrderedChild } from "./start_order.ts";
import { SupervisorError } from "./supervisor_error.ts";

/** The longest wait that the timers of the runtime keep; a longer one would be over at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const NAME_FORM = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** Children need names that differ, to be told apart in lines, requests and `startAfter`. */
export function checkNames(path: string, children: readonly { readonly name: string }[]): void {
  if (children.length === 0) throw refused(path, "must hold at least one child");
  const places = new Map<string, string>();
  children.forEach(({ name }, index) => {
    const place = `${path}[${index}].name`;
    if (!NAME_FORM.test(name)) {
      const form = 'must be 1 to 63 of a-z, 0-9, "_" and "-", the first one a letter or a digit';
      throw refused(place, `${form}, not ${quote(name)}`);
    }
    const twin = places.get(name);
    if (twin !== undefined) {
      throw refused(place, `must be unique, but ${twin} is ${quote(name)} too`);
    }
    places.set(name, place);
  });
}

/** Every child has to come to its turn. */
export function checkOrder(path: string, children: readonly OrderedChild[]): void {
  const names = new Set(children.map((child) => child.name));
  children.forEach(({ startAfter }, index) => {
    const stranger = startAfter.find((name) => !names.has(name));
    if (stranger === undefined) return;
    const place = `${path}[${index}].startAfter`;
    throw refused(place, `must hold names of children, not ${quote(stranger)}`);
  });
  const circle = findCycle(children);
  if (!circle) return;
  const [first = ""] = circle;
  const index = children.findIndex((child) => child.name === first);
  const way = [...circle, first].map(quote).join(" -> ");
  throw refused(`${path}[${index}].startAfter`, `must not lead in a circle: ${way}`);
}

/** A command is a program and its arguments. */
export function checkCommand(path: string, command: readonly string[]): void {
  if (command.length === 0) throw refused(path, "must hold a program and its arguments");
  checkText(`${path}[0]`, command[0] ?? "");
  command.forEach((argument, index) => checkNoNul(`${path}[${index}]`, argument));
}

/** Variables that the system can pass on. */
export function checkEnvironment(path: string, variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (name === "" || /[=\0]/.test(name)) {
      throw refused(path, `must hold names without "=" and NUL, not ${quote(name)}`);
    }
    checkNoNul(`${path}[${quote(name)}]`, value);
  }
}

/** A text that a line can contain. */
export function checkReadyLine(path: string, text: string | undefined): void {
  if (text === undefined) return;
  if (text === "") throw refused(path, "must not be empty");
  if (text.includes("\n")) throw refused(path, "must be part of one line, without a line break");
}

/** A text that is not empty and that the system can pass on. */
export function checkText(path: string, text: string): void {
  if (text === "") throw refused(path, "must not be empty");
  checkNoNul(path, text);
}

/** The system ends texts at a NUL, so that it would take a part for the whole. */
function checkNoNul(path: string, text: string): void {
  if (text.includes("\0")) throw refused(path, "must not contain NUL");
}

/** A signal that the runtime can send here. */
export function checkSignal(path: string, signal: string): void {
  if (isSignalName(signal)) return;
  throw refused(path, `must be a signal of this system such as "SIGTERM", not ${quote(signal)}`);
}

/** One of the modes of restarting. */
export function checkMode(path: string, mode: string): void {
  if (["never", "on-failure", "always"].includes(mode)) return;
  throw refused(path, `must be "never", "on-failure" or "always", not ${quote(mode)}`);
}

/** A time that a timer can wait; 0 is not at all. */
export function checkTime(path: string, ms: number): void {
  if (Number.isInteger(ms) && ms >= 0 && ms <= MAX_TIMER_MS) return;
  throw refused(
    path,
    `must be a whole number of milliseconds from 0 to ${MAX_TIMER_MS}, not ${ms}`,
  );
}

/** A number of times; 0 is never. */
export function checkCount(path: string, count: number): void {
  if (Number.isSafeInteger(count) && count >= 0) return;
  throw refused(path, `must be a whole number from 0, not ${count}`);
}

/** A factor that does not make waits shorter. */
export function checkFactor(path: string, factor: number): void {
  if (Number.isFinite(factor) && factor >= 1) return;
  throw refused(path, `must be a number from 1, not ${factor}`);
}

function refused(path: string, reason: string): SupervisorError {
  return new SupervisorError(
    "invalid_config",
    `Cannot use the configuration: ${path} ${reason}`,
    { path },
  );
}

function quote(text: string): string {
  return JSON.stringify(text);
}
