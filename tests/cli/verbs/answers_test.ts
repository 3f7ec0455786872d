import { assertEquals } from "@std/assert";
import { cancelAnswer } from "../../../lib/cli/verbs/cancel.ts";
import { compactAnswer } from "../../../lib/cli/verbs/compact.ts";
import { pauseAnswer } from "../../../lib/cli/verbs/pause.ts";
import type { Event } from "../../../lib/protocol/event.ts";

const runEnd = (result: "finished" | "paused" | "rolled_back"): Event => ({
  event: "run_end",
  data: { result },
});
const error: Event = { event: "error", data: { code: "internal", message: "Cancelled" } };

Deno.test("pauseAnswer() takes a paused or rolled back turn for success, an ended one for failure", () => {
  const failed = (event: Event, isOurs = false) =>
    pauseAnswer("demo", event, isOurs) && (pauseAnswer("demo", event, isOurs)!.isFailure ?? false);
  assertEquals(
    [runEnd("paused"), runEnd("rolled_back"), runEnd("finished"), error].map((event) =>
      failed(event)
    ),
    [false, false, true, true],
  );
  const status: Event = { event: "status", data: { status: "paused" } };
  // Our own answer means that there was nothing to do; the one for all comes behind `run_end`.
  assertEquals([failed(status, true), failed(status, false)], [false, undefined]);
  assertEquals(failed(error, true), undefined);
});

Deno.test("cancelAnswer() tells the end of the turn from the refusal", () => {
  assertEquals(cancelAnswer(error, false)?.isFailure, undefined);
  assertEquals(cancelAnswer(error, false)?.text, "The turn is cancelled");
  assertEquals(cancelAnswer(error, true), undefined);
  assertEquals(cancelAnswer(runEnd("finished"), false)?.isFailure, true);
  assertEquals(cancelAnswer({ event: "compact_failed", data: { error: "Cancelled" } }, false), {
    text: "The compaction is cancelled",
  });
});

Deno.test("compactAnswer() hears the compactor only", () => {
  const alert = (source: "pod" | "compactor"): Event => ({
    event: "alert",
    data: { level: "warn", source, message: "too short", timestamp_ms: 1 },
  });
  assertEquals(compactAnswer(alert("pod")), undefined);
  assertEquals(compactAnswer(alert("compactor"))?.isFailure, true);
  const done = compactAnswer({ event: "compact_done", data: { new_segment_id: "x" } });
  assertEquals([done?.isFailure, done?.text.includes("x")], [undefined, true]);
});
