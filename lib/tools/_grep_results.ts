/** What a Grep call makes of the lines an engine finds. @module */

import type { ToolOutput } from "../engine/tool.ts";
import type { Continue, FoundLine } from "./_search.ts";

/** Takes results in the order of paths and lines, up to a limit, and writes them down. */
export interface ResultCollector {
  file(path: string): Continue;
  line(line: FoundLine): Continue;
  finish(): ToolOutput;
}

/** Which of the results are wanted. */
export interface ResultRange {
  /** Results to skip first. */
  offset: number;
  /** Results to keep. */
  limit: number;
}

interface Options extends ResultRange {
  /** Writes a path as the caller would. */
  display(path: string): string;
}

/** Longest line shown, in UTF-16 units. */
const MAX_LINE_LENGTH = 2000;

/** Collects file names, on demand with the number of matching lines. Limits count files. */
export class FileCollector implements ResultCollector {
  readonly #options: Options & { withCounts: boolean };
  #skipped = 0;
  #current: string | undefined;
  #isTruncated = false;
  readonly #counts = new Map<string, number>();

  constructor(options: Options & { withCounts: boolean }) {
    this.#options = options;
  }

  file(path: string): Continue {
    const isNew = path !== this.#current;
    this.#current = path;
    if (!isNew) {
      const count = this.#counts.get(path);
      if (count !== undefined) this.#counts.set(path, count + 1);
    } else if (this.#skipped < this.#options.offset) {
      this.#skipped++;
    } else if (this.#counts.size < this.#options.limit) {
      this.#counts.set(path, 1);
    } else {
      this.#isTruncated = true;
      return "stop";
    }
  }

  line(line: FoundLine): Continue {
    return line.isMatch ? this.file(line.path) : undefined;
  }

  finish(): ToolOutput {
    const { limit, display, withCounts } = this.#options;
    const cut = this.#isTruncated ? ` (truncated at ${limit})` : "";
    if (this.#counts.size === 0) return { summary: `No files matched${cut}` };
    const total = this.#counts.values().reduce((sum, count) => sum + count, 0);
    const lines = this.#counts.entries().map(([path, count]) =>
      withCounts ? `${display(path)}:${count}\n` : `${display(path)}\n`
    );
    return {
      summary: `Found matches in ${this.#counts.size} file(s)` +
        (withCounts ? `, ${total} total line(s)` : "") + cut,
      content: [...lines].join(""),
    };
  }
}

/** Collects matching lines with their context. Limits count matching lines; context is free. */
export class LineCollector implements ResultCollector {
  readonly #options: Options & { before: number; after: number; withNumbers: boolean };
  readonly #shown: string[] = [];
  readonly #files = new Set<string>();
  #current: string | undefined;
  #matches = 0;
  /** Lines of the current file that the next match may show as its context. */
  #held: FoundLine[] = [];
  /** Last line of the current file that the last match shows as its context. */
  #contextEnd = 0;
  #isTruncated = false;

  constructor(options: Options & { before: number; after: number; withNumbers: boolean }) {
    this.#options = options;
  }

  file(): void {}

  line(line: FoundLine): Continue {
    const { offset, limit, before, after } = this.#options;
    if (line.path !== this.#current) {
      if (this.#isTruncated) return "stop";
      this.#current = line.path;
      this.#held = [];
      this.#contextEnd = 0;
    }
    if (line.isMatch) this.#matches++;
    const isOver = this.#matches > offset + limit;
    if (line.isMatch && this.#matches > offset && !isOver) {
      for (const held of this.#held) if (held.number >= line.number - before) this.#show(held, "-");
      this.#held = [];
      this.#show(line, ":");
      this.#files.add(line.path);
      this.#contextEnd = line.number + after;
      return;
    }
    // One match more than allowed says that something is missing; the last context is finished first.
    this.#isTruncated ||= isOver;
    if (line.number <= this.#contextEnd) {
      this.#show(line, "-");
    } else if (this.#isTruncated) {
      return "stop";
    } else if (before > 0) {
      this.#held.push(line);
      if (this.#held.length > before) this.#held.shift();
    }
  }

  finish(): ToolOutput {
    const { offset, limit } = this.#options;
    const cut = this.#isTruncated ? ` (truncated at ${limit})` : "";
    const count = Math.max(0, Math.min(this.#matches - offset, limit));
    if (count === 0) return { summary: `No matches${cut}` };
    return {
      summary: `${count} matching line(s) in ${this.#files.size} file(s)${cut}`,
      content: this.#shown.join(""),
    };
  }

  #show(line: FoundLine, mark: ":" | "-"): void {
    const number = this.#options.withNumbers ? `${line.number}${mark}` : "";
    const path = this.#options.display(line.path);
    this.#shown.push(`${path}${mark}${number}${cutLine(line.text)}\n`);
  }
}

function cutLine(text: string): string {
  if (text.length <= MAX_LINE_LENGTH) return text;
  const rest = text.length - MAX_LINE_LENGTH;
  return `${text.slice(0, MAX_LINE_LENGTH).toWellFormed()} [line cut: ${rest} more characters]`;
}
