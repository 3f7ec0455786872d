/** Where the program's words go. @module */

import type { ReadEnvironment } from "../config/paths.ts";
import { CliError } from "./cli_error.ts";
import { COLOURED, PLAIN, type Style } from "./style.ts";

/** What an {@linkcode Output} writes to: `Deno.stdout`, `Deno.stderr`, or a test's array. */
export interface Sink {
  write(bytes: Uint8Array): Promise<number>;
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/** Both outputs of the program. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
}

const encoder = new TextEncoder();

/**
 * One output. Writing waits until the reader takes the text, and signals are heard meanwhile; texts
 * come out whole and in the order of the calls.
 */
export class Output {
  /** Whether a person looks at it directly. */
  readonly isTerminal: boolean;
  /** Colours, when they are wanted here. */
  readonly style: Style;
  readonly #name: string;
  readonly #sink: Sink;
  readonly #columns: () => number | undefined;
  #last: Promise<void> = Promise.resolve();

  /**
   * An output that colours only on a terminal, and never with `NO_COLOR`.
   *
   * @param options `name`: what messages call it, `stdout` if not given.
   */
  constructor(
    sink: Sink,
    options: { noColour?: boolean; columns?: () => number | undefined; name?: string } = {},
  ) {
    this.#name = options.name ?? "stdout";
    this.#sink = sink;
    this.isTerminal = sink.isTerminal();
    this.style = this.isTerminal && !options.noColour ? COLOURED : PLAIN;
    this.#columns = options.columns ?? (() => undefined);
  }

  /** Columns of the terminal; `undefined` when it is none. */
  get columns(): number | undefined {
    return this.isTerminal ? this.#columns() : undefined;
  }

  /**
   * Writes a text.
   *
   * @throws {CliError} `output_closed` when nobody reads any more, `output_failed` when it cannot be
   * written for another reason.
   */
  async write(text: string): Promise<void> {
    try {
      await this.writeBytes(encoder.encode(text));
    } catch (cause) {
      if (cause instanceof CliError) throw cause;
      const detail = cause instanceof Error ? cause.message : cause;
      const message = `Cannot write to ${this.#name}: ${detail}`;
      throw new CliError("output_failed", message, { cause });
    }
  }

  /**
   * Writes bytes as they are, whole and in the order of the calls like texts; they must not change
   * meanwhile. What else goes wrong comes as it is, for a caller with words of its own.
   *
   * @throws {CliError} `output_closed` when nobody reads any more.
   */
  writeBytes(bytes: Uint8Array): Promise<void> {
    const written = this.#last.then(() => this.#writeAll(bytes));
    // The caller hears of a failure; the next call finds out by itself.
    this.#last = written.catch(() => {});
    return written;
  }

  /**
   * Writes a short text in one system call, for readers that follow a file. Nobody hearing it is no
   * failure.
   */
  announce(text: string): void {
    try {
      this.#sink.writeSync(encoder.encode(text));
    } catch {
      // Whatever it is (no reader, no space): there is no place left to say so.
    }
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      for (let rest = bytes; rest.length > 0;) {
        rest = rest.subarray(await this.#sink.write(rest));
      }
    } catch (cause) {
      if (!isClosed(cause)) throw cause;
      throw new CliError("output_closed", "Cannot write: nobody reads the output", { cause });
    }
  }
}

/** The terminal this process was started in. */
export function systemTerminal(env: ReadEnvironment): Terminal {
  const options = { noColour: isColourless(Deno.noColor, env), columns: terminalColumns };
  return {
    stdout: new Output(Deno.stdout, options),
    stderr: new Output(Deno.stderr, { ...options, name: "stderr" }),
  };
}

/** Whether nobody wants colours, or the terminal says that it shows codes as they are. */
export function isColourless(noColor: boolean, env: ReadEnvironment): boolean {
  return noColor || env("TERM") === "dumb";
}

function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe;
}

function terminalColumns(): number | undefined {
  try {
    const { columns } = Deno.consoleSize();
    return columns > 0 ? columns : undefined;
  } catch {
    // No terminal to ask: the text is not cut then.
    return undefined;
  }
}
