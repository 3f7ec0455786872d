/**
 * The sessions of one host: folders of segment logs.
 *
 * Source: sessions-and-pods specification, sections A.1 and A.14.
 *
 * @module
 */

import type { LogEntry, SegmentOrigin } from "./entry.ts";
import { isKnownEntry } from "./entry_codec.ts";
import { type LoggedEntry, replaySegment } from "./replay.ts";
import { SegmentLog, type SegmentLogOptions } from "./segment_log.ts";
import { applyEntry, newSegmentState, type SegmentState } from "./segment_state.ts";
import { SessionError } from "./session_error.ts";
import { isUuid, UuidSource } from "./uuid.ts";

/** How a store works. */
export interface SessionStoreOptions extends SegmentLogOptions {
  /** Makes ids; default a source of the store's own. */
  uuids?: UuidSource;
}

/** Names a segment and its session. */
export interface SegmentPointer {
  /** UUID of the session. */
  sessionId: string;
  /** UUID of the segment. */
  segmentId: string;
}

/** What a new segment starts from. */
export type SegmentSeed = Pick<SegmentState, "systemPrompt" | "config" | "history">;

/**
 * A sessions root: `<root>/<session id>/<segment id>.jsonl`. The root and its folders appear with the
 * first segment.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { emptyConfig } from "./segment_state.ts";
 * import { SessionStore } from "./session_store.ts";
 * const root = await Deno.makeTempDir();
 * const store = new SessionStore(root);
 * const seed = { systemPrompt: null, config: emptyConfig(), history: [] };
 * const { sessionId, segmentId } = await store.forkToNewSession(seed);
 * assert(await store.findSession(segmentId) === sessionId);
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class SessionStore {
  /** The folder of all sessions. */
  readonly root: string;
  readonly #options: SegmentLogOptions;
  readonly #uuids: UuidSource;

  /** A store over `root`, which need not exist. */
  constructor(root: string, { uuids, ...options }: SessionStoreOptions = {}) {
    this.root = root;
    this.#options = options;
    this.#uuids = uuids ?? new UuidSource(options.now === undefined ? {} : { now: options.now });
  }

  /** A new id for a session or segment, higher than those before it. */
  newUuid(): string {
    return this.#uuids.next();
  }

  /**
   * Where a segment's log lies, whether it exists or not.
   *
   * @throws {SessionError} `invalid` when an id is no UUID; it could name a file elsewhere.
   */
  path(sessionId: string, segmentId: string): string {
    for (const id of [sessionId, segmentId]) {
      if (isUuid(id)) continue;
      const message = `Cannot name a segment log: "${id}" is no UUID`;
      throw new SessionError("invalid", message, { path: this.root });
    }
    return `${this.root}/${sessionId}/${segmentId}.jsonl`;
  }

  /** Ids of all sessions, newest first; none when the root does not exist. */
  async listSessions(): Promise<string[]> {
    const names = await entryNames(this.root, (entry) => entry.isDirectory);
    return newestFirst(names.filter(isUuid));
  }

  /** Ids of the segments of a session, newest first; none when there is no such session. */
  async listSegments(sessionId: string): Promise<string[]> {
    const names = await entryNames(`${this.root}/${sessionId}`, (entry) => !entry.isDirectory);
    const stems = names.filter((name) => name.endsWith(".jsonl")).map((name) => name.slice(0, -6));
    return newestFirst(stems.filter(isUuid));
  }

  /** The session that holds a segment, or `undefined`. */
  async findSession(segmentId: string): Promise<string | undefined> {
    for (const sessionId of await this.listSessions()) {
      if (await isFile(this.path(sessionId, segmentId))) return sessionId;
    }
    return undefined;
  }

  /** Starts a new session from a given state. */
  async forkToNewSession(seed: SegmentSeed): Promise<SegmentPointer> {
    return await this.#createSegment(this.newUuid(), seed);
  }

  /**
   * Starts a new segment of the same session from an earlier point of another, which stays as it is.
   *
   * @param turn Keep everything up to the first `turn_end` with this count; 0 keeps only the start,
   * a count that does not occur keeps all.
   * @throws {SessionError} as `replaySegment`; `empty` when the source names no session.
   */
  async forkAtTurn(source: SegmentPointer, turn: number): Promise<SegmentPointer> {
    const path = this.path(source.sessionId, source.segmentId);
    const state = newSegmentState();
    for (const { entry } of entriesUpToTurn((await replaySegment(path)).entries, turn)) {
      applyEntry(state, entry);
    }
    return await this.#createSegment(source.sessionId, state, {
      segment_id: source.segmentId,
      at_turn_index: turn,
    });
  }

  async #createSegment(
    sessionId: string,
    seed: SegmentSeed,
    origin?: SegmentOrigin,
  ): Promise<SegmentPointer> {
    const segmentId = this.newUuid();
    const start: LogEntry = {
      kind: "segment_start",
      ts: (this.#options.now ?? Date.now)(),
      session_id: sessionId,
      system_prompt: seed.systemPrompt,
      config: seed.config,
      history: seed.history,
      ...(origin && { forked_from: origin }),
    };
    await using _log = await SegmentLog.create(
      this.path(sessionId, segmentId),
      [start],
      this.#options,
    );
    return { sessionId, segmentId };
  }
}

/** The entries that a fork at a turn keeps. */
function entriesUpToTurn(entries: readonly LoggedEntry[], turn: number): readonly LoggedEntry[] {
  if (turn === 0) {
    const firstOther = entries.findIndex(({ entry }) => entry.kind !== "segment_start");
    return firstOther < 0 ? entries : entries.slice(0, firstOther);
  }
  const end = entries.findIndex(({ entry }) =>
    isKnownEntry(entry) && entry.kind === "turn_end" && entry.turn_count === turn
  );
  return end < 0 ? entries : entries.slice(0, end + 1);
}

async function entryNames(
  folder: string,
  wanted: (entry: Deno.DirEntry) => boolean,
): Promise<string[]> {
  try {
    const names: string[] = [];
    for await (const entry of Deno.readDir(folder)) if (wanted(entry)) names.push(entry.name);
    return names;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return !(await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Ids of version 7 sort by age. */
function newestFirst(ids: string[]): string[] {
  return ids.sort().reverse();
}
