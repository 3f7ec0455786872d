/** Random sequences of operations from several processes with deaths among them. @module */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { TicketStore } from "../../lib/ticket/store.ts";

/** What a process says that it began, or was told that it is done. */
export type Acknowledged =
  | { readonly sequence: number }
  | { readonly created: string }
  | { readonly id: string; readonly mark: string }
  | { readonly id: string; readonly plan: string }
  | { readonly id: string; readonly kind: string; readonly target: string };

/** How sequences are run. */
export interface SequenceOptions {
  readonly count: number;
  readonly seed: number;
  readonly processes: number;
}

/** What came of it. */
export interface SequenceReport {
  readonly deaths: number;
  readonly acknowledged: number;
  readonly tickets: number;
  readonly events: number;
}

const PROGRAM = fromFileUrl(new URL("../programs/ticket_sequences.ts", import.meta.url));

/** Runs all sequences and checks that nothing acknowledged is lost and the doctor finds no error. */
export async function runSequences(
  folder: string,
  options: SequenceOptions,
): Promise<SequenceReport> {
  const root = `${folder}/tickets`;
  const writers = await Promise.allSettled(
    Array.from({ length: options.processes }, (_, index) => runWriter(folder, index, options)),
  );
  const deaths = writers.map((writer) => {
    if (writer.status === "rejected") throw writer.reason;
    return writer.value;
  });
  const lines = Array.from(
    { length: options.processes },
    (_, index) => readDiary(`${folder}/diary-${index}`),
  ).flat();
  const store = TicketStore.open(root, { author: "checker", durable: false });
  const events = await assertNothingLost(store, lines);
  const { ok, diagnostics } = await store.doctor();
  assert(ok, JSON.stringify(diagnostics.filter(({ severity }) => severity === "error")));
  return {
    deaths: deaths.reduce((sum, count) => sum + count, 0),
    acknowledged: lines.filter((line) => !("sequence" in line)).length,
    tickets: (await store.list({ limit: Infinity })).total,
    events,
  };
}

/** Starts a process again and again, each time after the sequence that the last one died in. */
async function runWriter(
  folder: string,
  index: number,
  { count, seed, processes }: SequenceOptions,
): Promise<number> {
  const diary = `${folder}/diary-${index}`;
  let next = index;
  for (let deaths = 0;; deaths++) {
    const numbers = [seed, next, count, processes].map(String);
    const { success, signal, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "-A",
        PROGRAM,
        `${folder}/tickets`,
        ...numbers,
        diary,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (success) return deaths;
    assertEquals(signal, "SIGKILL", new TextDecoder().decode(stderr));
    const begun = readDiary(diary).filter((line) => "sequence" in line);
    next = begun.at(-1)!.sequence + processes;
    if (next >= count) return deaths + 1;
  }
}

function readDiary(path: string): Acknowledged[] {
  return Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** Counts all events; throws when something of which a process was told is not there. */
async function assertNothingLost(
  store: TicketStore,
  lines: readonly Acknowledged[],
): Promise<number> {
  const { tickets } = await store.list({ limit: Infinity });
  const bodies = new Map<string, readonly string[]>();
  let events = 0;
  for (const { id } of tickets) {
    const detail = await store.show(id);
    assertEquals(detail.problems, []);
    bodies.set(id, detail.events.map(({ body }) => body));
    events += detail.events.length;
  }
  const { relations } = await store.relations();
  const { records } = await store.plans();
  const known = new Set([
    ...tickets.map(({ id }) => id),
    ...relations.map(({ ticketId, kind, target }) => `${ticketId} ${kind} ${target}`),
    ...records.map(({ ticketId, note }) => `${ticketId} ${note}`),
  ]);
  for (const line of lines) {
    if ("sequence" in line) continue;
    if ("created" in line) assert(known.has(line.created), `${line.created} is lost`);
    else if ("target" in line) {
      assert(known.has(`${line.id} ${line.kind} ${line.target}`), JSON.stringify(line));
    } else if ("plan" in line) assert(known.has(`${line.id} ${line.plan}`), JSON.stringify(line));
    else {
      const found = bodies.get(line.id)?.filter((body) => body.includes(line.mark)) ?? [];
      assert(found.length === 1, `${JSON.stringify(line)} is there ${found.length} times`);
    }
  }
  return events;
}
