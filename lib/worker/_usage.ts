/** Tokens of one model call. Source: controller specification, section 9.7. @module */

import type { UsageRecord } from "../engine/engine.ts";
import type { ModelUsage } from "./model.ts";

/** Merges the usage reports of one model call, field by field: the latest present value wins. */
export class UsageMeter {
  #input: number | undefined;
  #output: number | undefined;
  #cacheRead: number | undefined;
  #cacheWrite: number | undefined;

  /** @param historyLength Items in the history when the request was sent. */
  constructor(readonly historyLength: number) {}

  add(usage: ModelUsage): void {
    this.#input = usage.inputTokens.total ?? this.#input;
    this.#cacheRead = usage.inputTokens.cacheRead ?? this.#cacheRead;
    this.#cacheWrite = usage.inputTokens.cacheWrite ?? this.#cacheWrite;
    this.#output = usage.outputTokens.total ?? this.#output;
  }

  /** What was reported, or nothing when no number was. */
  record(): UsageRecord | undefined {
    const seen = [this.#input, this.#output, this.#cacheRead, this.#cacheWrite];
    if (seen.every((value) => value === undefined)) return undefined;
    return {
      historyLength: this.historyLength,
      inputTokens: this.#input ?? null,
      outputTokens: this.#output ?? null,
      ...(this.#cacheRead !== undefined && { cacheReadTokens: this.#cacheRead }),
      ...(this.#cacheWrite !== undefined && { cacheWriteTokens: this.#cacheWrite }),
    };
  }
}
