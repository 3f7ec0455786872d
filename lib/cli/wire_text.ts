/** @module */

import { encodeEvent } from "../protocol/encode.ts";
import type { Event } from "../protocol/event.ts";

/** An event as one line of the wire, with everything that came with it. */
export function wireText(event: Event): string {
  return `${encodeEvent(event, { keepUnknown: true })}\n`;
}
