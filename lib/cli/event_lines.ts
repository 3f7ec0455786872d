/** Events as lines for people. @module */

import type { Event } from "../protocol/event.ts";
import { flattenSegments } from "../protocol/segment.ts";
import { type Line, line } from "./line.ts";
import { firstLines, fit, oneLine } from "./short_text.ts";

/** Columns of a line where the output has no width of its own, or a very large one. */
const COLUMNS = 120;
/** Columns of the mark before a line. */
const MARK_COLUMNS = 4;
/** Lines of what a person or a note said. */
const SAID_LINES = 12;

/**
 * What a person reads of events, in lines. Pieces of text and events that only programs care for
 * have none; see `AnswerText` for the former.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { EventLines } from "./event_lines.ts";
 *
 * const lines = new EventLines();
 * lines.of({ event: "tool_call_done", data: { id: "1", name: "Glob", arguments: "{}" } });
 * const [result] = lines.of({
 *   event: "tool_result",
 *   data: { id: "1", summary: "2 files", is_error: false },
 * });
 * assert(result?.text === "Glob: 2 files");
 * ```
 */
export class EventLines {
  readonly #columns: number;
  readonly #tools = new ToolNames();

  /** Lines for an output of so many columns. */
  constructor(columns: number = COLUMNS) {
    this.#columns = Math.min(columns, COLUMNS) - MARK_COLUMNS;
  }

  /** The lines of one event; the results of calls are told by the names of their tools. */
  of(event: Event): Line[] {
    return this.#whole(event).map((one) => SHORT.has(one.tone) ? cutLine(one, this.#columns) : one);
  }

  #whole(event: Event): Line[] {
    switch (event.event) {
      case "tool_call_done":
        this.#tools.begin(event.data.id, event.data.name);
        return [toolCallLine(event.data.name, event.data.arguments)];
      case "tool_result": {
        const { id, summary, is_error: isError } = event.data;
        return [toolResultLine(this.#tools.end(id), summary, isError)];
      }
      default:
        return statelessLines(event);
    }
  }
}

/** Tones whose lines are only hints of something longer. */
const SHORT: ReadonlySet<Line["tone"]> = new Set(["call", "result", "failure", "note"]);

function cutLine({ tone, text }: Line, columns: number): Line {
  return line(tone, fit(text, columns));
}

/** Which call is a call of which tool, until its result is there. */
export class ToolNames {
  readonly #names = new Map<string, string>();

  /** A call begins. */
  begin(id: string, name: string): void {
    this.#names.set(id, name);
  }

  /** The tool of a call that has its result; `undefined` when its begin was not heard of. */
  end(id: string): string | undefined {
    const name = this.#names.get(id);
    this.#names.delete(id);
    return name;
  }
}

function statelessLines(event: Event): Line[] {
  switch (event.event) {
    case "user_message":
      return saidLines(flattenSegments(event.data.segments));
    case "system_item":
      return systemItemLines(event.data.item);
    case "thinking_done":
      return event.data.text === ""
        ? []
        : [line("note", oneLine(`thought: ${event.data.text}`, COLUMNS))];
    case "llm_retry": {
      const { failed_attempt: attempt, max_attempts: most, wait_ms: wait, error } = event.data;
      const words = `model request failed (attempt ${attempt} of ${most}), next in ${wait} ms: `;
      return [line("warn", oneLine(words + error, COLUMNS))];
    }
    case "llm_continuation":
      return [line("warn", oneLine(`answer broke off, going on: ${event.data.reason}`, 120))];
    case "run_end":
      return [runEndLine(event.data.result)];
    case "error":
      return [line("error", `${event.data.code}: ${oneLine(event.data.message, 400)}`)];
    case "alert":
      return [line(event.data.level, `${event.data.source}: ${oneLine(event.data.message, 400)}`)];
    case "rewind_applied": {
      const { summary, input } = event.data;
      const taken = oneLine(flattenSegments(input), 60);
      return [
        line("note", `rewound: ${summary.discarded_entries} entries gone, from "${taken}" on`),
      ];
    }
    case "compact_start":
      return [line("note", "compacting")];
    case "compact_done":
      return [line("note", "compacted")];
    case "compact_failed":
      return [line("error", `not compacted: ${oneLine(event.data.error, 400)}`)];
    case "memory_worker":
      return [line("note", oneLine(event.data.message, COLUMNS))];
    case "shutdown":
      return [line("note", "the Pod has shut down")];
    case "completions":
      return [line("note", `completions: ${event.data.entries.length}`)];
    case "rewind_targets":
      return [line("note", `rewind targets: ${event.data.targets.length}`)];
    case "pods_listed":
    case "pod_restored":
    case "peer_registered":
      return [line("note", event.event.replaceAll("_", " "))];
    default:
      return [];
  }
}

/** What somebody said to the Pod. */
export function saidLines(text: string): Line[] {
  return firstLines(text, SAID_LINES).map((words) => line("said", words));
}

/** A call of a tool: its name and its arguments, short. */
export function toolCallLine(name: string, argumentsText: string): Line {
  return line("call", oneLine(`${name} ${argumentWords(argumentsText)}`, COLUMNS));
}

/** The result of a call. */
export function toolResultLine(tool: string | undefined, summary: string, isError: boolean): Line {
  const words = tool === undefined ? summary : `${tool}: ${summary}`;
  return line(isError ? "failure" : "result", oneLine(words, COLUMNS));
}

/** What the Pod itself put into the conversation; unknown kinds show their text. */
export function systemItemLines(item: unknown): Line[] {
  if (typeof item !== "object" || item === null) return [];
  const { kind, message, body } = item as Record<string, unknown>;
  const text = typeof message === "string" ? message : typeof body === "string" ? body : "";
  return [line("note", oneLine(`${String(kind).replaceAll("_", " ")}: ${text}`, COLUMNS))];
}

function runEndLine(result: "finished" | "paused" | "limit_reached" | "rolled_back"): Line {
  switch (result) {
    case "finished":
      return line("note", "finished");
    case "paused":
      return line("warn", "paused");
    case "limit_reached":
      return line("warn", "ended: the limit of model requests is reached");
    case "rolled_back":
      return line("warn", "rolled back: the turn came to nothing and was taken out again");
  }
}

function argumentWords(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A model may write anything; it is shown as it is.
    return text;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return text;
  return Object.entries(value).map(([key, part]) => `${key}=${JSON.stringify(part)}`).join(" ");
}
