/** A program that appends to the log named by its argument until it cannot, or is killed. */

import { SegmentLog } from "../../lib/session/segment_log.ts";
import { SessionError } from "../../lib/session/session_error.ts";

const encoder = new TextEncoder();
const log = await SegmentLog.open(Deno.args[0]!);
try {
  for (let count = 1;; count++) {
    log.append({ kind: "run_errored", interrupted: true, message: `日本 ${count}`.repeat(20) });
    Deno.stdout.writeSync(encoder.encode(`${log.entryCount}\n`));
  }
} catch (error) {
  if (!(error instanceof SessionError)) throw error;
  // What was said before still holds, and a smaller entry must not be glued to a torn one.
  const after = await Deno.readFile(log.path);
  const whole = after.at(-1) === 10;
  Deno.stdout.writeSync(encoder.encode(`${error.code} ${log.entryCount} ${whole}\n`));
}
await log[Symbol.asyncDispose]();
