/** @module */

import type { Engine } from "../engine/engine.ts";
import type { CompletionEntry } from "../protocol/event.ts";
import type { CompletionKind } from "../protocol/method.ts";
import { untilAborted } from "./waiting.ts";

/** How a listing is made. */
export interface CompletionOptions {
  /** Ends the listing. */
  signal: AbortSignal;
  /** Milliseconds it may take; 2,000. */
  limitMs?: number | undefined;
  /** Told why there are no candidates; not when the signal fired. */
  onFailure(error: unknown): void;
}

/**
 * Completion candidates; none when the engine has none, fails or takes too long: a person goes on
 * typing.
 *
 * Source: protocol specification, section 4.10 and P16.
 */
export async function complete(
  engine: Engine,
  request: { kind: CompletionKind; prefix: string },
  { signal, limitMs = 2_000, onFailure }: CompletionOptions,
): Promise<CompletionEntry[]> {
  const abort = new AbortController();
  const tooLong = new DOMException(`It took over ${limitMs} ms`, "TimeoutError");
  const timer = setTimeout(() => abort.abort(tooLong), limitMs);
  const either = AbortSignal.any([signal, abort.signal]);
  try {
    either.throwIfAborted();
    const work = engine.complete?.(request.kind, request.prefix, { signal: either });
    return await untilAborted(Promise.resolve(work ?? []), either);
  } catch (error) {
    if (!signal.aborted) onFailure(error);
    return [];
  } finally {
    clearTimeout(timer);
  }
}
