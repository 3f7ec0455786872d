/** @module */

/**
 * The text of an answer as it grows on the output: blocks of text, each ended by a line break, a
 * blank line between two. What was shown is never shown again, also when the Pod starts its blocks
 * over for a client that was too slow.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { AnswerText } from "./answer_text.ts";
 *
 * const answer = new AnswerText();
 * const shown = answer.delta("Hel") + answer.delta("lo") + answer.done("Hello") +
 *   answer.done("Bye");
 * assert(shown === "Hello\n\nBye\n");
 * ```
 */
export class AnswerText {
  /** Blocks that were shown whole. */
  #blocks = 0;
  /** Characters of the open block that have arrived, and that were shown. */
  #arrived = 0;
  #shown = 0;
  #last = "\n";
  readonly #gap: string;

  /** An answer; `gap` stands between two blocks. */
  constructor(gap = "\n") {
    this.#gap = gap;
  }

  /** Whether a line has begun that no line break ended yet. */
  get isInLine(): boolean {
    return this.#last !== "\n";
  }

  /** What ends a line that has begun, so that something else can be shown. */
  breakLine(): string {
    const end = this.isInLine ? "\n" : "";
    this.#last = "\n";
    return end;
  }

  /** What to show of a piece of the open block. */
  delta(text: string): string {
    const fresh = text.slice(Math.max(0, this.#shown - this.#arrived));
    this.#arrived += text.length;
    return this.#show(fresh);
  }

  /** What to show of a block that is whole now. */
  done(text: string): string {
    const rest = this.#show(text.slice(this.#shown));
    const end = this.isInLine ? "\n" : "";
    if (this.#shown > 0) this.#blocks += 1;
    this.#arrived = 0;
    this.#shown = 0;
    this.#last = "\n";
    return rest + end;
  }

  /** What is still to be shown of whole blocks, when the Pod has started over. */
  restart(blocks: readonly string[]): string {
    let text = "";
    for (const block of blocks.slice(this.#blocks)) text += this.done(block);
    this.#arrived = 0;
    return text;
  }

  #show(fresh: string): string {
    if (fresh === "") return "";
    const gap = this.#shown === 0 && this.#blocks > 0 ? this.#gap : "";
    this.#shown += fresh.length;
    this.#last = fresh.at(-1)!;
    return gap + fresh;
  }
}
