/** @module */

import type { TurnOutcome, UsageRecord } from "../engine/engine.ts";
import type { UnstampedEntry } from "../session/mod.ts";

/** What a turn adds up to. */
export interface TurnTotals {
  /** Model responses completed over the Pod's life. */
  readonly turnCount: number;
  /** Measured model requests of the turn. */
  readonly usageRecords: readonly UsageRecord[];
}

/** An engine that gives nothing the Pod knows has failed. */
export function outcomeOf(outcome: TurnOutcome | undefined): TurnOutcome {
  switch (outcome?.kind) {
    case "finished":
    case "paused":
    case "limit_reached":
    case "aborted":
    case "failed":
      return outcome;
    default:
      throw new TypeError("Cannot end the turn: the engine gave no outcome");
  }
}

/** The last entries of a turn: how far the session is, what it cost, and how the turn ended. */
export function closingEntries(outcome: TurnOutcome, sink: TurnTotals): UnstampedEntry[] {
  const entries: UnstampedEntry[] = [{ kind: "turn_end", turn_count: sink.turnCount }];
  for (const usage of sink.usageRecords) {
    entries.push({
      kind: "llm_usage",
      history_len: usage.historyLength,
      input_total_tokens: usage.inputTokens ?? 0,
      cache_read_tokens: usage.cacheReadTokens ?? 0,
      cache_write_tokens: usage.cacheWriteTokens ?? 0,
      output_tokens: usage.outputTokens ?? 0,
    });
  }
  switch (outcome.kind) {
    case "finished":
    case "limit_reached":
      entries.push({ kind: "run_completed", interrupted: false, result: outcome.kind });
      break;
    case "paused":
      entries.push({ kind: "run_completed", interrupted: true, result: "paused" });
      break;
    case "aborted":
      entries.push({ kind: "run_errored", interrupted: true, message: "Cancelled" });
      break;
    case "failed":
      entries.push({ kind: "run_errored", interrupted: true, message: outcome.message });
      break;
  }
  return entries;
}
