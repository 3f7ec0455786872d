/**
 * Keeping the texts of tickets within the bounds of a tool's answer. Cuts fall between letters as
 * people see them, so that no flag, accent or family of emoji is torn; the stated bounds are maxima.
 *
 * Source: tickets specification, section 11 and W21.
 *
 * @module
 */

/** Most bytes of an answer: what the worker lets through by default. */
export const MAX_CONTENT_BYTES = 64 * 1024;

/** Below this many bytes a text says too little; then whole entries go. */
const MIN_TEXT_BYTES = 512;

const encoder = new TextEncoder();
const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Length of a text in UTF-8 bytes. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/**
 * The text if it has at most `maxBytes` bytes, else its beginning with a marker that names the bytes
 * above the limit. The marker counts.
 */
export function cutToBytes(text: string, maxBytes: number): string {
  // A UTF-16 unit takes at most three bytes: short texts need no look at their bytes.
  if (text.length * 3 <= maxBytes) return text;
  const excess = byteLength(text) - maxBytes;
  if (excess <= 0) return text;
  const marker = `[truncated: ${excess} bytes dropped]`;
  const room = maxBytes - marker.length;
  if (room <= 0) return marker.slice(0, maxBytes);
  const { read } = encoder.encodeInto(text, new Uint8Array(room));
  return text.slice(0, letterBoundary(text, read)) + marker;
}

/** The mark that {@linkcode cutToBytes} leaves. */
export interface Marker {
  /** As it stands in the text. */
  readonly text: string;
  /** The bytes that it names. */
  readonly dropped: number;
}

/** Every marker of {@linkcode cutToBytes} in a text. */
export function markersIn(text: string): Marker[] {
  return [...text.matchAll(/\[truncated: (\d+) bytes dropped\]/g)]
    .map(([marker, dropped]) => ({ text: marker, dropped: Number(dropped) }));
}

/** One line of at most `maxCharacters` characters: runs of blanks become one, a cut ends in `...`. */
export function oneLine(text: string, maxCharacters: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  const characters = [...line];
  if (characters.length <= maxCharacters) return line;
  const kept = characters.slice(0, maxCharacters - ELLIPSIS.length).join("");
  return line.slice(0, letterBoundary(line, kept.length)) + ELLIPSIS;
}

const ELLIPSIS = "...";

/** How much an answer may say. */
export interface ContentBounds {
  /** Bytes of each text. */
  text: number;
  /** Entries of each list. */
  rows: number;
}

/**
 * Renders an answer as JSON that stays valid and whole below {@linkcode MAX_CONTENT_BYTES}: when it
 * is too long, first its texts get shorter, then its lists.
 *
 * @param render Makes the answer within the bounds it is given.
 * @param bounds What is wanted, when there is room for it.
 */
export function fitContent(
  render: (bounds: ContentBounds) => unknown,
  bounds: ContentBounds,
): string {
  const whole = JSON.stringify(render(bounds), null, 2);
  if (isFitting(whole)) return whole;
  let { text } = bounds;
  while (text > MIN_TEXT_BYTES) {
    text = Math.max(MIN_TEXT_BYTES, text >> 1);
    const shorter = stringifyWithin(render({ text, rows: bounds.rows }), text);
    if (isFitting(shorter)) return shorter;
  }
  const withRows = (rows: number) => stringifyWithin(render({ text, rows }), text);
  // The largest number of rows that fits; none at all is the last resort.
  let most = 0;
  let tooMany = bounds.rows;
  while (tooMany - most > 1) {
    const rows = (most + tooMany) >> 1;
    if (isFitting(withRows(rows))) most = rows;
    else tooMany = rows;
  }
  return withRows(most);
}

function isFitting(content: string): boolean {
  return byteLength(content) <= MAX_CONTENT_BYTES;
}

/** As JSON, with every text of it cut; names and times are never worth cutting. */
function stringifyWithin(value: unknown, maxBytes: number): string {
  const limit = Math.max(maxBytes, MIN_TEXT_BYTES);
  const cut = (_key: string, part: unknown) =>
    typeof part === "string" ? cutToBytes(part, limit) : part;
  return JSON.stringify(value, cut, 2);
}

/** The last place at or before `index` where a letter begins. */
function letterBoundary(text: string, index: number): number {
  if (index >= text.length) return text.length;
  return letters.segment(text).containing(index)?.index ?? index;
}
