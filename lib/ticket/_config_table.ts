/**
 * One table of a configuration, asked for its members by name.
 *
 * @module
 */

/** What makes a configuration unusable, before it is known which file it is about. */
export class ConfigFault extends Error {
  /** Always `ConfigFault`. */
  override readonly name = "ConfigFault";

  /**
   * Says what is wrong.
   *
   * @param code `syntax`: not the tables, members and types of the format; `invalid`: a value that
   * means nothing.
   */
  constructor(readonly code: "syntax" | "invalid", message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Members of one TOML table; a missing table is one without members. */
export class ConfigTable {
  readonly #members: ReadonlyMap<string, unknown>;
  readonly #where: string;

  /**
   * Looks at a value.
   *
   * @param where Dotted name of the table, empty for the top.
   * @param known Every member that it may have.
   * @throws {ConfigFault} `syntax` when it is no table or has another member.
   */
  constructor(value: unknown, where: string, known: readonly string[]) {
    this.#where = where;
    if (!isTable(value)) throw new ConfigFault("syntax", `${quoted(where)} must be a table`);
    this.#members = new Map(Object.entries(value ?? {}));
    for (const name of this.#members.keys()) {
      if (known.includes(name)) continue;
      const list = known.join(", ");
      throw new ConfigFault("syntax", `${this.#path(name)} is unknown (known: ${list})`);
    }
  }

  /** Whether the member is written down. */
  has(name: string): boolean {
    return this.#members.has(name);
  }

  /** A table within this one. */
  table(name: string, known: readonly string[]): ConfigTable {
    const where = this.#where === "" ? name : `${this.#where}.${name}`;
    return new ConfigTable(this.#members.get(name), where, known);
  }

  /** A text as it is written, `undefined` when it is not. */
  text(name: string): string | undefined {
    const value = this.#members.get(name);
    if (value === undefined || typeof value === "string") return value;
    throw new ConfigFault("syntax", `${this.#path(name)} must be a text`);
  }

  /** A trimmed text that says something, `undefined` when it is not written. */
  filledText(name: string): string | undefined {
    const text = this.text(name)?.trim();
    if (text === "") this.refuse(name, "must not be blank");
    return text;
  }

  /** Reports a value that means nothing. */
  refuse(name: string, fault: string): never {
    throw new ConfigFault("invalid", `${this.#path(name)} ${fault}`);
  }

  #path(name: string): string {
    return quoted(this.#where === "" ? name : `${this.#where}.${name}`);
  }
}

/** Dates and lists are objects too. */
function isTable(value: unknown): boolean {
  if (value === undefined) return true;
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
