/** The two directions of a connection, as a client needs them. */
export interface Transport {
  /** The next bytes, `undefined` at the end of the stream. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolves when all of `bytes` has been taken. */
  write(bytes: Uint8Array): Promise<void>;
  /** Tells the other side that nothing more will be written; it may go on writing. */
  closeWrite(): Promise<void>;
  /**
   * Lets go of both directions and ends a waiting `read`. Resolves when that is done, which never
   * depends on the other side; never rejects. Called once.
   */
  release(reason: unknown): Promise<void>;
}

/** One read of a socket at most. */
const READ_BYTES = 64 * 1024;

/** A {@linkcode Transport} that owns `socket`. */
export function socketTransport(socket: Deno.Conn): Transport {
  const running = new Set<Promise<unknown>>();
  const track = async <T>(operation: Promise<T>): Promise<T> => {
    running.add(operation);
    try {
      return await operation;
    } finally {
      running.delete(operation);
    }
  };
  return {
    async read() {
      const buffer = new Uint8Array(READ_BYTES);
      const count = await track(socket.read(buffer));
      return count === null ? undefined : buffer.subarray(0, count);
    },
    async write(bytes) {
      for (let written = 0; written < bytes.length;) {
        written += await track(socket.write(bytes.subarray(written)));
      }
    },
    closeWrite: () => track(socket.closeWrite()),
    async release() {
      socket.close();
      // The descriptor is free when the operations on it, which the close interrupts, are over.
      await Promise.allSettled(running);
    },
  };
}

/** A {@linkcode Transport} that owns a pair of streams. */
export function streamTransport(
  streams: { readable: ReadableStream<Uint8Array>; writable: WritableStream<Uint8Array> },
): Transport {
  const reader = streams.readable.getReader();
  const writer = streams.writable.getWriter();
  return {
    read: async () => (await reader.read()).value,
    write: (bytes) => writer.write(bytes),
    closeWrite: () => writer.close(),
    release(reason) {
      // Neither is waited for, since it may wait for the other side; and a failure of what failed
      // before concerns nobody who is letting go.
      reader.cancel(reason).catch(ignore);
      writer.abort(reason).catch(ignore);
      return Promise.resolve();
    },
  };
}

function ignore(): void {}
