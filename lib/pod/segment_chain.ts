/** @module */

import { messageOf } from "./_message_of.ts";
import type { RewindSummary, RewindTarget } from "../protocol/event.ts";
import type { RewindTargetId } from "../protocol/method.ts";
import type { Segment } from "../protocol/segment.ts";
import type { SessionStart } from "../engine/engine.ts";
import {
  ancestorsAfterRewind,
  applyEntry,
  copySegmentState,
  decodeEntryText,
  encodeEntry,
  findRewindTarget,
  type Item,
  type LogEntry,
  newSegmentState,
  retainedPrefixTexts,
  type RewindAncestor,
  rewindTargets,
  SegmentLog,
  type SegmentOrigin,
  type SegmentStartEntry,
  SessionError,
  type UnknownEntry,
} from "../session/mod.ts";
import type { Journal, SegmentContent } from "./journal.ts";
import { PodError } from "./pod_error.ts";
import type { SegmentPointer } from "../session/session_store.ts";
import { LIMIT_REACHED, withinLimit } from "./waiting.ts";

/** Milliseconds that keeping the pointer may take. */
const POINTER_LIMIT_MS = 10_000;

/** Where a Pod's segments lie and who is told when it goes on in another one. */
export interface SegmentChainOptions {
  /** Writes the segments. */
  journal: Journal;
  /** Folder of all sessions. */
  sessionsRoot: string;
  /** UUID of the session that the segments belong to. */
  sessionId: string;
  /** Makes the UUID of a new segment. */
  newId: () => string;
  /** Milliseconds since the Unix epoch. */
  now?: (() => number) | undefined;
  /** Keeps the pointer durably; the next turn commits nothing before it has settled. */
  savePointer?: ((pointer: SegmentPointer) => Promise<void>) | undefined;
  /** Milliseconds that may take; 10,000. */
  pointerLimitMs?: number | undefined;
  /** Told when the Pod has gone on in another segment, before anything is written there. */
  onSwitch?: (() => void) | undefined;
  /** Told of an old log that could not be closed in order; what it holds was synced before. */
  onCloseFailure?: ((error: unknown) => void) | undefined;
  /** Whether each entry is synced to the disk before the turn goes on. */
  durability?: "run" | "entry" | undefined;
}

/**
 * The segments a Pod writes, one after the other. A log only grows: a fork, a compaction, a rewind
 * and a rollback each go on in a new segment, and the old file stays as it is.
 *
 * Source: sessions-and-pods specification, A.13 and A.15 to A.17; decision 6.
 */
export class SegmentChain implements AsyncDisposable {
  readonly #options: SegmentChainOptions;
  /** Segments this one was taken back from; their rewind targets stay valid in the common part. */
  #ancestors: RewindAncestor[] = [];
  readonly #closing = new Set<Promise<void>>();
  /** How keeping the newest pointer ended; one is kept after the other. */
  #pointer: Promise<PodError | undefined> = Promise.resolve(undefined);

  /** No segment is open yet. */
  constructor(options: SegmentChainOptions) {
    this.#options = options;
  }

  /** UUID of the session. */
  get sessionId(): string {
    return this.#options.sessionId;
  }

  /** Id of the segment being written; empty before the first run of a fresh Pod. */
  get segmentId(): string {
    return this.#options.journal.log?.segmentId ?? "";
  }

  /** Whether there is no segment yet. */
  get isPending(): boolean {
    return this.#options.journal.log === undefined;
  }

  /** Goes on in a log that was opened and replayed, and lets go of its replay; nobody is told. */
  adopt(log: SegmentLog): void {
    const texts = log.replay.entries.map((logged) => logged.text);
    this.#options.journal.switchTo(log, { texts, state: copySegmentState(log.replay) }, false);
    log.forgetReplay();
  }

  /**
   * Writes the first segment of a new session.
   *
   * @throws {SessionError} when it cannot be written.
   */
  begin(start: SessionStart): void {
    this.#goOn([encodeEntry(this.#startEntry(start.systemPrompt, start.config, []))], true);
  }

  /**
   * Looks whether the log can be written on. When another program has written to it, or a part of it
   * never reached the disk, the Pod goes on in a new segment that holds the history as it knows it.
   *
   * @throws {SessionError} when that cannot be written either.
   */
  async checkHead(): Promise<void> {
    // What kept the pointer from being kept may have passed.
    if (await this.#pointer) this.#keepPointer();
    if (await this.#isHeadOurs()) return;
    this.#branch(this.#options.journal.state.history, { forked_from: this.#origin() });
  }

  /**
   * Goes on in a segment that starts with a compacted history.
   *
   * @throws {SessionError} when it cannot be written; nothing has changed then.
   */
  compact(history: Item[]): void {
    this.#branch(history, { compacted_from: this.#origin() });
  }

  /**
   * Takes the session back to its first `count` entries; nobody is told.
   *
   * @throws {SessionError} when the new segment cannot be written; nothing has changed then.
   */
  rollBack(count: number): void {
    const { journal } = this.#options;
    const source = { segmentId: this.segmentId, entries: [], ancestors: this.#ancestors };
    const ancestors = ancestorsAfterRewind(source, count);
    const turnCount = contentOf(journal.texts.slice(0, count)).state.turnCount;
    const origin = { segment_id: this.segmentId, at_turn_index: turnCount };
    this.#goOn(retainedPrefixTexts(journal.texts, count, origin), false);
    this.#ancestors = ancestors;
  }

  /** The submissions the session can be taken back to, newest first. */
  targets(): RewindTarget[] {
    return rewindTargets(this.segmentId, this.#entries());
  }

  /**
   * Takes the session back to before a submission.
   *
   * @throws {PodError} `invalid` when the target is not valid any more; nothing has changed then.
   */
  rewind(
    target: RewindTargetId,
    expectedHeadEntries: number,
  ): { input: Segment[]; summary: RewindSummary } {
    const { journal } = this.#options;
    const entries = this.#entries();
    if (journal.log?.hasForeignWrites()) {
      throw new PodError("invalid", "Cannot rewind: session head changed on disk, run again first");
    }
    const source = { segmentId: this.segmentId, entries, ancestors: this.#ancestors };
    const choice = findRewindTarget(source, target, expectedHeadEntries);
    if (choice.kind === "refused") throw new PodError("invalid", `Cannot rewind: ${choice.reason}`);
    const summary: RewindSummary = {
      truncated_to_entries: choice.retained,
      discarded_entries: entries.length - choice.retained,
      tool_side_effect_warning: choice.discardsToolEffects,
    };
    this.rollBack(choice.retained);
    return { input: choice.input, summary };
  }

  /** Waits until everything committed is on disk. */
  async sync(): Promise<void> {
    await this.#options.journal.log?.sync();
  }

  /**
   * Waits until the newest pointer is kept durably.
   *
   * @throws {PodError} `io` when it could not be; {@linkcode checkHead} tries again.
   */
  async pointerSaved(): Promise<void> {
    const failure = await this.#pointer;
    if (failure) throw failure;
  }

  /** Syncs and closes the log. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pointer;
    await Promise.all(this.#closing);
    await this.#options.journal.log?.[Symbol.asyncDispose]();
  }

  async #isHeadOurs(): Promise<boolean> {
    const { journal } = this.#options;
    const { log } = journal;
    if (!log) return true;
    try {
      await log.sync();
      return !log.hasForeignWrites();
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      journal.alert("warn", "pod", `${error.message}. The session goes on in a new file`);
      return false;
    }
  }

  /** Goes on in a segment whose history no other one has as a common part. */
  #branch(
    history: Item[],
    origin: Pick<SegmentStartEntry, "forked_from" | "compacted_from">,
  ): void {
    const { systemPrompt, config } = this.#options.journal.state;
    this.#goOn([encodeEntry(this.#startEntry(systemPrompt, config, history, origin))], true);
    this.#ancestors = [];
  }

  /** Creates the file of a new segment, switches to it, and closes the log that was written before. */
  #goOn(texts: string[], announce: boolean): void {
    const { journal, sessionsRoot, sessionId, newId } = this.#options;
    const path = `${sessionsRoot}/${sessionId}/${newId()}.jsonl`;
    const log = SegmentLog.createSync(path, texts, this.#logOptions());
    log.forgetReplay();
    const previous = journal.switchTo(log, contentOf(texts), announce);
    this.#options.onSwitch?.();
    this.#keepPointer();
    if (previous) this.#close(previous);
  }

  /** Has the pointer kept, behind earlier ones. A failure is a value until the next turn asks. */
  #keepPointer(): void {
    const { savePointer, sessionId, pointerLimitMs = POINTER_LIMIT_MS } = this.#options;
    if (!savePointer) return;
    const pointer = { sessionId, segmentId: this.segmentId };
    this.#pointer = this.#pointer.then(async () => {
      try {
        if (await withinLimit(savePointer(pointer), pointerLimitMs) !== LIMIT_REACHED) return;
        return new PodError("io", `Cannot keep the session pointer: it took ${pointerLimitMs} ms`);
      } catch (cause) {
        const reason = messageOf(cause);
        return new PodError("io", `Cannot keep the session pointer: ${reason}`, { cause });
      }
    });
  }

  #close(log: SegmentLog): void {
    const closing = log[Symbol.asyncDispose]()
      .catch((error) => this.#options.onCloseFailure?.(error))
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #logOptions(): { durability?: "run" | "entry"; now?: () => number } {
    const { durability, now } = this.#options;
    return { ...(durability ? { durability } : {}), ...(now ? { now } : {}) };
  }

  #origin(): SegmentOrigin {
    return {
      segment_id: this.segmentId,
      at_turn_index: this.#options.journal.state.turnCount,
    };
  }

  #startEntry(
    systemPrompt: string | null,
    config: SegmentStartEntry["config"],
    history: Item[],
    origin: Pick<SegmentStartEntry, "forked_from" | "compacted_from"> = {},
  ): SegmentStartEntry {
    const { turnCount } = this.#options.journal.state;
    return {
      kind: "segment_start",
      ts: (this.#options.now ?? Date.now)(),
      session_id: this.#options.sessionId,
      system_prompt: systemPrompt,
      config,
      history,
      ...origin,
      ...(turnCount > 0 ? { turn_count: turnCount } : {}),
    };
  }

  #entries(): (LogEntry | UnknownEntry)[] {
    return this.#options.journal.texts.map((text) => decodeEntryText(text));
  }
}

/** Reads the lines of a segment back into their fold. */
function contentOf(texts: readonly string[]): SegmentContent {
  const state = newSegmentState();
  for (const text of texts) applyEntry(state, decodeEntryText(text));
  return { texts: [...texts], state };
}
