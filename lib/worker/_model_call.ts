/** One call of the model: opened, read to its end, or given up. @module */

import type { EngineEvent } from "../engine/engine.ts";
import { type CollectedResponse, ResponseCollector } from "./_response_collector.ts";
import { describeModelFailure } from "./_model_failure.ts";
import type { UsageMeter } from "./_usage.ts";
import { ABORTED, type Leftovers, untilAborted } from "./_wait.ts";
import type { Model, ModelRequest, ModelStream, ModelStreamPart } from "./model.ts";

/** How a model call ended. */
export type CallEnd =
  | { kind: "complete"; response: CollectedResponse }
  | { kind: "aborted" }
  | { kind: "failed"; message: string };

/** What a model call works with. */
export interface CallOptions {
  emit: (event: EngineEvent) => void;
  usage: UsageMeter;
  signal: AbortSignal;
  /** Takes over what an abort leaves behind. */
  leftovers: Leftovers;
}

/**
 * Makes one model call. Failures of the model are a value; only a failure of `emit` rejects. When it
 * settles, the stream is read to its end or cancelled, and an abort is answered at once.
 */
export async function callModel(
  model: Model,
  request: ModelRequest,
  options: CallOptions,
): Promise<CallEnd> {
  const opened = await open(model, request, options);
  if (!("stream" in opened)) return opened;

  const collector = new ResponseCollector(options.emit);
  const reader = opened.stream.getReader();
  const giveUp = () => options.leftovers.keep(quietly(reader.cancel(options.signal.reason)));
  options.signal.addEventListener("abort", giveUp, { once: true });
  if (options.signal.aborted) giveUp();
  let ended = false;
  try {
    const pause = breather();
    while (true) {
      const next = await read(reader);
      if (options.signal.aborted) return { kind: "aborted" };
      if (next.kind === "broken") {
        ended = true;
        return failed(model, next.error);
      }
      if (next.kind === "end") {
        ended = true;
        return { kind: "complete", response: collector.finish() };
      }
      if (next.part.type === "error") return failed(model, next.part.error);
      if (next.part.type === "finish") options.usage.add(next.part.usage);
      collector.take(next.part);
      await pause();
    }
  } finally {
    options.signal.removeEventListener("abort", giveUp);
    if (!ended && !options.signal.aborted) giveUp();
  }
}

async function open(
  model: Model,
  request: ModelRequest,
  options: CallOptions,
): Promise<ModelStream | CallEnd> {
  const opening = startStream(model, request);
  try {
    const opened = await untilAborted(opening, options.signal);
    if (opened !== ABORTED) return opened;
    // A response that still opens is closed at once.
    options.leftovers.keep(quietly(opening.then((late) => late.stream.cancel())));
    return { kind: "aborted" };
  } catch (error) {
    return options.signal.aborted ? { kind: "aborted" } : failed(model, error);
  }
}

/** A model that throws instead of rejecting fails like any other. */
async function startStream(model: Model, request: ModelRequest): Promise<ModelStream> {
  return await model.doStream(request);
}

/** A request that was given up fails in whatever way it likes: that it ends is all that counts. */
function quietly(ending: Promise<void>): Promise<void> {
  return ending.catch(() => undefined);
}

type Next =
  | { kind: "part"; part: ModelStreamPart }
  | { kind: "end" }
  | { kind: "broken"; error: unknown };

async function read(reader: ReadableStreamDefaultReader<ModelStreamPart>): Promise<Next> {
  try {
    const { done, value } = await reader.read();
    return done ? { kind: "end" } : { kind: "part", part: value };
  } catch (error) {
    return { kind: "broken", error };
  }
}

function failed(model: Model, error: unknown): CallEnd {
  const reason = describeModelFailure(error);
  return {
    kind: "failed",
    message: `Cannot get an answer from "${model.provider}/${model.modelId}": ${reason}`,
  };
}

/** Longest time in milliseconds that parts are taken without letting anything else run. */
const MAX_HOLD_MS = 8;

/**
 * A model that has everything ready would keep the event loop to itself, and nobody could cancel or
 * even read along. The function given here lets others run after a while.
 */
function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < MAX_HOLD_MS) return undefined;
    return new Promise((resolve) =>
      setTimeout(() => {
        since = performance.now();
        resolve();
      }, 0)
    );
  };
}
