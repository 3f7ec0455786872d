/** @module */

import { assertRestorable, SegmentLog } from "../session/mod.ts";
import type { Journal } from "./journal.ts";
import type { SegmentPointer } from "../session/session_store.ts";
import type { SegmentChain } from "./segment_chain.ts";

/** How a session is restored. */
export interface RestoreOptions {
  /** Folder of all sessions' logs. */
  sessionsRoot: string;
  /** See `PodOptions`. */
  durability?: "run" | "entry";
  /** Milliseconds since the Unix epoch. */
  now?: () => number;
}

/**
 * Goes on in a segment that lies on the disk. Restoring only reads: nothing of an interrupted turn
 * is run again, and people are told that there was one.
 *
 * Source: decisions 3 and 7; hazards B.
 *
 * @throws {SessionError} when the log cannot be used.
 */
export async function restoreSession(
  { sessionId, segmentId }: SegmentPointer,
  { sessionsRoot, durability, now }: RestoreOptions,
  chain: SegmentChain,
  journal: Journal,
): Promise<void> {
  const path = `${sessionsRoot}/${sessionId}/${segmentId}.jsonl`;
  const log = await SegmentLog.open(path, {
    ...(now ? { now } : {}),
    ...(durability ? { durability } : {}),
  });
  const { replay } = log;
  // From here on the chain closes it, whatever happens.
  chain.adopt(log);
  assertRestorable(replay, path);
  for (const { message } of log.diagnostics) journal.alert("warn", "pod", message);
  if (!replay.endedAbruptly) return;
  journal.alert(
    "warn",
    "pod",
    "The last turn of this session did not end. Nothing of it is run again: " +
      "the next message closes its open tool calls first.",
  );
}
