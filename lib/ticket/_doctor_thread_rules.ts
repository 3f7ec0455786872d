/** @module */

import { eventsOf, type TicketFacts } from "./_doctor_facts.ts";
import type { DoctorRule } from "./doctor_report.ts";
import { conflictLine, lineAt } from "./_doctor_text.ts";
import { REVIEW_RESULTS } from "./request_words.ts";
import { isTimestamp } from "./_timestamp.ts";
import { parseEventHeader, type ThreadDiagnosticCode, type ThreadEvent } from "./thread.ts";
import { THREAD_FILE } from "./_ticket_layout.ts";

/** Rules about what `thread.md` holds; whether there is one is a rule of the folder. */
export const THREAD_RULES: readonly DoctorRule<TicketFacts>[] = [
  {
    code: "event_malformed",
    severity: "error",
    number: 10,
    looksAtOldTickets: true,
    check(facts, report) {
      forEachDiagnostic(facts, "malformed_header", (line) => {
        report({
          file: THREAD_FILE,
          line,
          message: "An event's header is not closed: end the line with ` -->`",
        });
      });
      for (const event of eventsOf(facts)) {
        const { attributes, line, raw } = event;
        const fault = faultOf(attributes, hasTextAt(raw, raw.search(/\n|$/)));
        if (fault !== undefined) report({ file: THREAD_FILE, line, message: fault });
        for (const { attributes, line, hasText } of headersInside(event)) {
          const fault = faultOf(attributes, hasText);
          if (fault !== undefined) report({ file: THREAD_FILE, line, message: fault });
        }
      }
    },
  },
  {
    code: "review_status",
    severity: "warning",
    number: 11,
    check(facts, report) {
      for (const { kind, attributes, line } of eventsOf(facts)) {
        if (kind !== "review" || RESULTS.includes(attributes.status ?? "")) continue;
        report({
          file: THREAD_FILE,
          line,
          message:
            "A review does not say its result: write `status: approve` or `status: request_changes`" +
            " into its header",
        });
      }
    },
  },
];

/** Rules about threads that are ours; they come after all numbered ones. */
export const EXTRA_THREAD_RULES: readonly DoctorRule<TicketFacts>[] = [
  shapeRule(
    "event_unseparated",
    "unseparated",
    "An event has no `---` line before the next one, so older programs show both as one: add a" +
      " `---` line above the next header",
  ),
  shapeRule(
    "event_unterminated",
    "unterminated",
    "The last event has no `---` line at its end: `yoi ticket doctor --fix` appends it",
  ),
  shapeRule(
    "thread_preamble",
    "preamble",
    "Text stands before the first event, where no program shows it: move it into an event, with" +
      " `yoi ticket comment`",
  ),
  shapeRule(
    "event_header_misspelled",
    "near_header",
    "A line looks like an event's header but does not end in ` -->`, so it is read as text: put a" +
      " blank before `-->`, and none after it",
  ),
  {
    code: "event_lost_to_reference",
    severity: "warning",
    number: null,
    check(facts, report) {
      if (conflictLine(facts.threadText ?? "") !== undefined) return;
      for (const event of eventsOf(facts)) {
        const lost = lostLines(event);
        if (lost === undefined) continue;
        const { line, count } = lost;
        report({
          file: THREAD_FILE,
          line,
          message: `Older programs end the event of line ${event.line} at this \`---\` and lose ` +
            `${count} ${count === 1 ? "line" : "lines"} after it: nothing is lost here; to have` +
            " them shown there too, write them again with `yoi ticket comment`, which escapes them",
        });
      }
    },
  },
  {
    code: "thread_cut",
    severity: "warning",
    number: null,
    looksAtOldTickets: true,
    check({ isThreadCut, threadText = "" }, report) {
      if (!isThreadCut) return;
      report({
        file: THREAD_FILE,
        line: lineAt(threadText, threadText.length),
        message:
          "The thread ends in the middle of a character, as a power failure leaves it, and older" +
          " programs cannot read it: `yoi ticket doctor --fix` ends it before that character",
      });
    },
  },
  {
    code: "event_timestamp_malformed",
    severity: "warning",
    number: null,
    check(facts, report) {
      for (const { at, line } of eventsOf(facts)) {
        if (at === null || at.trim() === "" || isTimestamp(at)) continue; // blank is rule 10
        report({
          file: THREAD_FILE,
          line,
          message: `The event's time ${JSON.stringify(at)} is not of the form ` +
            "2026-06-01T00:00:00Z: correct it",
        });
      }
    },
  },
  {
    code: "duplicate_create",
    severity: "warning",
    number: null,
    check(facts, report) {
      // Two whole versions between markers hold everything twice.
      if (conflictLine(facts.threadText ?? "") !== undefined) return;
      const created = eventsOf(facts).filter(({ kind }) => kind === "create");
      for (const { line } of created.slice(1)) {
        report({
          file: THREAD_FILE,
          line,
          message: "The ticket was created twice: two branches have probably made the same id;" +
            " compare both versions in version control and create one of them again",
        });
      }
    },
  },
];

const RESULTS: readonly string[] = REVIEW_RESULTS;

function shapeRule(
  code: string,
  diagnostic: ThreadDiagnosticCode,
  message: string,
): DoctorRule<TicketFacts> {
  return {
    code,
    severity: "warning",
    number: null,
    check(facts, report) {
      // What merge_conflict tells in that case is the cause.
      if (conflictLine(facts.threadText ?? "") !== undefined) return;
      forEachDiagnostic(facts, diagnostic, (line) => report({ file: THREAD_FILE, line, message }));
    },
  };
}

function forEachDiagnostic(
  { thread }: TicketFacts,
  wanted: ThreadDiagnosticCode,
  tell: (line: number) => void,
): void {
  if (thread === undefined || !("value" in thread)) return;
  for (const { code, line } of thread.value.diagnostics) if (code === wanted) tell(line);
}

/** What rule 10 looks at. */
interface Header {
  readonly attributes: Readonly<Record<string, string>>;
  readonly line: number;
  /** Whether there is text below it. */
  readonly hasText: boolean;
}

/**
 * Headers inside an event's body, such as those of a code sample: rule 10 does not spare bodies.
 * There can be as many as lines, so lines are counted along the way.
 */
function headersInside({ line: first, raw }: ThreadEvent): readonly Header[] {
  const headers: Header[] = [];
  let line = first;
  let counted = 0;
  for (let at = raw.indexOf(INNER); at >= 0; at = raw.indexOf(INNER, at + 1)) {
    for (; counted <= at; line++) counted = raw.indexOf("\n", counted) + 1;
    const feed = raw.indexOf("\n", at + 1);
    const end = feed < 0 ? raw.length : feed;
    const attributes = parseEventHeader(raw.slice(at + 1, end).trimEnd());
    if (attributes === undefined) continue; // reported as malformed already
    headers.push({ attributes, line, hasText: hasTextAt(raw, end) });
  }
  return headers;
}

const INNER = "\n<!-- event:";

/** Whether anything but a heading stands between the end of a header and the next separator. */
function hasTextAt(raw: string, end: number): boolean {
  const heading = /(?:\s*\n## .*)?\s*/y;
  heading.lastIndex = end;
  const start = end + (heading.exec(raw)?.[0].length ?? 0);
  const separator = /---[^\S\n]*(?:\n|$)/y;
  separator.lastIndex = start;
  return start < raw.length && !separator.test(raw);
}

/** Attributes that no event can do without. */
const ALWAYS_REQUIRED = ["at"] as const;

/** Attributes that a kind of event cannot do without. */
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map([
  ["state_changed", ["at", "from", "to", "reason", "author"]],
  ["intake_summary", ["at", "author"]],
]);

function faultOf(attributes: Header["attributes"], hasText: boolean): string | undefined {
  const kind = attributes.event ?? "";
  const required = REQUIRED.get(kind) ?? ALWAYS_REQUIRED;
  if (required.some((key) => isBlank(attributes[key]))) {
    const missing = required.filter((key) => isBlank(attributes[key]));
    const names = missing.map((key) => `\`${key}\``).join(", ");
    return `An event of kind ${JSON.stringify(kind)} has no ${names}: add it to the header`;
  }
  if (kind === "intake_summary" && !hasText) {
    return "An intake summary has no text: write the summary below its heading";
  }
  return undefined;
}

function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === "";
}

/**
 * Lines with text that the reference does not show as part of their event, those after the first
 * separator. An event without separator is another rule's, and loses nothing of its own.
 */
function lostLines({ raw, line }: ThreadEvent): { line: number; count: number } | undefined {
  const cut = /\n[^\S\n]*---[^\S\n]*(?=\n|$)/.exec(raw);
  if (cut === null) return undefined;
  const rest = raw.slice(cut.index + cut[0].length);
  if (rest.trim() === "" || UNFINISHED_HEADER.test(rest)) return undefined;
  const lines = rest.split("\n").filter((text) => !/^\s*(?:---\s*)?$/.test(text));
  if (lines.every((text) => CLOSING_FENCE.test(text))) return undefined;
  return { line: line + lineAt(raw, cut.index + 1) - 1, count: lines.length };
}

/** Nobody's text: the next event ends what the one before it left open. */
const CLOSING_FENCE = /^\s*(?:`{3,}|~{3,})\s*$/;

/** Text below a broken header is an event that other rules tell of. */
const UNFINISHED_HEADER = /^<!-- event:(?!.* -->\r?$)/m;
