/**
 * What a person puts into one submission: text, pasted blocks and references.
 *
 * Source: protocol specification, section 2.1.
 *
 * @module
 */

/** Text that a person typed. */
export interface TextSegment {
  /** Tells it from the other segments. */
  kind: "text";
  /** The text. */
  content: string;
}

/** A pasted block; the counters are display data and are not checked against `content`. */
export interface PasteSegment {
  /** Tells it from the other segments. */
  kind: "paste";
  /** Number of the paste within its submission, an unsigned 32-bit integer. */
  id: number;
  /** Characters of `content` as the sender counted them. */
  chars: number;
  /** Lines of `content` as the sender counted them. */
  lines: number;
  /** The pasted text. */
  content: string;
}

/** A reference to a file or folder, `@path` in text. */
export interface FileRefSegment {
  /** Tells it from the other segments. */
  kind: "file_ref";
  /** Path as it was typed; not checked. */
  path: string;
}

/** A reference to a knowledge record, `#slug` in text. */
export interface KnowledgeRefSegment {
  /** Tells it from the other segments. */
  kind: "knowledge_ref";
  /** Name of the record; not checked. */
  slug: string;
}

/** The invocation of a workflow, `/slug` in text. */
export interface WorkflowInvokeSegment {
  /** Tells it from the other segments. */
  kind: "workflow_invoke";
  /** Name of the workflow; not checked. */
  slug: string;
}

/** A segment this version knows. */
export type KnownSegment =
  | TextSegment
  | PasteSegment
  | FileRefSegment
  | KnowledgeRefSegment
  | WorkflowInvokeSegment;

/**
 * A segment of a kind this version does not know. The original object is kept, so that a log and
 * newer readers lose nothing; older readers see `{"kind":"unknown"}`.
 */
export interface UnknownSegment {
  /** Any other word, also `unknown`. */
  kind: string;
  /** Whatever a newer peer put there. */
  [key: string]: unknown;
}

/** One piece of a submission. Narrow it with {@linkcode isKnownSegment} before switching on `kind`. */
export type Segment = KnownSegment | UnknownSegment;

/** Whether this version knows the kind of `segment`. */
export function isKnownSegment(segment: Segment): segment is KnownSegment {
  switch (segment.kind) {
    case "text":
    case "paste":
    case "file_ref":
    case "knowledge_ref":
    case "workflow_invoke":
      return true;
    default:
      return false;
  }
}

/** The text that stands for a segment of an unknown kind. */
export const UNKNOWN_SEGMENT_TEXT = "[unknown input segment]";

/**
 * The text of one segment as the model sees it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { flattenSegment } from "./segment.ts";
 * assert(flattenSegment({ kind: "file_ref", path: "src/a.ts" }) === "@src/a.ts");
 * ```
 */
export function flattenSegment(segment: Segment): string {
  if (!isKnownSegment(segment)) return UNKNOWN_SEGMENT_TEXT;
  switch (segment.kind) {
    case "text":
    case "paste":
      return segment.content;
    case "file_ref":
      return `@${segment.path}`;
    case "knowledge_ref":
      return `#${segment.slug}`;
    case "workflow_invoke":
      return `/${segment.slug}`;
  }
}

/**
 * The user message that a submission becomes: its pieces in order, without a separator. Pure: it
 * reads no file and resolves no reference.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { flattenSegments } from "./segment.ts";
 * const text = flattenSegments([
 *   { kind: "text", content: "explain " },
 *   { kind: "file_ref", path: "src/a.ts" },
 * ]);
 * assert(text === "explain @src/a.ts");
 * ```
 */
export function flattenSegments(segments: readonly Segment[]): string {
  let text = "";
  for (const segment of segments) text += flattenSegment(segment);
  return text;
}
