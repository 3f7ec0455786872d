/**
 * How fast the supervisor passes on what its children print, beside `sed 's/^/name | /'` on the same
 * bytes: both read from a pipe that `cat` fills and write to a pipe that `cat` empties.
 *
 * @module
 */

import { spawnChild } from "../lib/process/mod.ts";
import { pumpLines } from "../lib/supervisor/line_pump.ts";
import { lineForm, type OutputFormat } from "../lib/supervisor/output_format.ts";
import { SharedSink, wholeWrites } from "../lib/supervisor/output_sink.ts";

/** Options of {@link benchSupervisor}. */
export interface SupervisorBenchOptions {
  /** Lines of 80 bytes, the LF included: 1,310,720 (100 MiB) if not given. */
  lines?: number;
  /** Rounds, each of which runs every contender once: 7 if not given. */
  rounds?: number;
}

/** What is compared. */
export type SupervisorContender = "sed" | "pump, plain" | "pump, JSON";

/** The time of one contender for all lines, in milliseconds. */
export interface SupervisorTiming {
  /** What was measured. */
  contender: SupervisorContender;
  /** The best round. */
  best: number;
  /** The middle round. */
  median: number;
  /** Millions of bytes of input a second in the middle round. */
  megabytesPerSecond: number;
}

/** What the bench found. */
export interface SupervisorBenchResult {
  /** Lines that went through. */
  lines: number;
  /** Rounds that were run. */
  rounds: number;
  /** One entry a contender. */
  timings: SupervisorTiming[];
  /** Speed of the plain form as a multiple of `sed`: the median of the rounds' ratios. */
  plainToSed: number;
  /** Speed of the JSON form as a multiple of `sed`, which writes less. */
  jsonToSed: number;
}

/** The plain form has at least this share of the speed of `sed`. */
export const PUMP_LIMIT = 0.5;

const LINE_BYTES = 80;

/** Each passes `path` on and resolves when the last byte has arrived. */
const CONTENDERS: Record<SupervisorContender, (path: string) => Promise<void>> = {
  "sed": async (path) => {
    const script = `cat "$1" | sed 's/^/name | /' | cat >/dev/null`;
    await using child = spawnChild({ command: ["sh", "-c", script, "sh", path] });
    const { code } = await child.close();
    if (code !== 0) throw new Error(`Cannot compare with sed: it ended with ${code}`);
  },
  "pump, plain": (path) => pumpFile(path, "plain"),
  "pump, JSON": (path) => pumpFile(path, "json"),
};

/** Runs every contender in each round, in turn, so that all of them meet the same conditions. */
export async function benchSupervisor(
  options: SupervisorBenchOptions = {},
): Promise<SupervisorBenchResult> {
  const { lines = 1_310_720, rounds = 7 } = options;
  const path = await Deno.makeTempFile({ prefix: "bench_supervisor_" });
  try {
    await writeLines(path, lines);
    const names = Object.keys(CONTENDERS) as SupervisorContender[];
    const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Times;
    // The first round only warms up: the compiler, and the file in the cache of the system.
    for (let round = 0; round <= rounds; round++) {
      for (const name of names) {
        const begin = performance.now();
        await CONTENDERS[name](path);
        if (round > 0) times[name].push(performance.now() - begin);
      }
    }
    return {
      lines,
      rounds,
      timings: names.map((contender) => {
        const middle = median(times[contender]);
        return {
          contender,
          best: Math.min(...times[contender]),
          median: middle,
          megabytesPerSecond: lines * LINE_BYTES / middle / 1000,
        };
      }),
      plainToSed: speedBesideSed(times, "pump, plain"),
      jsonToSed: speedBesideSed(times, "pump, JSON"),
    };
  } finally {
    await Deno.remove(path);
  }
}

type Times = Record<SupervisorContender, number[]>;

/** The way of a supervised child's output, from its pipe to the reader of ours. */
async function pumpFile(path: string, format: OutputFormat): Promise<void> {
  await using reader = spawnChild({ command: ["sh", "-c", "cat >/dev/null"], stdin: "piped" });
  await using child = spawnChild({ command: ["cat", path], stdout: "piped" });
  const writer = reader.stdin.getWriter();
  const sink = new SharedSink({ write: (bytes) => writer.write(bytes) });
  const { pid } = child;
  const { signal } = new AbortController();
  await pumpLines(child.stdout, (bytes) => sink.write(bytes, { signal }), {
    ...lineForm({ child: "name", pid, stream: "stdout", format }),
    signal,
  });
  await writer.close();
  await Promise.all([child.close(), reader.close()]);
}

async function writeLines(path: string, lines: number): Promise<void> {
  using file = await Deno.open(path, { write: true });
  const { write } = wholeWrites(file);
  const batch = 8192;
  const bytes = new TextEncoder().encode(`${"x".repeat(LINE_BYTES - 1)}\n`.repeat(batch));
  for (let left = lines; left > 0; left -= batch) {
    await write(bytes.subarray(0, Math.min(left, batch) * LINE_BYTES));
  }
}

function speedBesideSed(times: Times, contender: SupervisorContender): number {
  return median(times.sed.map((time, round) => time / times[contender][round]!));
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** The result as a table for people. */
export function formatSupervisorBench(result: SupervisorBenchResult): string {
  const rows = [
    `${result.lines.toLocaleString("en")} lines of ${LINE_BYTES} bytes, ${result.rounds} rounds`,
  ];
  for (const { contender, best, median, megabytesPerSecond } of result.timings) {
    rows.push(
      `  ${contender.padEnd(12)} best ${best.toFixed(0).padStart(6)} ms   ` +
        `median ${median.toFixed(0).padStart(6)} ms   ` +
        `${megabytesPerSecond.toFixed(0).padStart(5)} MB/s`,
    );
  }
  rows.push(
    `  plain: ${result.plainToSed.toFixed(2)}x sed (at least ${PUMP_LIMIT.toFixed(2)})`,
    `  JSON:  ${result.jsonToSed.toFixed(2)}x sed`,
  );
  return rows.join("\n") + "\n";
}

if (import.meta.main) {
  const text = formatSupervisorBench(await benchSupervisor());
  await Deno.stdout.write(new TextEncoder().encode(text));
}
