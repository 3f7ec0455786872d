/** Bytes over a socket that stays its owner's to close. @module */

/** Bytes asked of the socket at once. */
const READ_BYTES = 16 * 1024;

/** What a socket receives. */
export function readableFrom(socket: Deno.Conn): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const buffer = new Uint8Array(READ_BYTES);
      const count = await socket.read(buffer);
      if (count === null) controller.close();
      else controller.enqueue(buffer.subarray(0, count));
    },
  }, { highWaterMark: 0 });
}

/** Sends all of `bytes`. */
export async function writeAll(socket: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
}
