/** Finding lines in the bytes of one file: the part of a search that runs in a worker. @module */

/** One file to look into. */
export interface MatchRequest {
  bytes: Uint8Array;
  /** Source and flags of a JavaScript regular expression; see `_regex_syntax.ts`. */
  source: string;
  flags: string;
  multiline: boolean;
  before: number;
  after: number;
  /** Matching lines after which the search of the file may end. */
  maxMatches: number;
}

/** What was found, in order, context included. */
export interface MatchReply {
  lines: { number: number; text: string; isMatch: boolean }[];
}

/**
 * Finds the lines of one file that an expression matches, and their context.
 *
 * The worker is started from the text of this function, so that it also starts where the program is
 * one bundled file: **everything it uses has to stand inside it**, types excepted.
 */
export function findLines(request: MatchRequest): MatchReply {
  const BINARY_BLOCK = 64 * 1024;
  const { source, flags, multiline, maxMatches, before, after } = request;
  const lines = splitLines(decode(request.bytes));
  const found = multiline
    ? matchText(new RegExp(source, flags + "g"), lines, maxMatches)
    : matchEach(new RegExp(source, flags), lines, maxMatches);
  return { lines: withContext(found, lines, before, after) };

  /** Numbers, from 0, of the lines in which the expression matches. */
  function matchEach(regex: RegExp, lines: readonly string[], maxMatches: number): number[] {
    const found: number[] = [];
    for (let at = 0; at < lines.length && found.length < maxMatches; at++) {
      if (regex.test(lines[at]!.replace(/\r?\n$/, ""))) found.push(at);
    }
    return found;
  }

  /** Numbers, from 0, of the lines that matches over the whole text touch. */
  function matchText(regex: RegExp, lines: readonly string[], maxMatches: number): number[] {
    const text = lines.join("");
    const found: number[] = [];
    let line = 0;
    let lineStart = 0;
    const isOnLine = (index: number) =>
      index < lineStart + lines[line]!.length || line === lines.length - 1;
    for (const match of text.matchAll(regex)) {
      // Behind the last line feed there is no line.
      if (match.index === text.length && !/[^\n]$/.test(text)) break;
      while (!isOnLine(match.index)) lineStart += lines[line++]!.length;
      if (found.at(-1) !== line) found.push(line);
      while (!isOnLine(match.index + match[0].length - 1)) {
        lineStart += lines[line++]!.length;
        found.push(line);
      }
      if (found.length >= maxMatches) break;
    }
    return found;
  }

  function withContext(
    found: readonly number[],
    lines: readonly string[],
    before: number,
    after: number,
  ): MatchReply["lines"] {
    const shown: MatchReply["lines"] = [];
    let next = 0;
    found.forEach((match, index) => {
      const limit = found[index + 1] ?? lines.length;
      for (let at = Math.max(next, match - before); at < limit && at <= match + after; at++) {
        shown.push({ number: at + 1, text: display(lines[at]!), isMatch: at === match });
        next = at + 1;
      }
    });
    return shown;
  }

  function splitLines(text: string): string[] {
    return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  }

  /** Text in which bytes that are not UTF-8 are lone surrogates, which no expression matches. */
  function decode(bytes: Uint8Array): string {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
    const nul = bytes.indexOf(0);
    // As in ripgrep, the block that holds a NUL is not searched, those before it are.
    const text = nul < 0 ? bytes : bytes.subarray(0, nul - nul % BINARY_BLOCK);
    const hasMark = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf;
    return decodeBytes(hasMark ? text.subarray(3) : text);
  }

  function decodeBytes(bytes: Uint8Array): string {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    try {
      return strict.decode(bytes);
    } catch {
      if (bytes.length === 1) return String.fromCharCode(0xdc00 | bytes[0]!);
    }
    const parts: string[] = [];
    const lines = bytes.includes(10) && bytes.indexOf(10) < bytes.length - 1;
    for (let start = 0, end; start < bytes.length; start = end) {
      const feed = lines ? bytes.indexOf(10, start) : -1;
      end = lines ? (feed < 0 ? bytes.length : feed + 1) : start + letterLength(bytes, start);
      parts.push(decodeBytes(bytes.subarray(start, end)));
    }
    return parts.join("");
  }

  /** Bytes of the letter that begins at an offset; 1 when none does. */
  function letterLength(bytes: Uint8Array, start: number): number {
    const lead = bytes[start]!;
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    try {
      strict.decode(bytes.subarray(start, start + length));
      return length;
    } catch {
      return 1;
    }
  }

  /** The line without its end, as a lossy decoder shows its bytes. */
  function display(line: string): string {
    return line.replace(/\r?\n$/, "").replace(
      /[\udc80-\udcff]+/gu,
      (run) => new TextDecoder().decode(Uint8Array.from(run, (unit) => unit.charCodeAt(0) & 0xff)),
    );
  }
}
