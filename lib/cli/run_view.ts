/** @module */

import type { Event } from "../protocol/event.ts";
import { AnswerText } from "./answer_text.ts";
import { answerBlocks } from "./conversation.ts";
import { EventLines } from "./event_lines.ts";
import { line, renderLines } from "./line.ts";
import { printable } from "./style.ts";
import type { Terminal } from "./terminal.ts";
import { wireText } from "./wire_text.ts";

/** Shows the events of one run. */
export interface RunView {
  /** Takes an event; what it shows may wait for {@linkcode RunView.flush}. */
  show(event: Event): Promise<void>;
  flush(): Promise<void>;
}

/** The answer on stdout, everything else in short lines on stderr. */
export class ReadableRunView implements RunView {
  readonly #terminal: Terminal;
  readonly #answer = new AnswerText();
  readonly #lines: EventLines;
  #pending = "";

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#lines = new EventLines(terminal.stderr.columns);
  }

  async show(event: Event): Promise<void> {
    switch (event.event) {
      case "text_delta":
        this.#pending += this.#answer.delta(event.data.text);
        return;
      case "text_done":
        this.#pending += this.#answer.done(event.data.text);
        return;
      case "snapshot":
        this.#pending += this.#answer.restart(answerBlocks(event.data.entries));
        return await this.#note(renderLines(
          [line("warn", "resynchronised: this side was too slow")],
          this.#terminal.stderr.style,
        ));
      case "user_message":
      case "run_end":
      case "error":
      case "shutdown":
        // The person knows what was said; how it ended is said by the exit code and its reason.
        this.#pending += this.#answer.breakLine();
        return;
      default:
        return await this.#note(renderLines(this.#lines.of(event), this.#terminal.stderr.style));
    }
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = "";
    if (text === "") return;
    const { stdout } = this.#terminal;
    await stdout.write(stdout.isTerminal ? printable(text) : text);
  }

  async #note(text: string): Promise<void> {
    if (text === "") return;
    await this.flush();
    const { stdout, stderr } = this.#terminal;
    const sharesLine = stdout.isTerminal && stderr.isTerminal && this.#answer.isInLine;
    await stderr.write(sharesLine ? `\n${text}` : text);
  }
}

/** The wire's events on stdout, one a line. */
export class WireRunView implements RunView {
  readonly #terminal: Terminal;
  #pending = "";

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(event: Event): Promise<void> {
    this.#pending += wireText(event);
    return Promise.resolve();
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = "";
    if (text !== "") await this.#terminal.stdout.write(text);
  }
}
