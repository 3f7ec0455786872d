/** Helpers of the session tests. */

import type { Replay, SegmentStartEntry } from "../../lib/session/mod.ts";

/** A folder that is gone at the end of the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "session-test-" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

export const SESSION_ID = "01980000-0000-7000-8000-0000000000a1";
export const SEGMENT_ID = "01980000-0000-7000-8000-000000000001";

export const START: SegmentStartEntry = {
  kind: "segment_start",
  ts: 1,
  session_id: SESSION_ID,
  system_prompt: null,
  config: {
    max_tokens: null,
    temperature: null,
    top_p: null,
    top_k: null,
    stop_sequences: [],
    reasoning: null,
  },
  history: [],
};

export const START_TEXT =
  `{"kind":"segment_start","ts":1,"session_id":"${SESSION_ID}","config":{"stop_sequences":[]},"history":[]}`;

/** Text of a submission's entry. */
export function inputText(content: string, ts = 2): string {
  return JSON.stringify({ kind: "user_input", ts, segments: [{ kind: "text", content }] });
}

/** A replay in the words of the vectors. */
export function inVectorWords(replay: Replay): Record<string, unknown> {
  return {
    entry_count: replay.entryCount,
    session_id: replay.sessionId,
    system_prompt: replay.systemPrompt,
    config: replay.config,
    history: replay.history,
    turn_count: replay.turnCount,
    interrupted: replay.interrupted,
    pending_tool_calls: replay.pendingToolCalls,
    user_segments: replay.userSegments,
    usage: replay.usage,
    extensions: replay.extensions,
    rewind_targets: replay.rewindTargets.map(({ warning, ...target }) => ({
      ...target,
      has_warning: warning !== undefined,
    })),
  };
}

/** The log and the expectation of one vector. */
export interface Vector {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  expected: Record<string, unknown> & { segment_id: string };
}

const VECTORS = new URL("../data/session-log/", import.meta.url);

export async function readVector(name: string): Promise<Vector> {
  const expected = JSON.parse(await Deno.readTextFile(new URL(`${name}.expect.json`, VECTORS)));
  return { name, bytes: await Deno.readFile(new URL(`${name}.jsonl`, VECTORS)), expected };
}

/** The names of all vectors. */
export function vectorNames(): string[] {
  return [...Deno.readDirSync(VECTORS)].map((entry) => entry.name)
    .filter((name) => name.endsWith(".jsonl")).map((name) => name.slice(0, -".jsonl".length))
    .sort();
}

/** Puts a vector's log where its expectation says it lies. */
export async function placeVector(folder: string, vector: Vector): Promise<string> {
  const path = `${folder}/${vector.expected.segment_id}.jsonl`;
  await Deno.writeFile(path, vector.bytes);
  return path;
}
