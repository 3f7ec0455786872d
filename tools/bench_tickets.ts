/**
 * What reading and changing ticket roots of several sizes costs, beside reading the same files and
 * doing nothing with them. Every measurement is a new process on a warm page cache and without an
 * index, since there is none.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { PERMISSION_FLAGS } from "../lib/process/mod.ts";
import { runCommand } from "../lib/process/run_command.ts";
import { writeTicketRoot } from "./_ticket_root.ts";

/** One operation on one root. */
export interface TicketBenchRow {
  /** Tickets of the root. */
  tickets: number;
  operation: string;
  /** Milliseconds of the best round; other work on the machine disturbs that least. */
  best: number;
  /** `best` as a multiple of reading the files that the operation has to look at. */
  ratio: number;
}

/** What is measured, and beside what: all `item.md`, or all `item.md` and `thread.md`. */
const OPERATIONS: readonly (readonly [operation: string, beside: "files" | "records"])[] = [
  ["list", "files"],
  ["list --state", "files"],
  ["ready", "files"],
  ["show", "files"],
  ["show, warm", "files"],
  ["search", "records"],
  ["log", "records"],
  ["doctor", "records"],
  ["create", "files"],
  ["comment", "files"],
];

/** Sizes and rounds. */
export interface TicketBenchOptions {
  /** Default 200, 1,000 and 10,000. */
  sizes?: readonly number[];
  /** Processes for each measurement; default 5. */
  rounds?: number;
}

/** Measures everything; makes its roots in a temporary folder. */
export async function benchTickets(options: TicketBenchOptions = {}): Promise<TicketBenchRow[]> {
  const { sizes = [200, 1_000, 10_000], rounds = 5 } = options;
  const folder = await Deno.makeTempDir({ prefix: "yoi-bench" });
  try {
    const rows: TicketBenchRow[] = [];
    for (const tickets of sizes) {
      const root = `${folder}/${tickets}`;
      await writeTicketRoot(root, tickets);
      rows.push(...await benchRoot(root, tickets, rounds));
    }
    return rows;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function benchRoot(root: string, tickets: number, rounds: number): Promise<TicketBenchRow[]> {
  const names = ["files", "records", ...OPERATIONS.map(([operation]) => operation)];
  const best = new Map(names.map((name) => [name, Infinity]));
  // The operations take turns, so that a busy machine disturbs them alike.
  for (let round = 0; round < rounds; round++) {
    for (const name of names) best.set(name, Math.min(best.get(name)!, await probe(name, root)));
  }
  return OPERATIONS.map(([operation, beside]) => ({
    tickets,
    operation,
    best: best.get(operation)!,
    ratio: best.get(operation)! / best.get(beside)!,
  }));
}

async function probe(what: string, root: string): Promise<number> {
  const program = fromFileUrl(new URL("_ticket_probe.ts", import.meta.url));
  const { status, stdout, stderr } = await runCommand({
    command: [Deno.execPath(), "run", ...PERMISSION_FLAGS, program, what, root],
  });
  if (status.code !== 0) throw new Error(`Cannot measure "${what}": ${stderr}`);
  return Number(stdout);
}

/** The rows as a table for people. */
export function formatTicketBench(rows: readonly TicketBenchRow[]): string {
  return rows.map(({ tickets, operation, best, ratio }) =>
    `${String(tickets).padStart(6)} tickets  ${operation.padEnd(14)} ` +
    `${best.toFixed(1).padStart(8)} ms   x ${ratio.toFixed(2)}\n`
  ).join("");
}

if (import.meta.main) {
  await Deno.stdout.write(new TextEncoder().encode(formatTicketBench(await benchTickets())));
}
