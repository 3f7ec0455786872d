import { assertEquals } from "@std/assert";
import { type ChildEnd, exitCodeOf, reasonOfBrokenOutput } from "../../lib/supervisor/exit_code.ts";

const DONE: ChildEnd = { code: 0, signal: null, isGivenUp: false };
const FAILED: ChildEnd = { code: 3, signal: null, isGivenUp: false };
const KILLED: ChildEnd = { code: 137, signal: "SIGKILL", isGivenUp: false };

Deno.test("exitCodeOf() an asked-for shutdown is 0, a forced one says which signal", () => {
  assertEquals(exitCodeOf({ kind: "asked" }), 0);
  assertEquals(exitCodeOf({ kind: "forced", signal: "SIGINT" }), 130);
  assertEquals(exitCodeOf({ kind: "forced", signal: "SIGTERM" }), 143);
});

Deno.test("exitCodeOf() passes a critical child's code on, never 0 for one that was given up", () => {
  const codeOf = (end: ChildEnd) => exitCodeOf({ kind: "critical_child", child: "db", end });
  assertEquals([codeOf(DONE), codeOf(FAILED), codeOf(KILLED)], [0, 3, 137]);
  assertEquals(codeOf({ ...FAILED, isGivenUp: true }), 3);
  assertEquals(codeOf({ ...DONE, isGivenUp: true }), 1);
});

Deno.test("exitCodeOf() children that all ended are 0 only if each of them is", () => {
  const codeOf = (...ends: ChildEnd[]) => exitCodeOf({ kind: "all_ended", ends });
  assertEquals([codeOf(DONE), codeOf(DONE, DONE)], [0, 0]);
  assertEquals([codeOf(DONE, FAILED), codeOf(KILLED)], [1, 1]);
  assertEquals(codeOf(DONE, { ...DONE, isGivenUp: true }), 1);
});

Deno.test("exitCodeOf() closed output is 141, a fault of our own 70", () => {
  assertEquals(exitCodeOf({ kind: "output_closed" }), 141);
  assertEquals(exitCodeOf({ kind: "fault", error: new Error("no") }), 70);
});

Deno.test("reasonOfBrokenOutput() tells a reader that left from an output that is broken", () => {
  const gone = new Deno.errors.BrokenPipe("gone");
  assertEquals(reasonOfBrokenOutput(gone), { kind: "output_closed" });
  assertEquals(reasonOfBrokenOutput(new Error("x", { cause: gone })), { kind: "output_closed" });
  const reason = reasonOfBrokenOutput(new Error("no space"));
  assertEquals([reason.kind, exitCodeOf(reason)], ["fault", 70]);
});
