/**
 * How fast JSON lines are read, next to what else is there: the same bytes through `JsonLineReader`
 * (by item and by batch), `TextLineStream` + `JSON.parse`, `JsonParseStream`, `node:readline`, and the
 * bound that only `JSON.parse` sets.
 *
 * @module
 */

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { JsonParseStream } from "@std/json";
import { TextLineStream } from "@std/streams";
import { JsonLineReader } from "../lib/stream/json_lines.ts";

/** Options of {@link benchJsonLines}. */
export interface JsonLinesBenchOptions {
  /** Lines in each text: 200,000 if not given. */
  lines?: number;
  /** Rounds, each of which runs every contender once: 9 if not given. */
  rounds?: number;
}

/** The time of one contender for all lines of one text, in milliseconds. */
export interface JsonLinesTiming {
  /** What was measured. */
  contender: Contender;
  /** The best round. */
  best: number;
  /** The middle round. */
  median: number;
  /** Lines a second in the middle round. */
  linesPerSecond: number;
}

/** What one text gave. */
export interface JsonLinesTextResult {
  /** `ascii` or `japanese`. */
  text: TextKind;
  /** How long a line is on average, in bytes with its LF. */
  bytesPerLine: number;
  /** One entry a contender. */
  timings: JsonLinesTiming[];
  /**
   * Speed by item as a multiple of `TextLineStream` + `JSON.parse`. Ratios compare the best rounds,
   * which other work on the machine disturbs least.
   */
  itemToTextLineStream: number;
  /** Speed by item as a multiple of `node:readline` + `JSON.parse`. */
  itemToReadline: number;
  /** Speed by batch as a multiple of `TextLineStream` + `JSON.parse`. */
  batchToTextLineStream: number;
}

/** What all texts gave. */
export interface JsonLinesBenchResult {
  /** Lines in each text. */
  lines: number;
  /** Rounds that were run. */
  rounds: number;
  /** One entry a text. */
  texts: JsonLinesTextResult[];
}

/** The texts, by the language of the tool's output. */
export type TextKind = "ascii" | "japanese";

/** What is compared. */
export type Contender =
  | "JsonLineReader by item"
  | "JsonLineReader by batch"
  | "JSON.parse only (bound)"
  | "TextLineStream + JSON.parse"
  | "TextLineStream + JsonParseStream"
  | "node:readline + JSON.parse";

const CHUNK_BYTES = 64 * 1024;

/** Each reads the whole corpus and gives the number of events it saw. */
const CONTENDERS: Record<Contender, (corpus: Corpus) => Promise<number>> = {
  "JsonLineReader by item": async ({ bytes }) => {
    let count = 0;
    for await (const value of new JsonLineReader(streamOf(bytes))) count += weigh(value);
    return count;
  },
  "JsonLineReader by batch": async ({ bytes }) => {
    await using reader = new JsonLineReader(streamOf(bytes));
    let count = 0;
    for (;;) {
      const batch = await reader.readBatch();
      if (batch.length === 0) return count;
      for (const value of batch) count += weigh(value);
    }
  },
  "JSON.parse only (bound)": ({ strings }) => {
    let count = 0;
    for (const line of strings) count += weigh(JSON.parse(line));
    return Promise.resolve(count);
  },
  "TextLineStream + JSON.parse": async ({ bytes }) => {
    const lines = streamOf(bytes).pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    let count = 0;
    for await (const line of lines) count += weigh(JSON.parse(line));
    return count;
  },
  "TextLineStream + JsonParseStream": async ({ bytes }) => {
    const values = streamOf(bytes).pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).pipeThrough(new JsonParseStream());
    let count = 0;
    for await (const value of values) count += weigh(value);
    return count;
  },
  "node:readline + JSON.parse": async ({ bytes }) => {
    const input = Readable.from(chunksOf(bytes), { objectMode: false });
    let count = 0;
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      count += weigh(JSON.parse(line));
    }
    return count;
  },
};

/** Runs every contender in each round, in turn, so that all of them meet the same conditions. */
export async function benchJsonLines(
  options: JsonLinesBenchOptions = {},
): Promise<JsonLinesBenchResult> {
  const { lines = 200_000, rounds = 9 } = options;
  const texts: JsonLinesTextResult[] = [];
  for (const text of ["ascii", "japanese"] as const) {
    texts.push(await benchText(text, lines, rounds));
  }
  return { lines, rounds, texts };
}

interface Corpus {
  bytes: Uint8Array<ArrayBuffer>;
  strings: string[];
}

type Times = Record<Contender, number[]>;

async function benchText(
  text: TextKind,
  lines: number,
  rounds: number,
): Promise<JsonLinesTextResult> {
  const corpus = makeCorpus(text, lines);
  const names = Object.keys(CONTENDERS) as Contender[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Times;
  for (let round = 0; round < rounds; round++) {
    // Another one goes first in each round, so that none always runs after the same other one.
    for (let index = 0; index < names.length; index++) {
      const name = names[(index + round) % names.length]!;
      const begin = performance.now();
      const count = await CONTENDERS[name](corpus);
      times[name].push(performance.now() - begin);
      if (count !== lines) throw new Error(`Cannot compare "${name}": it read ${count} lines`);
    }
  }
  return {
    text,
    bytesPerLine: corpus.bytes.length / lines,
    timings: names.map((contender) => {
      const middle = median(times[contender]);
      return {
        contender,
        best: Math.min(...times[contender]),
        median: middle,
        linesPerSecond: lines / middle * 1000,
      };
    }),
    itemToTextLineStream: speed(times, "JsonLineReader by item", "TextLineStream + JSON.parse"),
    itemToReadline: speed(times, "JsonLineReader by item", "node:readline + JSON.parse"),
    batchToTextLineStream: speed(times, "JsonLineReader by batch", "TextLineStream + JSON.parse"),
  };
}

function speed(times: Times, contender: Contender, other: Contender): number {
  return Math.min(...times[other]) / Math.min(...times[contender]);
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

const OUTPUTS: Record<TextKind, (index: number) => string> = {
  ascii: (index) =>
    `lib/stream/file_${index}.ts:${
      index % 400
    }: export const limit = ${index}; // bytes, without the LF`,
  japanese: (index) =>
    `資料/第${index}章.md: ${index % 400}行目に「設定」があります。次の行もどうぞ`,
};

function makeCorpus(text: TextKind, lines: number): Corpus {
  const strings = Array.from({ length: lines }, (_, index) =>
    JSON.stringify({
      event: "tool_result",
      data: {
        id: `call_${index}`,
        summary: text === "ascii" ? `Read ${index % 90} lines` : `${index % 90}行を読みました`,
        output: OUTPUTS[text](index),
        is_error: index % 50 === 0,
      },
    }));
  return { bytes: new TextEncoder().encode(strings.join("\n") + "\n"), strings };
}

function* chunksOf(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = chunksOf(bytes);
  return new ReadableStream({
    pull(controller) {
      const { done, value } = chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** Touches the value, so that no contender could leave it unparsed; each event weighs one. */
function weigh(value: unknown): number {
  return (value as { event: string }).event === "tool_result" ? 1 : 0;
}

/** The result as a table for people. */
export function formatJsonLinesBench(result: JsonLinesBenchResult): string {
  const rows: string[] = [];
  for (const text of result.texts) {
    rows.push(
      `${text.text}: ${result.lines} lines of ${text.bytesPerLine.toFixed(0)} bytes, ` +
        `${result.rounds} rounds, chunks of ${CHUNK_BYTES} bytes`,
    );
    for (const { contender, best, median, linesPerSecond } of text.timings) {
      rows.push(
        `  ${contender.padEnd(34)} best ${best.toFixed(0).padStart(6)} ms   ` +
          `median ${median.toFixed(0).padStart(6)} ms   ` +
          `${Math.round(linesPerSecond).toLocaleString("en").padStart(10)} lines/s`,
      );
    }
    rows.push(
      `  by item:  ${
        text.itemToTextLineStream.toFixed(2)
      }x TextLineStream + JSON.parse (at least 1.10)`,
      `            ${text.itemToReadline.toFixed(2)}x node:readline + JSON.parse (at least 1.25)`,
      `  by batch: ${
        text.batchToTextLineStream.toFixed(2)
      }x TextLineStream + JSON.parse (at least 1.25)`,
    );
  }
  return rows.join("\n") + "\n";
}

if (import.meta.main) {
  const text = formatJsonLinesBench(await benchJsonLines());
  await Deno.stdout.write(new TextEncoder().encode(text));
}
