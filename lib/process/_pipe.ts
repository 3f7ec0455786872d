/** Pipes of a child that their owner can end while somebody uses them. @module */

/** A pipe between us and a child. */
export interface Pipe<Stream> {
  /** What the user of the child reads or writes. */
  readonly stream: Stream;
  /** Closes it now, whoever uses it. */
  cut(): Promise<void>;
}

/** A pipe that the child writes. */
export interface OutputPipe extends Pipe<ReadableStream<Uint8Array>> {
  /** Resolves when everything was read, or nobody wants to read any more. */
  readonly closed: Promise<void>;
}

/**
 * Stands between a child's output and its reader. The runtime's own stream cannot be cancelled while
 * somebody has a reader on it; this one keeps that reader to itself. A cut ends the stream as the
 * end of the output would.
 */
export function outputPipe(source: ReadableStream<Uint8Array>): OutputPipe {
  const reader = source.getReader();
  const closed = Promise.withResolvers<void>();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      closed.resolve();
    },
    async cancel(reason) {
      await reader.cancel(reason);
      closed.resolve();
    },
  }, { highWaterMark: 0 });
  return {
    stream,
    closed: closed.promise,
    async cut() {
      // A blocked read of ours then ends with `done`, which closes the stream by the way above.
      // Refused when the pipe has broken already, which its reader was told.
      await reader.cancel().catch(() => undefined);
      closed.resolve();
    },
  };
}

/**
 * Stands between a writer and a child's input, so that the input can be closed while somebody holds
 * a writer. After a cut writes fail, also one that the child never took.
 */
export function inputPipe(sink: WritableStream<Uint8Array>): Pipe<WritableStream<Uint8Array>> {
  const writer = sink.getWriter();
  let outer: WritableStreamDefaultController | undefined;
  let giveUpWrite: ((error: Error) => void) | undefined;
  const stream = new WritableStream<Uint8Array>({
    start(controller) {
      outer = controller;
    },
    async write(chunk) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      giveUpWrite = reject;
      writer.write(chunk).then(resolve, reject);
      await promise;
      giveUpWrite = undefined;
    },
    close: () => writer.close(),
    abort: (reason) => writer.abort(reason),
  });
  return {
    stream,
    async cut() {
      const error = new Deno.errors.BrokenPipe("Cannot write to child: its input is closed");
      outer?.error(error);
      // Refused when the pipe has broken or was closed already: then there is nothing to close.
      const aborted = writer.abort(error).catch(() => undefined);
      // The runtime cannot take a write back. One is stuck only when a process outside the child's
      // group holds the other end without reading; the pipe is closed when that process ends.
      if (giveUpWrite) giveUpWrite(error);
      else await aborted;
    },
  };
}
