/** A TurnSink for tests: keeps the log, the history and every event in one order. */

import type { EngineEntry, EngineEvent, TurnSink, UsageRecord } from "../../lib/engine/engine.ts";
import type { AlertLevel } from "../../lib/protocol/event.ts";
import type { RequestConfig } from "../../lib/session/entry.ts";
import { type Item, type SystemItem, textMessage } from "../../lib/session/item.ts";

/** What a sink was told, in order. */
export type Record =
  | { kind: "commit"; entry: EngineEntry }
  | { kind: "emit"; event: EngineEvent }
  | { kind: "usage"; usage: UsageRecord }
  | { kind: "alert"; level: AlertLevel; message: string };

export class RecordingSink implements TurnSink {
  readonly history: Item[];
  readonly systemPrompt: string | null = null;
  readonly config: RequestConfig = {
    max_tokens: null,
    temperature: null,
    top_p: null,
    top_k: null,
    stop_sequences: [],
    reasoning: null,
  };
  readonly segmentId = "segment";
  readonly records: Record[] = [];
  /** Notes for the next `takeNotes()`. */
  notes: SystemItem[] = [];
  turnCount = 0;
  /** Set to make every further call throw, as the sink of an abandoned turn does. */
  revoked: Error | undefined;
  /** Called after every record; a test waits or interferes here. */
  onRecord: (record: Record) => void = () => {};

  constructor(history: Iterable<Item> = []) {
    this.history = [...history];
  }

  commit(entry: EngineEntry): void {
    this.#record({ kind: "commit", entry });
    if (entry.kind === "system_item") this.history.push(textMessage("system", entry.item.body));
    else if (entry.kind === "assistant_item" || entry.kind === "tool_result") {
      this.history.push(entry.item);
    }
  }

  emit(event: EngineEvent): void {
    this.#record({ kind: "emit", event });
    if (event.event === "turn_end") this.turnCount++;
  }

  usage(usage: UsageRecord): void {
    this.#record({ kind: "usage", usage });
  }

  takeNotes(): void {
    for (const item of this.notes.splice(0)) this.commit({ kind: "system_item", item });
  }

  alert(level: AlertLevel, message: string): void {
    this.#record({ kind: "alert", level, message });
  }

  /** One word for each record: event names, `L kind` for entries, `usage`, `alert`. */
  get outline(): string[] {
    return this.records.map((record) => {
      if (record.kind === "emit") return record.event.event;
      return record.kind === "commit" ? `L ${record.entry.kind}` : record.kind;
    });
  }

  get events(): EngineEvent[] {
    return this.records.flatMap((record) => record.kind === "emit" ? [record.event] : []);
  }

  get usages(): UsageRecord[] {
    return this.records.flatMap((record) => record.kind === "usage" ? [record.usage] : []);
  }

  get alerts(): string[] {
    return this.records.flatMap((record) => record.kind === "alert" ? [record.message] : []);
  }

  #record(record: Record): void {
    if (this.revoked) throw this.revoked;
    this.records.push(record);
    this.onRecord(record);
  }
}
