/** @module */

import type {
  AlertLevel,
  AlertSource,
  Event,
  Greeting,
  PodStatus,
  RewindSummary,
} from "../protocol/event.ts";
import type { Segment } from "../protocol/segment.ts";
import { encodeEvent } from "../protocol/mod.ts";
import {
  applyEntry,
  decodeEntryText,
  encodeEntry,
  type Item,
  type LogEntry,
  newSegmentState,
  type SegmentLog,
  type SegmentState,
  stampEntry,
  type UnstampedEntry,
} from "../session/mod.ts";
import { AlertHistory } from "./alert_history.ts";
import type { ClientQueue, Line } from "./client_queue.ts";
import { OpenBlocks } from "./open_blocks.ts";

/** What a journal is told about the Pod it speaks for. */
export interface JournalOptions {
  /** What the Pod says of itself, asked anew for every snapshot. */
  greeting(): Greeting;
  /** What the Pod is doing. */
  status(): PodStatus;
  /** Milliseconds since the Unix epoch. */
  now?: (() => number) | undefined;
}

/** The state of a segment as it is read back: its lines without their line feeds, and their fold. */
export interface SegmentContent {
  /** The lines. */
  texts: string[];
  /** What they add up to. */
  state: SegmentState;
}

/**
 * The only path to the log, its mirror in memory and the clients. Nothing in it waits: when a call
 * returns, the line is written, the mirror holds it, and it stands in every client's queue, in
 * causal order. Each event is encoded once; the clients share its bytes.
 *
 * Source: design, "Journal"; protocol specification, sections 4.3 to 4.6.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #now: () => number;
  readonly #encoder = new TextEncoder();
  readonly #queues = new Set<ClientQueue>();
  readonly #blocks = new OpenBlocks();
  readonly #alerts: AlertHistory;
  #log: SegmentLog | undefined;
  #texts: string[] = [];
  #state: SegmentState = newSegmentState();
  /** The mirror as the inside of a JSON array, grown entry by entry. */
  #joined = "";
  #sequence = 0;
  #version = 0;
  #snapshot: { version: number; text: string; line: Line } | undefined;
  #hasEnded = false;

  /** A journal without a segment and without clients. */
  constructor(options: JournalOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#alerts = new AlertHistory((data) => this.#line({ event: "alert", data }));
  }

  /** The log being written; none before the first run of a fresh Pod. */
  get log(): SegmentLog | undefined {
    return this.#log;
  }

  /** What the entries so far add up to. */
  get state(): Readonly<SegmentState> {
    return this.#state;
  }

  /** The conversation so far. */
  get history(): readonly Item[] {
    return this.#state.history;
  }

  /** The entries of the segment in commit order, as JSON texts. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /**
   * Appends an entry to the log and tells the clients. The mirror and the clients get what a reader
   * of the line would get. Nothing is mirrored or told when the log cannot take the entry, or when
   * nobody could read it back.
   *
   * @param methodId The `id` of the Method that caused the entry.
   * @throws {SessionError} when the entry cannot be written.
   * @throws {ProtocolError} when it is no entry.
   */
  commit(entry: UnstampedEntry, methodId?: string): void {
    if (!this.#log) throw new TypeError("Cannot commit an entry: no segment is open");
    const readBack = decodeEntryText(encodeEntry(stampEntry(entry, this.#now()))) as LogEntry;
    const text = this.#log.append(readBack);
    this.#texts.push(text);
    this.#joined += this.#joined === "" ? text : `,${text}`;
    this.#version++;
    applyEntry(this.#state, readBack);
    this.#blocks.closeFor(readBack);
    const event = liveEvent(readBack);
    if (event) this.#publish(methodId === undefined ? event : { ...event, id: methodId });
  }

  /** Tells the clients something that no entry says. */
  emit(event: Event): void {
    this.#blocks.observe(event);
    this.#publish(event);
  }

  /** Keeps a message for the people at the clients and tells it. */
  alert(level: AlertLevel, source: AlertSource, message: string): void {
    const alert = this.#alerts.add({ level, source, message, timestamp_ms: this.#now() });
    this.#send(alert.line, alert.number);
  }

  /** Forgets what the running response has shown so far: it is void. */
  clearOpenBlocks(): void {
    this.#blocks.clear();
  }

  /**
   * Goes on in another segment.
   *
   * @param announce Whether clients are told by `segment_rotated`; a rewind and a rollback say it
   * in their own words.
   * @returns the log that was written before; the caller closes it.
   */
  switchTo(log: SegmentLog, content: SegmentContent, announce: boolean): SegmentLog | undefined {
    const previous = this.#log;
    this.#log = log;
    this.#texts = content.texts;
    this.#joined = content.texts.join(",");
    this.#state = content.state;
    this.#version++;
    this.#blocks.clear();
    if (announce) {
      this.#publishText(`{"event":"segment_rotated","data":{"entry":${content.texts[0]}}}`);
    }
    return previous;
  }

  /** Tells the clients that the session was taken back; the entries are those of the mirror. */
  announceRewind(input: Segment[], summary: RewindSummary, methodId: string | undefined): void {
    const event: Event = { event: "rewind_applied", data: { entries: [], input, summary } };
    const text = encodeEvent(methodId === undefined ? event : { ...event, id: methodId }, {
      keepUnknown: true,
    });
    this.#publishText(this.#insertEntries(text));
  }

  /**
   * Brings a client up to date and keeps it so: the alerts it has not heard, the snapshot, the open
   * blocks of a running response, and from then on everything live. One synchronous step: no gap
   * and no duplicate. A client that comes after the end is told that it is over.
   */
  attach(queue: ClientQueue): void {
    if (queue.hasEnded) return;
    queue.startOver();
    for (const alert of this.#alerts.after(queue.alertNumber)) {
      queue.pushUnbounded(alert.line, alert.number);
    }
    queue.pushUnbounded(this.#snapshotLine());
    for (const event of this.#blocks.replay()) queue.pushUnbounded(this.#line(event));
    if (this.#hasEnded) {
      queue.pushUnbounded(this.#line({ event: "shutdown" }));
      queue.end();
    } else this.#queues.add(queue);
  }

  /** Leaves a client alone from now on. */
  detach(queue: ClientQueue): void {
    this.#queues.delete(queue);
  }

  /** The line of an event that goes to one client only, newline included. */
  privateLine(event: Event): Line {
    return this.#line(event);
  }

  /** Ends every client's queue: nothing more will be told. */
  endAll(): void {
    this.#hasEnded = true;
    for (const queue of this.#queues) queue.end();
    this.#queues.clear();
  }

  #publish(event: Event): void {
    if (this.#queues.size === 0) {
      this.#sequence++;
      this.#version++;
      return;
    }
    this.#publishText(encodeEvent(event, { keepUnknown: true }));
  }

  #publishText(text: string): void {
    this.#version++;
    const sequence = ++this.#sequence;
    if (this.#queues.size === 0) return;
    this.#send(this.#encoder.encode(`${text.slice(0, -1)},"seq":${sequence}}\n`), 0);
  }

  #send(line: Line, alertNumber: number): void {
    for (const queue of this.#queues) {
      if (!queue.push(line, alertNumber)) this.#queues.delete(queue);
    }
  }

  #line(event: Event): Line {
    return this.#encoder.encode(`${encodeEvent(event, { keepUnknown: true })}\n`);
  }

  #snapshotLine(): Line {
    const data = {
      entries: [],
      greeting: this.#options.greeting(),
      status: this.#options.status(),
    };
    const text = encodeEvent({ event: "snapshot", data }, { keepUnknown: true });
    const cached = this.#snapshot;
    if (cached?.version === this.#version && cached.text === text) return cached.line;
    const whole = this.#insertEntries(text);
    const line = this.#encoder.encode(`${whole.slice(0, -1)},"seq":${this.#sequence}}\n`);
    this.#snapshot = { version: this.#version, text, line };
    return line;
  }

  /** Puts the mirror into an event that was encoded without entries: they are JSON already. */
  #insertEntries(text: string): string {
    const place = text.indexOf(NO_ENTRIES) + NO_ENTRIES.length - 1;
    return text.slice(0, place) + this.#joined + text.slice(place);
  }
}

/** How the data of a snapshot and of a rewind begins; nothing before it can hold these bytes. */
const NO_ENTRIES = '"data":{"entries":[]';

/** What clients are told when an entry is committed; `undefined` for entries that only the mirror shows. */
function liveEvent(entry: LogEntry): Event | undefined {
  switch (entry.kind) {
    case "invoke":
      return { event: "invoke_start", data: { kind: entry.trigger } };
    case "user_input":
      return { event: "user_message", data: { segments: entry.segments } };
    case "system_item":
      return { event: "system_item", data: { item: entry.item } };
    case "tool_result": {
      const { call_id, summary, content, is_error } = entry.item;
      return {
        event: "tool_result",
        data: {
          id: call_id,
          summary,
          ...(content === undefined ? {} : { output: content }),
          is_error: is_error ?? false,
        },
      };
    }
    default:
      return undefined;
  }
}
