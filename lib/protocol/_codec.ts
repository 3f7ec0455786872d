/**
 * Codecs: how one value of the wire is checked and how it is written. The tables built from them are
 * the protocol's own tables as code, and both directions follow from one table.
 *
 * Nearly every value is already as it should be, so both directions give back the value itself unless
 * something about it has to change, and a path is put together only while a failure travels outwards.
 *
 * @module
 */

import { inside, ProtocolError } from "./error.ts";

/** See {@linkcode Codec.arrange}. */
export type Arrange = (value: unknown, keepUnknown: boolean) => unknown;

/** How one value of the wire is checked and written. */
export interface Codec<T> {
  /**
   * Checks a parsed value (`undefined` when its key is absent) and gives what belongs in its place:
   * the same value, completed where the wire has a default, or `undefined` for "no such key".
   *
   * @throws {ProtocolError} with a path relative to the value.
   */
  decode(value: unknown): T;
  /**
   * What `JSON.stringify` has to be given for the value, or `undefined` when its key is left out. Does
   * not change the value. A codec without this method writes values as they are.
   */
  arrange?: Arrange | undefined;
}

/**
 * A codec for every key of `T`, in the order in which the keys are written; only keys that are
 * optional in `T` may decode to `undefined`.
 */
export type Fields<T> = {
  readonly [Key in keyof T]-?: Partial<Pick<T, Key>> extends Pick<T, Key>
    ? Codec<T[Key] | undefined>
    : Codec<T[Key]>;
};

/**
 * An object with known keys. Unknown keys stay with the value; they are written, after the known
 * ones, when unknown content is kept.
 */
export function record<T extends object>(fields: Fields<NoInfer<T>>): Codec<T> {
  const names = Object.keys(fields);
  const codecs: Codec<unknown>[] = Object.values(fields);
  const decoders = codecs.map((codec) => codec.decode);
  const arrangers = codecs.map((codec) => codec.arrange);
  const known = new Set(names);

  function decode(value: unknown): T {
    const object = asObject(value);
    let index = 0;
    try {
      for (; index < names.length; index++) {
        const name = names[index]!;
        const given = object[name];
        const settled = decoders[index]!(given);
        if (settled !== given) settle(object, name, settled);
      }
    } catch (error) {
      throw inside(names[index]!, error);
    }
    return value as T;
  }

  function arrange(value: unknown, keepUnknown: boolean): unknown {
    if (value === undefined) return undefined;
    return isArranged(value as Record<string, unknown>, keepUnknown)
      ? value
      : rebuild(value as Record<string, unknown>, keepUnknown);
  }

  function isArranged(object: Record<string, unknown>, keepUnknown: boolean): boolean {
    let next = 0;
    for (const key in object) {
      while (next < names.length && names[next] !== key) {
        if (arrangers[next]?.(undefined, keepUnknown) !== undefined) return false;
        next += 1;
      }
      if (next < names.length) {
        const arranger = arrangers[next++];
        if (arranger === undefined) continue;
        const given = object[key];
        if (arranger(given, keepUnknown) !== given) return false;
      } else if (!keepUnknown || known.has(key)) {
        return false;
      }
    }
    for (; next < names.length; next++) {
      if (arrangers[next]?.(undefined, keepUnknown) !== undefined) return false;
    }
    return true;
  }

  function rebuild(object: Record<string, unknown>, keepUnknown: boolean): unknown {
    const copy: Record<string, unknown> = {};
    for (const [index, name] of names.entries()) {
      const arranger = arrangers[index];
      copy[name] = arranger ? arranger(object[name], keepUnknown) : object[name];
    }
    // Spreading defines keys, so one named "__proto__" is copied like any other.
    return keepUnknown ? { ...copy, ...object, ...copy } : copy;
  }

  return { decode, arrange };
}

/**
 * An object whose shape depends on the string under `tag`. Without `otherwise`, a tag that is not in
 * `choices` is an error.
 */
export function tagged<T extends object>(
  tag: keyof T & string,
  choices: Readonly<Record<string, Codec<T>>>,
  otherwise?: Codec<T>,
): Codec<T> {
  const codecs = lookup(choices);
  return {
    decode(value) {
      const name = asObject(value)[tag];
      if (typeof name !== "string") throw inside(tag, mismatch(name, "a string"));
      const codec = codecs[name] ?? otherwise;
      if (codec === undefined) throw inside(tag, unknownName(name));
      return codec.decode(value);
    },
    arrange(value, keepUnknown) {
      if (value === undefined) return undefined;
      const codec = codecs[(value as T)[tag] as string] ?? otherwise;
      return codec?.arrange === undefined ? value : codec.arrange(value, keepUnknown);
    },
  };
}

/** The tag of one of the choices of {@linkcode tagged}, by which it was chosen. */
export function tagOf<const Name extends string>(_name: Name): Codec<Name> {
  return { decode: (value) => value as Name };
}

/** An array whose elements are all alike. */
export function list<T>(element: Codec<T>): Codec<T[]> {
  return {
    decode(value) {
      if (!Array.isArray(value)) throw mismatch(value, "an array");
      let index = 0;
      try {
        for (; index < value.length; index++) element.decode(value[index]);
      } catch (error) {
        throw inside(index, error);
      }
      return value;
    },
    arrange: element.arrange && listArranger(element.arrange),
  };
}

/** A key that may be absent or `null`; then it is left out. */
export function optional<T>(codec: Codec<T>): Codec<T | undefined> {
  return {
    decode: (value) => value === undefined || value === null ? undefined : codec.decode(value),
    arrange: (value) => value ?? undefined,
  };
}

/** A key that may be absent or `null`; then it is written as `null`. */
export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    decode: (value) => value === undefined || value === null ? null : codec.decode(value),
    arrange: (value) => value ?? null,
  };
}

/** A key that may be absent, though not `null`; then it has the value `fallback`, also when written. */
export function defaulted<T>(codec: Codec<T>, fallback: T): Codec<T> {
  return {
    decode: (value) => value === undefined ? fallback : codec.decode(value),
    arrange: (value) => value ?? fallback,
  };
}

/**
 * A key that this project adds to the wire. To older peers it is an unknown key: it is never a
 * reason to refuse a line (a value of another type is dropped) and no part of the canonical text.
 */
export function addition<T>(codec: Codec<T>): Codec<T | undefined> {
  return {
    decode(value) {
      if (value === undefined) return undefined;
      try {
        return codec.decode(value);
      } catch (error) {
        if (error instanceof ProtocolError) return undefined;
        throw error;
      }
    },
    arrange: (value, keepUnknown) => keepUnknown ? value : undefined,
  };
}

/** `choices` without a prototype, because a peer may well name something "toString" or "__proto__". */
export function lookup<T>(choices: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), choices);
}

/** `value` as an object with keys. */
export function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw mismatch(value, "an object");
  }
  return value as Record<string, unknown>;
}

/** What is wrong with a value that is not `expected`. */
export function mismatch(value: unknown, expected: string): ProtocolError {
  return new ProtocolError("$", value === undefined ? "is missing" : `must be ${expected}`);
}

/** What is wrong with a name that is not in the table. */
export function unknownName(name: string): ProtocolError {
  return new ProtocolError("$", `${quote(name)} is unknown`);
}

/** A string of a peer for an error message: quoted, and cut when long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function listArranger(arrange: Arrange): Arrange {
  return (value, keepUnknown) => {
    if (!Array.isArray(value)) return value;
    const isArranged = value.every((each) => arrange(each, keepUnknown) === each);
    return isArranged ? value : value.map((each) => arrange(each, keepUnknown));
  };
}

function settle(object: Record<string, unknown>, name: string, settled: unknown): void {
  if (settled === undefined) delete object[name];
  else object[name] = settled;
}
