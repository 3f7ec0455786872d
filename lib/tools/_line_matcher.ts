/** @module */

import { findLines, type MatchReply, type MatchRequest } from "./_match_lines.ts";

/** A pattern that takes too long on one file. */
export class MatchTimeoutError extends Error {
  override readonly name = "MatchTimeoutError";
}

/**
 * Runs regular expressions in a worker, one request at a time. JavaScript's expressions can take for
 * ever; a worker can be ended then, a function call cannot.
 */
export class LineMatcher implements Disposable {
  #worker: Worker | undefined;

  /**
   * Finds the lines of one file.
   *
   * @throws {MatchTimeoutError} After `timeoutMs`, default 10 s; the signal's reason when it fires.
   */
  async match(
    request: MatchRequest,
    options: { timeoutMs?: number; signal: AbortSignal },
  ): Promise<MatchReply> {
    const { timeoutMs = 10_000, signal } = options;
    signal.throwIfAborted();
    const worker = this.#worker ??= startWorker();
    const reply = Promise.withResolvers<MatchReply>();
    const onAbort = () => reply.reject(signal.reason);
    const timer = setTimeout(
      () => reply.reject(new MatchTimeoutError(`no end after ${timeoutMs} ms`)),
      timeoutMs,
    );
    signal.addEventListener("abort", onAbort, { once: true });
    worker.onmessage = ({ data }: MessageEvent<MatchReply | { failure: string }>) => {
      if ("lines" in data) reply.resolve(data);
      else reply.reject(new Error(`Cannot search: ${data.failure}`));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reply.reject(new Error(`Cannot search: ${event.message}`));
    };
    try {
      worker.postMessage(request, [request.bytes.buffer as ArrayBuffer]);
      return await reply.promise;
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function startWorker(): Worker {
  // A failure is a message like any other: one that is thrown would also be printed.
  const program = `self.onmessage = ({ data }) => {
    try {
      self.postMessage((${findLines})(data));
    } catch (error) {
      self.postMessage({ failure: String(error) });
    }
  };`;
  const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  try {
    return new Worker(url, { type: "module", name: "yoi-search" });
  } finally {
    URL.revokeObjectURL(url);
  }
}
