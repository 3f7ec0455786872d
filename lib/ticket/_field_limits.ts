/**
 * What fields may hold, checked before anything is written. Sizes are counted in UTF-8 bytes.
 *
 * Source: tickets specification, sections 5 (payload limits) and 7.1; row 1 of section 12.
 *
 * @module
 */

import { MAX_BODY_BYTES } from "./request_words.ts";
import { TicketError } from "./ticket_error.ts";

/** Longest title, in bytes. */
export const MAX_TITLE_BYTES = 1024;
/** Longest author, in bytes. */
const MAX_AUTHOR_BYTES = 256;
/** Longest reason of a transition, in bytes. */
export const MAX_REASON_BYTES = 1024;
/** Longest body of a transition or an intake summary, in bytes. */
const MAX_TRANSITION_BODY_BYTES = 16 * 1024;

/**
 * Checks the title of a ticket: one line, not blank, at most 1,024 bytes.
 *
 * @returns The title as it is.
 * @throws {TicketError} `conflict`, naming the field; so do the other checks.
 */
export function checkTitle(title: string): string {
  return checkSingleLine("title", title, MAX_TITLE_BYTES);
}

/** Checks an author: one line, not blank, at most 256 bytes, without `-->`. */
export function checkAuthor(author: string, name = "author"): string {
  return checkAttribute(name, author, MAX_AUTHOR_BYTES);
}

/** Checks the reason of a transition: one line, not blank, at most 1,024 bytes, without `-->`. */
export function checkReason(reason: string): string {
  return checkAttribute("reason", reason, MAX_REASON_BYTES);
}

/**
 * Checks a body: at most 1 MiB, no control characters but tab and LF.
 *
 * @returns The body with LF for CRLF.
 */
export function checkBody(body: string, name = "body"): string {
  return checkText(name, body, MAX_BODY_BYTES);
}

/** As {@linkcode checkBody}, at most 16 KiB. */
export function checkTransitionBody(body: string, name = "body"): string {
  return checkText(name, body, MAX_TRANSITION_BODY_BYTES);
}

/**
 * Checks a text of one line: not blank, no control characters, at most `maxBytes` bytes.
 *
 * @param name The field, for messages.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkSingleLine } from "./_field_limits.ts";
 *
 * checkSingleLine("readiness", "spike_needed", 1024);
 * assertThrows(() => checkSingleLine("readiness", "a\nb", 1024), Error, "one line");
 * ```
 */
export function checkSingleLine(name: string, text: string, maxBytes: number): string {
  if (text.trim() === "") throw TicketError.conflict(`${name} is blank`);
  if (LINE_BREAK.test(text)) throw TicketError.conflict(`${name} has to be one line`);
  checkCharacters(name, text, CONTROL);
  checkCharacters(name, text, NO_CHARACTER, "character");
  checkBytes(name, text, maxBytes);
  return text;
}

/** Characters that some reader takes for the end of a line. */
const LINE_BREAK = /[\n\r\u0085\u2028\u2029]/;
const CONTROL = /\p{Cc}/u;
/** A byte order mark and what is no character, which readers of YAML drop or refuse. */
const NO_CHARACTER = /[\ufeff\ufffe\uffff]/;
const CONTROL_IN_TEXT = /[^\P{Cc}\t\n]/u;

/** Checks a line that stands in the header of an event, which `-->` would end. */
export function checkAttribute(name: string, text: string, maxBytes: number): string {
  checkSingleLine(name, text, maxBytes);
  if (text.includes("-->")) throw TicketError.conflict(`${name} must not contain "-->"`);
  return text;
}

/** Checks a text that may be left out. */
export function ifGiven(
  text: string | undefined,
  check: (text: string) => string,
): string | undefined {
  return text === undefined ? undefined : check(text);
}

function checkText(name: string, text: string, maxBytes: number): string {
  const normal = text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
  checkCharacters(name, normal, CONTROL_IN_TEXT);
  checkBytes(name, normal, maxBytes);
  return normal;
}

function checkCharacters(
  name: string,
  text: string,
  forbidden: RegExp,
  what = "control character",
): void {
  const at = text.search(forbidden);
  if (at >= 0) {
    const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0");
    const line = text.slice(0, at).split("\n").length;
    throw TicketError.conflict(`${name} holds the ${what} U+${code} (line ${line})`);
  }
  if (!text.isWellFormed()) {
    throw TicketError.conflict(`${name} contains a lone surrogate, which UTF-8 cannot encode`);
  }
}

function checkBytes(name: string, text: string, maxBytes: number): void {
  // A UTF-16 unit has three bytes at most: short texts need no encoding to be measured.
  if (text.length * 3 <= maxBytes) return;
  const bytes = text.length > maxBytes ? text.length : new TextEncoder().encode(text).length;
  if (bytes > maxBytes) {
    throw TicketError.conflict(
      `${name} has ${bytes} bytes or more, at most ${maxBytes} are allowed`,
    );
  }
}
