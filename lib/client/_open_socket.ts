import { abortFailure, connectFailure } from "./_failure.ts";

/** How a socket is opened; tests put another function in its place. */
export type Connect = (options: Deno.UnixConnectOptions) => Promise<Deno.Conn>;

const connectUnix: Connect = (options) => Deno.connect(options);

/**
 * Connects to a Unix socket. The runtime's own `connect` takes no signal, so an attempt that is
 * given up goes on behind the scenes: its late connection is closed as soon as it is there.
 *
 * @throws {ClientError} When the attempt fails or `signal` is aborted.
 */
export async function openSocket(
  path: string,
  signal?: AbortSignal,
  connect: Connect = connectUnix,
): Promise<Deno.Conn> {
  const doing = `connect to "${path}"`;
  if (signal?.aborted) throw abortFailure(signal, doing);
  const opening = connect({ transport: "unix", path });
  const { promise: abandoned, reject: abandon } = Promise.withResolvers<never>();
  const onAbort = () => abandon();
  signal?.addEventListener("abort", onAbort);
  try {
    return await Promise.race([opening, abandoned]);
  } catch (cause) {
    if (!signal?.aborted) throw connectFailure(path, cause);
    opening.then((late) => late.close(), () => "an attempt that failed holds nothing");
    throw abortFailure(signal, doing);
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}
