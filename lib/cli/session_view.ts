/** @module */

import type { Event, Greeting, PodStatus } from "../protocol/event.ts";
import { AnswerText } from "./answer_text.ts";
import { conversationLines } from "./conversation.ts";
import { EventLines } from "./event_lines.ts";
import { type Line, line, renderLines } from "./line.ts";
import { printable } from "./style.ts";
import type { Style } from "./style.ts";

/** How a session is shown. */
export interface SessionViewOptions {
  style: Style;
  /** Columns of the output, if it has a width. */
  columns?: number | undefined;
  /** Whether the conversation so far is shown, and not only what comes. */
  withHistory?: boolean;
}

/**
 * A whole session as text for people: what a snapshot holds, then what happens.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { SessionView } from "./session_view.ts";
 * import { PLAIN } from "./style.ts";
 *
 * const view = new SessionView({ style: PLAIN });
 * const text = view.show({ event: "text_delta", data: { text: "Hel" } }) +
 *   view.show({ event: "text_done", data: { text: "Hello" } });
 * assert(text === "Hello\n");
 * ```
 */
export class SessionView {
  readonly #options: SessionViewOptions;
  #answer = new AnswerText("");
  #lines: EventLines;
  #hasSnapshot = false;

  constructor(options: SessionViewOptions) {
    this.#options = options;
    this.#lines = new EventLines(options.columns);
  }

  /** The text that an event adds. */
  show(event: Event): string {
    switch (event.event) {
      case "text_delta":
        return printable(this.#answer.delta(event.data.text));
      case "text_done":
        return printable(this.#answer.done(event.data.text));
      case "snapshot":
        return this.#startOver(event.data);
      default:
        return this.note(this.#lines.of(event));
    }
  }

  /** Lines of somebody else in between. */
  note(lines: readonly Line[]): string {
    if (lines.length === 0) return "";
    return this.#answer.breakLine() + renderLines(lines, this.#options.style);
  }

  #startOver(
    snapshot: { entries: readonly unknown[]; greeting: Greeting; status: PodStatus },
  ): string {
    const { style, withHistory = false } = this.#options;
    const broken = this.#answer.breakLine();
    this.#answer = new AnswerText("");
    this.#lines = new EventLines(this.#options.columns);
    const again = this.#hasSnapshot
      ? renderLines([line("warn", "resynchronised: this side was too slow")], style)
      : "";
    this.#hasSnapshot = true;
    const history = withHistory ? renderLines(conversationLines(snapshot.entries), style) : "";
    return broken + again + renderLines([headLine(snapshot)], style) + history;
  }
}

function headLine({ greeting, status }: { greeting: Greeting; status: PodStatus }): Line {
  const { pod_name: name, model, cwd } = greeting;
  return line("note", printable(`Pod "${name}" is ${status}, model ${model}, in "${cwd}"`));
}
