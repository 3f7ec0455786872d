/** Random lives of a supervisor, each from a seed, and what must hold in all of them. @module */

import { assert, assertEquals } from "@std/assert";
import {
  identify,
  isAlive,
  liveGroupMembers,
  type ProcessIdentity,
} from "../../lib/process/identity.ts";
import { Supervisor } from "../../lib/supervisor/supervisor.ts";
import type { ChildConfig } from "../../lib/supervisor/supervisor_config.ts";
import { Recorder } from "./_supervised.ts";

/** Milliseconds after which a life counts as one without an end; all bounds in it are far shorter. */
const BOUND_MS = 20_000;

/** What a life was like. */
export interface Life {
  /** Processes that were started. */
  started: number;
  /** Exit code. */
  code: number;
  /** Why it ended. */
  reason: string;
}

/** Lives one life and checks it. */
export async function live(seed: number): Promise<Life> {
  const random = randomFrom(seed);
  const heard = new Recorder();
  const faults: string[] = [];
  const leaders: ProcessIdentity[] = [];
  const abort = new AbortController();
  const children = childrenFrom(random);
  const supervisor = Supervisor.start({ shutdownTimeoutMs: 200, children }, {
    signal: abort.signal,
    onEvent(event) {
      heard.listen(event);
      if (event.event !== "child_started") return;
      const { child, pid } = event.data;
      const previous = heard.of("child_started", child).at(-2);
      if (previous && liveGroupMembers(previous.pid).length > 0) faults.push(`two of ${child}`);
      const leader = identify(pid);
      if (leader) leaders.push(leader);
    },
  });
  const requests: Promise<unknown>[] = [];
  const ask = (request: Promise<unknown>) => requests.push(request.catch((error) => error.code));
  const end = deadline(`seed ${seed}: no end within ${BOUND_MS} ms`);
  try {
    for (let step = 10 + random(20); step > 0; step--) {
      await act(supervisor, children, random, ask, heard);
    }
    switch (random(4)) {
      case 0:
        abort.abort();
        break;
      case 1:
        ask(supervisor.shutdown({ now: true, signal: "SIGINT" }));
        break;
      case 2: // a second signal, in the midst of it
        ask(supervisor.shutdown());
        await pause(random(20));
        ask(supervisor.shutdown({ now: true, signal: "SIGTERM" }));
    }
    await Promise.race([supervisor[Symbol.asyncDispose](), end.promise]);
    await Promise.race([Promise.all(requests), end.promise]);
  } finally {
    end.clear();
  }

  const story = `seed ${seed}`;
  assertEquals(faults, [], story);
  const started = heard.of("child_started");
  assertEquals(heard.of("child_exited").length, started.length, story);
  for (const { name } of children) {
    const turns = heard.story().filter((turn) => /^\S+ (started|exited)$/.test(turn))
      .filter((turn) => turn.startsWith(`${name} `));
    turns.forEach((turn, at) => assert(turn.endsWith(at % 2 ? "exited" : "started"), story));
  }
  assertEquals(leaders.filter(isAlive), [], story);
  assertEquals(started.flatMap(({ pid }) => liveGroupMembers(pid)), [], story);
  for (const { state, pid } of supervisor.status().children) {
    assert(pid === undefined && ["exited", "given_up"].includes(state), story);
  }
  const { code, reason } = await supervisor.done;
  assert(reason.kind !== "fault", story);
  return { started: started.length, code, reason: reason.kind };
}

/** Scripts of children, from the meekest to the wildest. */
const SCRIPTS = [
  "echo up; exec sleep 600",
  `trap "" TERM; echo up; while :; do sleep 600; done`,
  "sleep 600 & sleep 600 & echo up; wait",
  "echo up; exit 3",
  "echo up; sleep 0.02",
  "exit 0",
  "echo up; exec yes",
  "sleep 0.02; echo up; exec sleep 600",
];

function childrenFrom(random: Random): ChildConfig[] {
  const names = ["a", "b", "c", "d"].slice(0, 1 + random(4));
  return names.map((name, index) => ({
    name,
    command: random(12) === 0 ? ["/nowhere/program"] : ["sh", "-c", pick(SCRIPTS, random)],
    startAfter: names.slice(0, index).filter(() => random(3) === 0),
    stopTimeoutMs: 1 + random(40),
    readyTimeoutMs: 1 + random(200),
    ...(random(2) === 0 ? { readyLine: "up" } : {}),
    restart: pick(["never", "on-failure", "always"] as const, random),
    backoff: { initialMs: 1 + random(5), maxMs: 10 },
    maxRestarts: 1 + random(20),
    critical: random(8) === 0,
  }));
}

async function act(
  supervisor: Supervisor,
  children: readonly ChildConfig[],
  random: Random,
  ask: (request: Promise<unknown>) => void,
  heard: Recorder,
): Promise<void> {
  const { name } = pick(children, random);
  const { pid } = supervisor.status().children.find((child) => child.name === name)!;
  switch (random(9)) {
    case 0:
      return ask(supervisor.restart());
    case 1:
    case 2:
      for (let count = random(4); count >= 0; count--) ask(supervisor.restart(name));
      return;
    case 3:
      return signal(pid, "SIGKILL");
    case 4:
      return signal(pid, pick(["SIGTERM", "SIGHUP", "SIGSTOP", "SIGUSR2"] as const, random));
    case 5:
      if (random(10) === 0) ask(supervisor.shutdown());
      return;
    case 6: {
      // Whatever happens next, at the latest soon.
      const count = heard.events.length;
      for (let round = 0; round < 20 && heard.events.length === count; round++) await pause(1);
      return;
    }
    default:
      return await pause(random(15));
  }
}

/** The leader alone: what it leaves behind is the supervisor's to end. */
function signal(pid: number | undefined, signal: Deno.Signal): void {
  try {
    if (pid !== undefined) Deno.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function deadline(message: string): { promise: Promise<never>; clear: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => "told to those who wait");
  const timer = setTimeout(() => reject(new Error(message)), BOUND_MS);
  return { promise, clear: () => clearTimeout(timer) };
}

/** A whole number from 0 to `below`, itself not included. */
type Random = (below: number) => number;

/** Marsaglia's xorshift: the same numbers for the same seed, everywhere. */
function randomFrom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>>= 0;
  };
  for (let round = 0; round < 10; round++) next();
  return (below) => next() % below;
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[random(values.length)]!;
}
