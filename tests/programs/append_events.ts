/**
 * Appends events to a thread, one write each.
 *
 * Arguments: the thread, how many events, and the body of each.
 *
 * @module
 */

import { AppendFile } from "../../lib/file/append_file.ts";
import { renderEvent } from "../../lib/ticket/event_text.ts";

const [path, count, body] = [Deno.args[0]!, Number(Deno.args[1]), Deno.args[2]!];
await using file = await AppendFile.open(path);
const event = { kind: "comment", author: "kim", at: "2026-06-02T00:00:00Z", heading: "Comment" };
for (let index = 0; index < count; index++) {
  file.append(new TextEncoder().encode(`\n${renderEvent({ ...event, body })}`));
}
