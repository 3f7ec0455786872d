/** @module */

import { TextLineStream } from "@std/streams";
import type { TextSource } from "./read_text.ts";

/** The lines of a text, as they come. */
export async function* readLines({ readable }: TextSource): AsyncGenerator<string> {
  const text = (readable as ReadableStream<Uint8Array<ArrayBuffer>>)
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  yield* text;
}
