/** @module */

import type { Output } from "./terminal.ts";

/** Milliseconds between two redraws: quick enough to look alive. */
const REDRAW_MS = 100;

/** Milliseconds between two lines where no line can be redrawn, such as in a log. */
const LOG_MS = 5_000;

/** Moves the cursor to the first column and clears the line. */
const CLEAR = "\r\x1b[K";

/** Where progress is shown. */
export interface ProgressOptions {
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
}

/**
 * How far long work has come: on a terminal one line that is redrawn and taken away in the end, in a
 * log a line now and then. Work that is done at once shows nothing.
 *
 * @example
 * ```ts
 * import { Output } from "./terminal.ts";
 * import { ProgressLine } from "./progress_line.ts";
 *
 * using progress = new ProgressLine(new Output(Deno.stderr), "migrate");
 * for (let done = 1; done <= 3; done++) progress.show(done, 3);
 * ```
 */
export class ProgressLine implements Disposable {
  readonly #output: Pick<Output, "announce" | "isTerminal">;
  readonly #label: string;
  readonly #now: () => number;
  readonly #interval: number;
  #due: number;
  #isDrawn = false;

  /** @param label What is being done, in a word or two. */
  constructor(
    output: Pick<Output, "announce" | "isTerminal">,
    label: string,
    { now = Date.now }: ProgressOptions = {},
  ) {
    this.#output = output;
    this.#label = label;
    this.#now = now;
    this.#interval = output.isTerminal ? REDRAW_MS : LOG_MS;
    this.#due = now() + this.#interval;
  }

  /** Shows that `done` of `total` are done, unless something was shown just before. */
  show(done: number, total: number): void {
    const now = this.#now();
    if (now < this.#due) return;
    this.#due = now + this.#interval;
    const text = `${this.#label}: ${done} of ${total}`;
    this.#output.announce(this.#output.isTerminal ? `${CLEAR}${text}` : `${text}\n`);
    this.#isDrawn = this.#output.isTerminal;
  }

  /** Takes the line away, so that what is printed next stands alone. */
  [Symbol.dispose](): void {
    if (this.#isDrawn) this.#output.announce(CLEAR);
    this.#isDrawn = false;
  }
}
