/**
 * What checking and writing events costs beside what the runtime's own JSON functions cost on the same
 * lines. Run it with `deno run tools/bench_protocol.ts`.
 *
 * @module
 */

import { decodeEvent, encodeEvent, type Event } from "../lib/protocol/mod.ts";

/** One measured comparison. */
export interface ProtocolBenchRow {
  /** What was measured on which lines. */
  name: string;
  /** Nanoseconds a line of the runtime's own function. */
  baseline: number;
  /** Nanoseconds a line with this project's function. */
  measured: number;
  /** Median of `measured / baseline`, round by round. */
  ratio: number;
}

/** How long to measure. */
export interface ProtocolBenchOptions {
  /** Rounds that count; a third as many run before them. Default 45. */
  rounds?: number;
  /** Lines a round. Default 20,000. */
  lines?: number;
}

/** Decoding may cost this much of `JSON.parse` on a `text_delta` line. */
export const DECODE_LIMIT = 1.25;

/**
 * Measures decoding beside `JSON.parse` and encoding beside `JSON.stringify`. Both sides of a
 * comparison take turns round by round, so that a busy machine disturbs them alike.
 */
export function benchProtocol(options: ProtocolBenchOptions = {}): ProtocolBenchRow[] {
  const { rounds = 45, lines = 20_000 } = options;
  const rows: ProtocolBenchRow[] = [];
  for (const [name, make] of Object.entries(samples)) {
    const texts = Array.from({ length: lines }, (_, index) => JSON.stringify(make(index)));
    const events = texts.map((text) => decodeEvent(JSON.parse(text)));
    const keepUnknown = { keepUnknown: true };
    rows.push(
      compare(`decode ${name}`, rounds, texts, JSON.parse, (text) => decodeEvent(JSON.parse(text))),
      compare(`encode ${name}`, rounds, events, JSON.stringify, (event) => encodeEvent(event)),
      compare(
        `encode ${name}, all kept`,
        rounds,
        events,
        JSON.stringify,
        (event) => encodeEvent(event, keepUnknown),
      ),
    );
  }
  return rows;
}

const samples: Record<string, (index: number) => Event> = {
  "text_delta": (index) => ({ event: "text_delta", data: { text: ` piece ${index}` }, seq: index }),
  "text_delta, Japanese": (index) => ({
    event: "text_delta",
    data: { text: `日本語の文章 ${index}` },
    seq: index,
  }),
  "tool_result": (index) => ({
    event: "tool_result",
    data: {
      id: `call_${index}`,
      summary: "Read 120 bytes",
      output: "hello world ".repeat(10),
      is_error: false,
    },
    seq: index,
  }),
  "system_item": (index) => ({
    event: "system_item",
    data: {
      item: { kind: "notification", message: `build ${index}`, body: `build ${index} is green` },
    },
    seq: index,
  }),
};

function compare<T>(
  name: string,
  rounds: number,
  inputs: readonly T[],
  baseline: (input: T) => unknown,
  measured: (input: T) => unknown,
): ProtocolBenchRow {
  const times: { baseline: number; measured: number }[] = [];
  for (let round = 0; round < rounds + rounds / 3; round++) {
    times.push({ baseline: timeOf(inputs, baseline), measured: timeOf(inputs, measured) });
  }
  const counted = times.slice(-rounds);
  const perLine = 1e6 / inputs.length;
  return {
    name,
    baseline: median(counted.map((time) => time.baseline)) * perLine,
    measured: median(counted.map((time) => time.measured)) * perLine,
    ratio: median(counted.map((time) => time.measured / time.baseline)),
  };
}

/** Milliseconds for all inputs; the results are looked at, so that none of the work is left out. */
function timeOf<T>(inputs: readonly T[], work: (input: T) => unknown): number {
  const start = performance.now();
  let seen = 0;
  for (const input of inputs) if (work(input) !== undefined) seen += 1;
  const elapsed = performance.now() - start;
  if (seen !== inputs.length) {
    throw new Error(`Cannot measure: ${inputs.length - seen} results are missing`);
  }
  return elapsed;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** The rows as a table for people. */
export function formatProtocolBench(rows: ReturnType<typeof benchProtocol>): string {
  return rows.map(({ name, baseline, measured, ratio }) =>
    `${name.padEnd(40)} ${baseline.toFixed(0).padStart(6)} ns ` +
    `${measured.toFixed(0).padStart(6)} ns   x ${ratio.toFixed(2)}\n`
  ).join("");
}

if (import.meta.main) {
  await Deno.stdout.write(new TextEncoder().encode(formatProtocolBench(benchProtocol())));
}
