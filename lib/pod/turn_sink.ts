/** @module */

import type { EngineEntry, EngineEvent, TurnSink, UsageRecord } from "../engine/engine.ts";
import type { AlertLevel } from "../protocol/event.ts";
import type { Item, RequestConfig } from "../session/mod.ts";
import type { Journal } from "./journal.ts";
import { type Note, renderNote } from "./notes.ts";
import { PodError } from "./pod_error.ts";
import type { SegmentChain } from "./segment_chain.ts";

/** What a sink writes to and takes from. */
export interface JournalTurnSinkOptions {
  /** Takes the entries and tells the clients. */
  journal: Journal;
  /** Knows the segment being written. */
  chain: SegmentChain;
  /** Notes that wait, oldest first. */
  waitingNotes(): readonly Note[];
  /** Told how many of them are in the history now. */
  onNotesTaken(count: number): void;
}

/**
 * The pen of one turn. It notes whether the model has said anything and whether an entry could not
 * be written; once revoked, every call throws.
 *
 * Source: controller specification, sections 3.6, 4 and 9.7.
 */
export class JournalTurnSink implements TurnSink {
  readonly #options: JournalTurnSinkOptions;
  readonly #usage: UsageRecord[] = [];
  #turnCount: number | undefined;
  #hasOutput = false;
  #isRevoked = false;
  #failure: unknown;

  /** The pen of a turn that has written nothing yet. */
  constructor(options: JournalTurnSinkOptions) {
    this.#options = options;
  }

  /** The conversation so far. */
  get history(): readonly Item[] {
    return this.#options.journal.history;
  }

  /** What the session starts with. */
  get systemPrompt(): string | null {
    return this.#options.journal.state.systemPrompt;
  }

  /** Settings of the next model request. */
  get config(): RequestConfig {
    return this.#options.journal.state.config;
  }

  /** UUID of the segment being written. */
  get segmentId(): string {
    return this.#options.chain.segmentId;
  }

  /** Model responses completed over the Pod's life, those of this turn included. */
  get turnCount(): number {
    return this.#turnCount ?? this.#options.journal.state.turnCount;
  }

  /** Whether the model has said or done anything in this turn. */
  get hasOutput(): boolean {
    return this.#hasOutput;
  }

  /** What kept an entry from being written, if anything did. */
  get failure(): unknown {
    return this.#failure;
  }

  /** The usage of this turn's model requests, in order. */
  get usageRecords(): readonly UsageRecord[] {
    return this.#usage;
  }

  /** Adds an entry; what makes it fail also fails the turn. */
  commit(entry: EngineEntry): void {
    this.#check();
    if (entry.kind === "assistant_item" || entry.kind === "tool_result") this.#hasOutput = true;
    this.#write(() => this.#options.journal.commit(entry));
  }

  /** Tells the clients something that no entry says. */
  emit(event: EngineEvent): void {
    this.#check();
    if (isOutput(event)) this.#hasOutput = true;
    if (event.event === "turn_end") this.#turnCount = this.turnCount + 1;
    this.#options.journal.emit(event);
  }

  /** Notes the tokens of one model request and tells them. */
  usage(record: UsageRecord): void {
    this.#check();
    checkCounts(record);
    this.#usage.push(record);
    const { inputTokens, outputTokens, cacheReadTokens } = record;
    this.#options.journal.emit({
      event: "usage",
      data: {
        input_tokens: inputTokens,
        output_tokens: outputTokens,
        ...(cacheReadTokens === undefined ? {} : { cache_read_input_tokens: cacheReadTokens }),
      },
    });
  }

  /** Moves the waiting notes into the history, oldest first. */
  takeNotes(): void {
    this.#check();
    const { journal, waitingNotes, onNotesTaken } = this.#options;
    let count = 0;
    try {
      for (const note of waitingNotes()) {
        this.#write(() => journal.commit({ kind: "system_item", item: renderNote(note.content) }));
        count++;
      }
    } finally {
      onNotesTaken(count);
    }
  }

  /** Tells the people at the clients something. */
  alert(level: AlertLevel, message: string): void {
    this.#check();
    this.#options.journal.alert(level, "worker", message);
  }

  /** Ends the turn's right to write. */
  revoke(): void {
    this.#isRevoked = true;
  }

  #check(): void {
    if (this.#isRevoked) throw new PodError("revoked", "Cannot write: the turn has ended");
  }

  #write(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }
}

/** The log takes only whole numbers; one that holds others could not be read back. */
function checkCounts(record: UsageRecord): void {
  for (const [name, count] of Object.entries(record) as [string, number | null | undefined][]) {
    if (count === null || count === undefined) continue;
    if (Number.isSafeInteger(count) && count >= 0) continue;
    throw new RangeError(`Cannot note usage: ${name} is ${count}, not a whole number from 0`);
  }
}

function isOutput(event: EngineEvent): boolean {
  switch (event.event) {
    case "thinking_start":
    case "tool_call_start":
    case "tool_call_args_delta":
    case "tool_call_done":
      return true;
    case "text_delta":
    case "text_done":
    case "thinking_delta":
    case "thinking_done":
      return event.data.text !== "";
    default:
      return false;
  }
}
