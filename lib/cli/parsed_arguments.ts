/** @module */

import { CliError } from "./cli_error.ts";

/** What stands behind a verb. */
export class ParsedArguments {
  /** The words that are no flags. */
  readonly operands: readonly string[];
  readonly #switches: ReadonlySet<string>;
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(
    operands: readonly string[],
    switches: ReadonlySet<string> = new Set(),
    values: ReadonlyMap<string, readonly string[]> = new Map(),
  ) {
    this.operands = operands;
    this.#switches = switches;
    this.#values = values;
  }

  /** Whether a switch was given. */
  has(flag: string): boolean {
    return this.#switches.has(flag);
  }

  /** The value of a flag, the last one when it was given several times. */
  text(flag: string): string | undefined {
    return this.#values.get(flag)?.at(-1);
  }

  /** All values of a flag. */
  texts(flag: string): readonly string[] {
    return this.#values.get(flag) ?? [];
  }

  /**
   * The value of a flag as a number above zero.
   *
   * @throws {CliError} `usage` when it is something else.
   */
  positive(flag: string): number | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (Number.isFinite(number) && number > 0) return number;
    throw new CliError("usage", `Cannot use --${flag} "${text}": it takes a number above 0`);
  }

  /**
   * The value of a flag that a verb cannot do without.
   *
   * @throws {CliError} `usage` when it was not given.
   */
  required(flag: string): string {
    const text = this.text(flag);
    if (text !== undefined) return text;
    throw new CliError("usage", `--${flag} is required`);
  }

  /**
   * The value of a flag as a whole number, 0 or more. One with more digits than can be counted with
   * means as much as the largest that can.
   *
   * @throws {CliError} `usage` when it is something else.
   */
  count(flag: string): number | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    if (/^\d+$/.test(text)) return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
    throw new CliError("usage", `Cannot use --${flag} "${text}": it takes a whole number`);
  }
}
