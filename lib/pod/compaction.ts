/** @module */

import { messageOf } from "./_message_of.ts";
import type { Engine } from "../engine/engine.ts";
import type { CompactionSettlement } from "./controller_state.ts";
import type { Journal } from "./journal.ts";
import type { SegmentChain } from "./segment_chain.ts";
import { untilAborted } from "./waiting.ts";

/** What a compaction works on. */
export interface CompactionOptions {
  /** Makes the shorter history. */
  engine: Engine;
  /** Holds the history. */
  journal: Journal;
  /** Goes on with the shorter one. */
  chain: SegmentChain;
  /** Ends the compaction, whatever the engine does. */
  signal: AbortSignal;
  /** The `id` of the Method that asked for it. */
  methodId?: string | undefined;
}

/**
 * Has the engine make a shorter history and goes on with it in a new segment. `compact_start` is
 * told when there is something to do; the caller tells how it ended. An engine that ignores its
 * signal is left behind: what it makes later is thrown away.
 *
 * Source: controller specification, section 6.2; sessions-and-pods specification, A.15.
 */
export async function compactHistory(options: CompactionOptions): Promise<CompactionSettlement> {
  const { engine, journal, chain, signal } = options;
  if (!engine.compact) {
    return { kind: "skipped", reason: "Nothing was compacted: this Pod's engine cannot compact" };
  }
  if (journal.history.length === 0) {
    return { kind: "skipped", reason: "Nothing was compacted: the history is empty" };
  }
  let begun = false;
  const begin = () => {
    if (begun || signal.aborted) return;
    begun = true;
    const { methodId: id } = options;
    journal.emit(id === undefined ? { event: "compact_start" } : { event: "compact_start", id });
  };
  try {
    await untilAborted(chain.checkHead(), signal);
    const { systemPrompt, history } = journal.state;
    const work = engine.compact({ history, systemPrompt, begin, signal });
    const outcome = await untilAborted(work, signal);
    if (outcome.kind === "skipped") {
      // What was announced has to end in one of the ways clients know.
      return begun ? { kind: "failed", message: outcome.reason } : outcome;
    }
    begin();
    chain.compact(outcome.history);
    return { kind: "compacted", segmentId: chain.segmentId };
  } catch (error) {
    begin();
    if (signal.aborted) return { kind: "aborted" };
    return { kind: "failed", message: messageOf(error) };
  }
}
