/**
 * How long an event takes from a Pod to each of its clients, for 1, 10 and 100 clients. The Pod runs
 * in a process of its own; all clients share this one.
 */

import { fromFileUrl } from "@std/path";
import { PodClient, sendOnce } from "../lib/client/mod.ts";
import { parseReadyLine } from "../lib/fleet/ready_line.ts";
import { PERMISSION_FLAGS } from "../lib/process/self_command.ts";
import { spawnChild } from "../lib/process/child.ts";

/** Latencies for one number of clients, in milliseconds from emission to receipt. */
export interface FanOutRow {
  clients: number;
  /** Events received by all clients together. */
  events: number;
  p50: number;
  p99: number;
}

/** How much is measured. */
export interface FanOutOptions {
  clientCounts?: readonly number[];
  /** Deltas of one run. */
  deltas?: number;
  /** Milliseconds between two deltas. */
  pauseMs?: number;
}

/** Measures the fan-out of one Pod. */
export async function benchFanOut(options: FanOutOptions = {}): Promise<FanOutRow[]> {
  const { clientCounts = [1, 10, 100], deltas = 500, pauseMs = 2 } = options;
  const root = await Deno.makeTempDir({ prefix: "yoi-" });
  try {
    const program = fromFileUrl(new URL("./_fan_out_pod.ts", import.meta.url));
    await using child = spawnChild({
      command: [
        Deno.execPath(),
        "run",
        ...PERMISSION_FLAGS,
        program,
        root,
        String(deltas),
        String(pauseMs),
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    });
    const socketPath = await readSocketPath(child.stdout!);
    const rows: FanOutRow[] = [];
    for (const clients of clientCounts) rows.push(await measure(socketPath, clients));
    await sendOnce(socketPath, { method: "shutdown" });
    await child.status;
    return rows;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function measure(socketPath: string, count: number): Promise<FanOutRow> {
  const clients = await Promise.all(
    Array.from({ length: count }, () => PodClient.connect(socketPath)),
  );
  const attached = clients.map(() => Promise.withResolvers<void>());
  const latencies: number[] = [];
  const reading = clients.map(async (client, index) => {
    for await (const event of client) {
      if (event.event === "snapshot") attached[index]!.resolve();
      if (event.event === "run_end") return;
      if (event.event !== "text_delta") continue;
      latencies.push(performance.timeOrigin + performance.now() - Number(event.data.text));
    }
  });
  await Promise.all(attached.map(({ promise }) => promise));
  await clients[0]!.send({
    method: "run",
    params: { input: [{ kind: "text", content: "go" }] },
  });
  await Promise.all(reading);
  await Promise.all(clients.map((client) => client.close()));
  latencies.sort((a, b) => a - b);
  const at = (part: number) => latencies[Math.floor((latencies.length - 1) * part)] ?? NaN;
  return { clients: count, events: latencies.length, p50: at(0.5), p99: at(0.99) };
}

async function readSocketPath(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  const ready = parseReadyLine(text.trimEnd());
  if (!ready) throw new Error("Cannot measure: the Pod did not say that it is ready");
  return ready.socketPath;
}

/** The rows as a table for people. */
export function formatFanOut(rows: readonly FanOutRow[]): string {
  return rows.map(({ clients, events, p50, p99 }) =>
    `${String(clients).padStart(4)} clients: ${String(events).padStart(6)} events, ` +
    `p50 ${p50.toFixed(2).padStart(6)} ms, p99 ${p99.toFixed(2).padStart(6)} ms\n`
  ).join("");
}

if (import.meta.main) {
  await Deno.stdout.write(new TextEncoder().encode(formatFanOut(await benchFanOut())));
}
