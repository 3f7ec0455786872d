/** The shapes of segments. Source: protocol specification, section 2.1. @module */

import { type Codec, list, record, tagged, tagOf } from "./_codec.ts";
import { soundly } from "./_json_value.ts";
import { text, u32 } from "./_scalars.ts";
import type { KnownSegment, Segment, UnknownSegment } from "./segment.ts";

const choices: { [Kind in KnownSegment["kind"]]: Codec<Extract<KnownSegment, { kind: Kind }>> } = {
  text: record({ kind: tagOf("text"), content: text }),
  paste: record({ kind: tagOf("paste"), id: u32, chars: u32, lines: u32, content: text }),
  file_ref: record({ kind: tagOf("file_ref"), path: text }),
  knowledge_ref: record({ kind: tagOf("knowledge_ref"), slug: text }),
  workflow_invoke: record({ kind: tagOf("workflow_invoke"), slug: text }),
};

const UNKNOWN: Readonly<UnknownSegment> = { kind: "unknown" };

/** A kind of a newer peer: kept as it is, `unknown` to readers that do not know it either. */
const unknown: Codec<Segment> = {
  decode: (value) => value as Segment,
  arrange: (value, keepUnknown) => keepUnknown ? value : UNKNOWN,
};

/** A submission, three containers deep in every line that holds one. */
export const segments: Codec<Segment[]> = list(
  soundly(tagged<Segment>("kind", choices, unknown), 3),
);
