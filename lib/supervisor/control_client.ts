/** @module */

import { JsonLineReader } from "../stream/json_lines.ts";
import { readableFrom, writeAll } from "./_socket_bytes.ts";
import type { ControlRequest } from "./control_protocol.ts";
import { decodeControlEvent } from "./decode_event.ts";
import type { SupervisorStatus } from "./status.ts";
import { SupervisorError } from "./supervisor_error.ts";

/** How long a request may take. */
export interface RequestControlOptions {
  /**
   * Bound of the whole in milliseconds. Default 5,000 for `status`; none for the others, which take
   * as long as the children do, and end when the supervisor does.
   */
  timeoutMs?: number;
  /** Ends the wait with its reason; what was asked for goes on. */
  signal?: AbortSignal;
}

/** What can be asked for and answered; a subscription is a conversation of its own. */
export type AnsweredRequest = Exclude<ControlRequest, { readonly method: "subscribe" }>;

/**
 * Asks a running supervisor for something over its control socket, and waits until it is done: the
 * restarted children are up, or everything has ended.
 *
 * @returns The status behind it.
 * @throws {SupervisorError} `control`: nobody listens there, the request was refused, it took too
 * long, or the supervisor ended before it was done.
 */
export async function requestControl(
  path: string,
  request: AnsweredRequest,
  options: RequestControlOptions = {},
): Promise<SupervisorStatus> {
  const { timeoutMs = request.method === "status" ? 5_000 : undefined, signal } = options;
  signal?.throwIfAborted();
  const doing = `request ${request.method} of the supervisor at "${path}"`;
  const over = new AbortController();
  const onAbort = () => over.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => {
    over.abort(failure(`Cannot ${doing}: no answer within ${timeoutMs} ms`));
  }, timeoutMs);
  try {
    return await converse(path, request, doing, over.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

async function converse(
  path: string,
  request: AnsweredRequest,
  doing: string,
  signal: AbortSignal,
): Promise<SupervisorStatus> {
  const socket = await connect(path, doing, signal);
  // A close ends every read and write that waits; the true reason is the signal's.
  let isOpen = true;
  const close = () => {
    if (isOpen) socket.close();
    isOpen = false;
  };
  signal.addEventListener("abort", close, { once: true });
  try {
    await writeAll(socket, new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    const answer = await readAnswer(socket, request.method);
    if (answer === undefined) throw failure(`Cannot ${doing}: it ended before it answered`);
    if (answer instanceof SupervisorError) throw answer;
    return answer;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SupervisorError) throw error;
    throw failure(`Cannot ${doing}: ${messageOf(error)}`, error);
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** The runtime's own `connect` takes no signal: an attempt that is given up is closed when it is there. */
async function connect(path: string, doing: string, signal: AbortSignal): Promise<Deno.Conn> {
  const opening = Deno.connect({ transport: "unix", path });
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([opening, aborted]);
  } catch (error) {
    if (!signal.aborted) throw failure(`Cannot ${doing}: ${reasonOf(error)}`, error);
    opening.then((late) => late.close(), () => "an attempt that failed holds nothing");
    throw signal.reason;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Reads past what is told to everybody. */
async function readAnswer(
  socket: Deno.Conn,
  method: string,
): Promise<SupervisorStatus | SupervisorError | undefined> {
  await using reader = new JsonLineReader(readableFrom(socket));
  for (let value = await reader.read(); value !== undefined; value = await reader.read()) {
    const event = decodeControlEvent(value);
    if (event?.event === "status") return event.data;
    if (event?.event === "error" && isRefusal(value, method)) return failure(event.data.message);
  }
  return undefined;
}

/** A refusal names its request; other errors are told to everybody. */
function isRefusal(value: unknown, method: string): boolean {
  return isObject(value) && isObject(value.data) && value.data.request === method;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function reasonOf(error: unknown): string {
  const isAbsent = error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.ConnectionRefused;
  return isAbsent ? "none is running there" : messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function failure(message: string, cause?: unknown): SupervisorError {
  return new SupervisorError("control", message, { cause });
}
