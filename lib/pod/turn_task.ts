/** @module */

import { messageOf } from "./_message_of.ts";
import type { Engine, ResolvedInput, TurnKind, TurnOutcome } from "../engine/engine.ts";
import type { InvokeKind } from "../protocol/event.ts";
import type { Segment } from "../protocol/segment.ts";
import { emptyConfig, pendingToolCalls } from "../session/mod.ts";
import { compactHistory } from "./compaction.ts";
import type { TurnSettlement } from "./controller_state.ts";
import type { Journal } from "./journal.ts";
import type { Note } from "./notes.ts";
import { PodError } from "./pod_error.ts";
import type { SegmentChain } from "./segment_chain.ts";
import { closingEntries, outcomeOf } from "./turn_outcome.ts";
import { JournalTurnSink } from "./turn_sink.ts";
import { untilAborted } from "./waiting.ts";

/** What is to be run. */
export interface TurnOrder {
  /** Why the turn is started. */
  kind: TurnKind;
  /** Trigger of the `invoke` entry; none for a resume. */
  trigger: InvokeKind | undefined;
  /** The submission of a run. */
  input: readonly Segment[];
  /** The `id` of the Method that started it. */
  methodId?: string | undefined;
}

/** What a turn works with. */
export interface TurnTaskOptions {
  /** Does the thinking. */
  engine: Engine;
  /** Takes the entries and tells the clients. */
  journal: Journal;
  /** Holds the segments. */
  chain: SegmentChain;
  /** Notes that wait, oldest first. */
  waitingNotes(): readonly Note[];
  /** Told how many of them are in the history now. */
  onNotesTaken(count: number): void;
  /** Told of an engine that failed after it had been left behind. */
  onStrayFailure(error: unknown): void;
}

/** What the model is told when a run follows one that did not end. */
export const INTERRUPT_NOTE: string =
  "The previous turn was interrupted by the user before it was finished. What it had begun may be " +
  "incomplete. The user's next request follows.";
/** The result that stands for a tool call nobody waits for any more. */
export const INTERRUPTED_RESULT: string = "[Interrupted by user]";

/**
 * One turn as an owned task: prepares the session, writes the first entries, lets the engine work,
 * and writes the last ones. The controller hears of its end by {@linkcode settled}, never by an
 * exception.
 *
 * Source: controller specification, section 3; weak spots W2 to W4, W9, W11, W12, W23, W31, W32.
 */
export class TurnTask {
  /** How the turn ended; it never rejects. */
  readonly settled: Promise<TurnSettlement>;
  readonly #order: TurnOrder;
  readonly #options: TurnTaskOptions;
  readonly #abort = new AbortController();
  readonly #sink: JournalTurnSink;
  readonly #revoked = Promise.withResolvers<TurnOutcome>();
  /** Whether the turn has written its first entry. */
  #hasBegun = false;
  /** Entries of the log before the turn, for a rollback. */
  #mark = 0;

  /** Starts the turn. */
  constructor(order: TurnOrder, options: TurnTaskOptions) {
    this.#order = order;
    this.#options = options;
    this.#sink = new JournalTurnSink(options);
    this.settled = this.#run().catch((error) => failure(error, this.#hasBegun));
  }

  /** Asks the turn to end; why is the controller's to know. */
  abort(): void {
    this.#abort.abort(new DOMException("The turn was stopped", "AbortError"));
  }

  /** Takes the pen from an engine that ignored its abort and ends the turn without it. */
  revoke(): void {
    this.#sink.revoke();
    this.#revoked.resolve({ kind: "aborted" });
  }

  async #run(): Promise<TurnSettlement> {
    const { signal } = this.#abort;
    try {
      const resolved = await this.#prepare();
      if (signal.aborted) return this.#stoppedBeforeBegin();
      this.#begin(resolved);
    } catch (error) {
      if (signal.aborted && !this.#hasBegun) return this.#stoppedBeforeBegin();
      if (!this.#hasBegun) return failure(error, false);
      return await this.#settle({ kind: "failed", code: "internal", message: messageOf(error) });
    }
    return await this.#settle(await this.#work());
  }

  #stoppedBeforeBegin(): TurnSettlement {
    return this.#order.kind === "run" ? { kind: "rolled_back" } : { kind: "cancelled" };
  }

  /** Everything that may wait or fail before the first entry. */
  async #prepare(): Promise<ResolvedInput> {
    const { engine, journal, chain } = this.#options;
    const { signal } = this.#abort;
    const wasInterrupted = isInterrupted(journal);
    if (chain.isPending) {
      const start = engine.startSession
        ? await untilAborted(engine.startSession({ signal }), signal)
        : { systemPrompt: null, config: emptyConfig() };
      chain.begin(start);
    } else await untilAborted(chain.checkHead(), signal);
    await untilAborted(chain.pointerSaved(), signal);
    const resolved = this.#order.kind === "run" && engine.resolveInput
      ? await untilAborted(engine.resolveInput(this.#order.input, { signal }), signal)
      : {};
    if (this.#order.kind !== "resume") this.#closeInterruptedTurn(wasInterrupted);
    if (!signal.aborted && engine.isCompactionDue?.(journal.history)) {
      await this.#compact();
      await untilAborted(chain.pointerSaved(), signal);
    }
    return resolved;
  }

  /**
   * Answers the calls nobody waits for any more, so that no later turn executes them, and says in a
   * run that the turn before was interrupted.
   */
  #closeInterruptedTurn(wasInterrupted: boolean): void {
    const { journal } = this.#options;
    const orphans = pendingToolCalls(journal.history);
    for (const call of orphans) {
      journal.commit({
        kind: "tool_result",
        item: { kind: "tool_result", call_id: call.call_id, summary: INTERRUPTED_RESULT },
      });
    }
    if (this.#order.kind !== "run" || (orphans.length === 0 && !wasInterrupted)) return;
    journal.commit({ kind: "system_item", item: { kind: "interrupt", body: INTERRUPT_NOTE } });
  }

  async #compact(): Promise<void> {
    const { engine, journal, chain } = this.#options;
    const { signal } = this.#abort;
    const settlement = await compactHistory({ engine, journal, chain, signal });
    switch (settlement.kind) {
      case "compacted":
        journal.emit({ event: "compact_done", data: { new_segment_id: settlement.segmentId } });
        break;
      case "aborted":
        journal.emit({ event: "compact_failed", data: { error: "Cancelled" } });
        break;
      case "failed":
        journal.emit({ event: "compact_failed", data: { error: settlement.message } });
        journal.alert("warn", "compactor", `Cannot compact: ${settlement.message}`);
        break;
    }
  }

  /** The first entries: from here on the turn is part of the session. */
  #begin(resolved: ResolvedInput): void {
    const { journal } = this.#options;
    const { trigger, kind, input, methodId } = this.#order;
    this.#mark = journal.texts.length;
    this.#hasBegun = true;
    if (trigger) journal.commit({ kind: "invoke", trigger }, methodId);
    if (kind !== "run") return;
    journal.commit({ kind: "user_input", segments: [...input] }, methodId);
    for (const alert of resolved.alerts ?? []) {
      journal.alert(alert.level, alert.source, alert.message);
    }
    for (const item of resolved.attachments ?? []) journal.commit({ kind: "system_item", item });
  }

  /** Lets the engine work until it is done, fails, or has lost its pen. */
  async #work(): Promise<TurnOutcome> {
    const { engine } = this.#options;
    const { signal } = this.#abort;
    const turn = { kind: this.#order.kind, input: this.#order.input, signal };
    let isStray = false;
    const work = (async (): Promise<TurnOutcome> => {
      try {
        return outcomeOf(await engine.runTurn(turn, this.#sink));
      } catch (error) {
        if (isStray) this.#options.onStrayFailure(error);
        if (signal.aborted && !this.#sink.failure) return { kind: "aborted" };
        return { kind: "failed", code: "internal", message: messageOf(error) };
      }
    })();
    const outcome = await Promise.race([work, this.#revoked.promise]);
    isStray = true;
    this.#sink.revoke();
    // An entry that could not be written fails the turn even when the engine went on.
    return this.#sink.failure
      ? { kind: "failed", code: "internal", message: messageOf(this.#sink.failure) }
      : outcome;
  }

  /** The last entries, on disk before anybody is told that the turn has ended. */
  async #settle(outcome: TurnOutcome): Promise<TurnSettlement> {
    const { journal, chain } = this.#options;
    journal.clearOpenBlocks();
    const isEmpty = this.#order.kind === "run" && !this.#sink.hasOutput;
    if (outcome.kind === "aborted" && isEmpty && this.#takeBack()) {
      await this.#keepPointer();
      return { kind: "rolled_back" };
    }
    try {
      for (const entry of closingEntries(outcome, this.#sink)) journal.commit(entry);
      await chain.sync();
    } catch (error) {
      return failure(error, true);
    }
    if (outcome.kind === "aborted") return { kind: "cancelled" };
    if (outcome.kind === "failed") return { ...outcome, began: true };
    return outcome;
  }

  /** Undoes what the turn has written so far; says whether that worked. */
  #takeBack(): boolean {
    const { journal, chain } = this.#options;
    try {
      chain.rollBack(this.#mark);
      return true;
    } catch (error) {
      journal.alert("warn", "pod", `Cannot take the empty turn back: ${messageOf(error)}`);
      return false;
    }
  }

  /** A pointer that could not be kept is no reason to undo more: the next turn tries again. */
  async #keepPointer(): Promise<void> {
    const { journal, chain } = this.#options;
    try {
      await chain.pointerSaved();
    } catch (error) {
      journal.alert("warn", "pod", messageOf(error));
    }
  }
}

/** Whether the last run did not end by itself, and no later note has said so yet. */
function isInterrupted({ state, texts }: Journal): boolean {
  if (state.runOpen) return true;
  return state.interrupted && !isInterruptNote(texts.at(-1));
}

function isInterruptNote(text: string | undefined): boolean {
  if (!text?.startsWith('{"kind":"system_item"')) return false;
  return (JSON.parse(text) as { item?: { kind?: unknown } }).item?.kind === "interrupt";
}

function failure(error: unknown, began: boolean): TurnSettlement {
  const code = error instanceof PodError && error.code === "invalid"
    ? "invalid_request"
    : "internal";
  return { kind: "failed", code, message: messageOf(error), began };
}
