/**
 * What a parsed value no longer shows, or was never asked about: repeated keys, integers that are
 * spelled as fractions, numbers beyond a double, halves of surrogate pairs.
 *
 * @module
 */

import { ProtocolError } from "../protocol/error.ts";

/** Where the format wants an integer. */
const INTEGER_PATH = new RegExp(
  String.raw`^\$\.(?:ts|turn_count|history_len|\w+_tokens|config\.(?:max_tokens|top_k|reasoning)` +
    String.raw`|(?:forked|compacted)_from\.at_turn_index|segments\[\d+\]\.(?:id|chars|lines))$`,
);

/** Keys of the format; any other key may be repeated, because readers ignore it. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  ..."kind ts session_id system_prompt config history forked_from compacted_from turn_count".split(
    " ",
  ),
  ..."trigger segments item interrupted result message history_len input_total_tokens".split(" "),
  ..."cache_read_tokens cache_write_tokens output_tokens domain payload segment_id".split(" "),
  ..."at_turn_index max_tokens temperature top_p top_k stop_sequences reasoning role".split(" "),
  ..."content text refusal call_id name arguments summary is_error encrypted_content".split(" "),
  ..."signature id chars lines path slug body event source pod_name parent_pod sub_pod".split(" "),
  ..."sub_socket scope target permission recursive".split(" "),
]);

/** The objects of the format; what is inside of payloads and unknown keys is nobody's business. */
const OBJECT_PATH = new RegExp(
  String.raw`^\$(?:\.config|\.(?:forked|compacted)_from|\.segments\[\d+\]` +
    String.raw`|\.(?:item|history\[\d+\])(?:\.content\[\d+\]|\.event(?:\.scope\[\d+\])?)?)?$`,
);

/**
 * Throws a `ProtocolError` when `text`, which must be valid JSON, repeats a known key, spells an
 * integer of the format as a fraction, or holds a number or a string that no reader could keep.
 */
export function checkSpelling(text: string): void {
  new SpellingWalk(text).value("$");
}

/** Walks over valid JSON text without building values. */
class SpellingWalk {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(path: string): void {
    this.#space();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(path);
      case "[":
        return this.#array(path);
      case '"':
        this.#string(path);
        return;
      default:
        return this.#scalar(path);
    }
  }

  #object(path: string): void {
    const seen = new Set<string>();
    this.#at++;
    for (this.#space(); this.#text[this.#at] !== "}"; this.#space()) {
      if (this.#text[this.#at] === ",") {
        this.#at++;
        this.#space();
      }
      const key = this.#string(path);
      if (seen.has(key) && KNOWN_KEYS.has(key) && OBJECT_PATH.test(path)) {
        throw new ProtocolError(`${path}.${key}`, "is there twice");
      }
      seen.add(key);
      this.#space();
      this.#at++; // the colon
      this.value(`${path}.${key}`);
    }
    this.#at++;
  }

  #array(path: string): void {
    this.#at++;
    this.#space();
    for (let index = 0; this.#text[this.#at] !== "]"; index++) {
      if (this.#text[this.#at] === ",") this.#at++;
      this.value(`${path}[${index}]`);
      this.#space();
    }
    this.#at++;
  }

  #string(path: string): string {
    const start = this.#at;
    let end = start;
    do end = this.#text.indexOf('"', end + 1); while (isEscaped(this.#text, end));
    this.#at = end + 1;
    const string: string = JSON.parse(this.#text.slice(start, this.#at));
    if (!string.isWellFormed()) throw new ProtocolError(path, "holds half of a surrogate pair");
    return string;
  }

  #scalar(path: string): void {
    const start = this.#at;
    while (this.#at < this.#text.length && !",]} \t\n\r".includes(this.#text[this.#at]!)) {
      this.#at++;
    }
    const token = this.#text.slice(start, this.#at);
    if (!/^[-\d]/.test(token)) return;
    const value = Number(token);
    if (!Number.isFinite(value)) throw new ProtocolError(path, "is beyond the range of a double");
    // Others than integers were judged by their values: they can only stand under unknown keys.
    const isCount = Number.isInteger(value) && value >= 0;
    if (isCount && /[-.eE]/.test(token) && INTEGER_PATH.test(path)) {
      throw new ProtocolError(path, `must be an unsigned integer, not ${token}`);
    }
  }

  #space(): void {
    while (this.#at < this.#text.length && " \t\n\r".includes(this.#text[this.#at]!)) this.#at++;
  }
}

/** Whether the character at `index` follows an odd number of backslashes. */
function isEscaped(text: string, index: number): boolean {
  let start = index;
  while (text[start - 1] === "\\") start--;
  return (index - start) % 2 === 1;
}
