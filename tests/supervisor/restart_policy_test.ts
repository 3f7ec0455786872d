import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  decideRestart,
  NO_HISTORY,
  type RestartPolicy,
  type UnaskedEnd,
} from "../../lib/supervisor/restart_policy.ts";

const POLICY: RestartPolicy = {
  restart: "on-failure",
  backoff: { initialMs: 200, maxMs: 10_000, factor: 2, resetAfterMs: 30_000 },
  maxRestarts: 10,
};

const CRASH: UnaskedEnd = { code: 3, signal: null, ranMs: 5 };

Deno.test("decideRestart() restarts after the endings that the mode names", () => {
  const ends: UnaskedEnd[] = [
    { code: 0, signal: null, ranMs: 5 },
    CRASH,
    { code: 139, signal: "SIGSEGV", ranMs: 5 },
    { code: 0, signal: null, ranMs: 0, isFailed: true },
  ];
  const kinds = (restart: RestartPolicy["restart"]) =>
    ends.map((end) => decideRestart({ ...POLICY, restart }, NO_HISTORY, end).kind);
  assertEquals(kinds("never"), ["ended", "ended", "ended", "ended"]);
  assertEquals(kinds("on-failure"), ["ended", "restart", "restart", "restart"]);
  assertEquals(kinds("always"), ["restart", "restart", "restart", "restart"]);
});

Deno.test("decideRestart() waits longer each time, up to the cap, then gives up", () => {
  assertEquals(delaysOf(POLICY), [200, 400, 800, 1600, 3200, 6400, ...Array(4).fill(10_000)]);
  const flat = { ...POLICY, backoff: { ...POLICY.backoff, factor: 1 }, maxRestarts: 3 };
  assertEquals(delaysOf(flat), [200, 200, 200]);
  const capped = { ...POLICY, backoff: { ...POLICY.backoff, maxMs: 50 }, maxRestarts: 2 };
  assertEquals(delaysOf(capped), [50, 50]);
});

Deno.test("decideRestart() begins anew after a healthy run, at exactly resetAfterMs", () => {
  const decide = (ranMs: number) => decideRestart(POLICY, { consecutive: 10 }, { ...CRASH, ranMs });
  assertEquals(decide(29_999), { kind: "given_up" });
  assertEquals(decide(30_000), { kind: "restart", delayMs: 200, history: { consecutive: 1 } });
});

Deno.test("decideRestart() never waits a time that a timer cannot keep", () => {
  const backoff = fc.record({
    initialMs: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    maxMs: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    factor: fc.double({ min: 1, noNaN: true, noDefaultInfinity: true }),
    resetAfterMs: fc.constant(1_000),
  });
  fc.assert(fc.property(backoff, fc.nat(100_000), (backoff, consecutive) => {
    const policy = { ...POLICY, backoff, maxRestarts: 100_002 };
    const decision = decideRestart(policy, { consecutive }, CRASH);
    assert(decision.kind === "restart");
    assert(Number.isInteger(decision.delayMs) && decision.delayMs <= backoff.maxMs);
    assert(decision.delayMs >= Math.min(backoff.initialMs, backoff.maxMs));
    const next = decideRestart(policy, decision.history, CRASH);
    assert(next.kind === "restart" && next.delayMs >= decision.delayMs);
  }));
});

/** The waits of a child that crashes until it is given up. */
function delaysOf(policy: RestartPolicy): number[] {
  const delays: number[] = [];
  let decision = decideRestart(policy, NO_HISTORY, CRASH);
  for (; decision.kind === "restart"; decision = decideRestart(policy, decision.history, CRASH)) {
    delays.push(decision.delayMs);
  }
  assertEquals(decision, { kind: "given_up" });
  return delays;
}

Deno.test("decideRestart() waits for nothing where no wait is wanted, however often it restarts", () => {
  const backoff = { initialMs: 0, maxMs: 10, factor: 2, resetAfterMs: 30_000 };
  const policy = { restart: "always", backoff, maxRestarts: 5_000 } as const;
  const decision = decideRestart(policy, { consecutive: 2_000 }, {
    code: 1,
    signal: null,
    ranMs: 1,
  });
  assertEquals(decision.kind === "restart" && decision.delayMs, 0);
});
