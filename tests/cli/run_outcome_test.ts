import { assertEquals } from "@std/assert";
import { runOutcome } from "../../lib/cli/run_outcome.ts";
import type { ErrorCode, Event, RunResult } from "../../lib/protocol/event.ts";

const ended = (result: RunResult): Event => ({ event: "run_end", data: { result } });
const failed = (code: ErrorCode, id?: string): Event => ({
  event: "error",
  data: { code, message: "because" },
  ...(id === undefined ? {} : { id }),
});

Deno.test("runOutcome() is done when the turn is", () => {
  assertEquals(runOutcome(ended("finished"), "me", "demo"), { isDone: true });
  assertEquals(runOutcome(ended("limit_reached"), "me", "demo"), { isDone: true });
});

Deno.test("runOutcome() is not done when the turn was paused, rolled back, or failed", () => {
  const outcomes = [
    ended("paused"),
    ended("rolled_back"),
    failed("provider_error", "me"),
    { event: "shutdown" } as const,
  ].map((event) => runOutcome(event, "me", "demo")?.isDone);
  assertEquals(outcomes, [false, false, false, false]);
});

Deno.test("runOutcome() leaves errors of others alone", () => {
  assertEquals(runOutcome(failed("already_running", "you"), "me", "demo"), undefined);
  assertEquals(runOutcome(failed("provider_error", "you"), "me", "demo"), undefined);
  // A Pod that repeats no ids: refusals are for others while our turn runs.
  assertEquals(runOutcome(failed("already_running"), undefined, "demo"), undefined);
  assertEquals(runOutcome(failed("internal"), undefined, "demo"), {
    isDone: false,
    reason: "because",
  });
});

Deno.test("runOutcome() hears nothing in other events", () => {
  assertEquals(runOutcome({ event: "text_done", data: { text: "x" } }, "me", "demo"), undefined);
});
