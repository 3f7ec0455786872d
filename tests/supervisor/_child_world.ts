import { assert, assertEquals } from "@std/assert";
import type { ChildEffect, ChildInput, ChildPolicy } from "../../lib/supervisor/child_state.ts";
import { initialChild, isAtRest, isLive } from "../../lib/supervisor/child_state.ts";
import { stepChild } from "../../lib/supervisor/child_step.ts";
import type { ControlEvent } from "../../lib/supervisor/control_protocol.ts";

/** A policy that restarts after failures: 100, 200, 400 ms, at most three times in a row. */
export const POLICY: ChildPolicy = {
  restart: "on-failure",
  backoff: { initialMs: 100, maxMs: 350, factor: 2, resetAfterMs: 1_000 },
  maxRestarts: 3,
  readyTimeoutMs: 500,
};

/** The same for a child that says when it is ready. */
export const READY_POLICY: ChildPolicy = { ...POLICY, readyLine: "listening" };

/**
 * The world around one child: it does what the effects say, in the order they come, and fails the
 * test as soon as one of them cannot be done. Nothing happens in it by itself.
 */
export class ChildWorld {
  /** The child. */
  state = initialChild("web");
  /** The incarnation whose spawn is not answered yet. */
  spawning: number | undefined;
  /** The process that is not over. */
  live: { incarnation: number; pid: number; stop: "none" | "asked" | "forced" } | undefined;
  /** The timers that run, with their incarnation and time. */
  readonly timers = new Map<"backoff" | "ready", { incarnation: number; ms: number }>();
  /** What was told to the world. */
  readonly events: ControlEvent[] = [];
  /** How the restart requests ended. */
  readonly settled = new Map<number, string>();
  /** The ends for good, in order. */
  readonly ends: Extract<ChildEffect, { type: "ended_for_good" }>[] = [];
  readonly #policy: ChildPolicy;
  readonly #asked = new Map<number, number>();
  #now = 1_000;

  constructor(policy: ChildPolicy = POLICY) {
    this.#policy = policy;
  }

  /** How many requests were neither served nor refused. */
  get open(): number {
    return this.#asked.size - this.settled.size;
  }

  /** Names of the events so far. */
  get eventNames(): string[] {
    return this.events.map((event) => event.event);
  }

  input(input: ChildInput): readonly ChildEffect[] {
    const before = structuredClone(this.state);
    const { state, effects } = stepChild(this.state, input, this.#policy, this.#now++);
    assertEquals(this.state, before, "a step changes nothing that it was given");
    this.state = state;
    for (const effect of effects) this.#do(effect);
    this.#check();
    return effects;
  }

  /** Requests a restart; the answer is found in `settled` under the returned number. */
  restart(): number {
    const waiter = this.#asked.size;
    this.#asked.set(waiter, this.state.incarnation);
    this.input({ type: "restart", waiter });
    return waiter;
  }

  /** The process that is being spawned runs. */
  spawned(): void {
    const incarnation = this.#take(this.spawning);
    this.spawning = undefined;
    this.live = { incarnation, pid: 1_000 + incarnation, stop: "none" };
    this.input({ type: "spawned", incarnation, pid: 1_000 + incarnation });
  }

  spawnFailed(code = 127): void {
    const incarnation = this.#take(this.spawning);
    this.spawning = undefined;
    this.input({ type: "spawn_failed", incarnation, code, message: "no such program" });
  }

  ready(): void {
    this.input({ type: "ready", incarnation: this.state.incarnation });
  }

  /** The live process is over. */
  over(code = 0, ranMs = 10, signal: string | null = null): void {
    const { incarnation } = this.#take(this.live);
    this.live = undefined;
    this.input({ type: "over", incarnation, code, signal, ranMs });
  }

  fire(timer: "backoff" | "ready"): void {
    const { incarnation } = this.#take(this.timers.get(timer));
    this.timers.delete(timer);
    this.input({ type: timer === "backoff" ? "backoff_over" : "ready_overdue", incarnation });
  }

  /** Starts the child and lets it come up. */
  comeUp(): this {
    this.input({ type: "start" });
    this.calmDown();
    return this;
  }

  /** Answers everything in the best way until nothing is under way. */
  calmDown(): void {
    for (let turns = 0;; turns++) {
      assert(turns < 100, "it comes to rest");
      if (this.spawning !== undefined) this.spawned();
      else if (this.live && this.live.stop !== "none") this.over(143, 10, "SIGTERM");
      else if (this.live && this.state.phase === "starting") this.ready();
      else if (this.timers.has("backoff")) this.fire("backoff");
      else return;
    }
  }

  #do(effect: ChildEffect): void {
    switch (effect.type) {
      case "spawn":
        assertEquals(
          [this.spawning, this.live],
          [undefined, undefined],
          "one incarnation at a time",
        );
        assert(!this.state.isClosed, "a shutdown wins");
        assertEquals(effect.incarnation, this.state.incarnation);
        this.spawning = effect.incarnation;
        break;
      case "stop_incarnation": {
        const live = this.#take(this.live);
        assertEquals(effect.incarnation, live.incarnation);
        assert(live.stop === "none" || (live.stop === "asked" && effect.isForced), "one stop each");
        live.stop = effect.isForced ? "forced" : "asked";
        break;
      }
      case "start_timer":
        assert(!this.timers.has(effect.timer), "a timer is started once");
        this.timers.set(effect.timer, { incarnation: effect.incarnation, ms: effect.ms });
        break;
      case "clear_timer":
        assert(this.timers.delete(effect.timer), "only a running timer is cleared");
        break;
      case "emit":
        this.events.push(effect.event);
        break;
      case "settle_waiters":
        for (const id of effect.ids) this.#settle(id, effect.outcome);
        break;
      case "ended_for_good":
        this.ends.push(effect);
        break;
    }
  }

  #settle(id: number, outcome: Extract<ChildEffect, { type: "settle_waiters" }>["outcome"]): void {
    assert(!this.settled.has(id), "every waiter is settled once");
    if (outcome.kind === "started") {
      const { pid, incarnation } = this.#take(this.live);
      assertEquals(pid, 1_000 + incarnation);
      assert(incarnation > this.#take(this.#asked.get(id)), "what runs is newer than the request");
    }
    this.settled.set(id, outcome.kind === "started" ? "started" : outcome.error.code);
  }

  #check(): void {
    const { state } = this;
    const isBusy = this.live !== undefined || this.spawning !== undefined;
    assertEquals(isLive(state), isBusy, `${state.phase} says whether something is live`);
    assertEquals(this.timers.has("backoff"), state.phase === "backoff");
    const awaitsReady = state.phase === "starting" && this.live !== undefined;
    assertEquals(this.timers.has("ready"), awaitsReady && this.#policy.readyLine !== undefined);
    assertEquals(state.pid, this.live?.pid);
    const waiting = [...state.waiters, ...state.queued ?? []];
    const open = [...this.#asked.keys()].filter((id) => !this.settled.has(id));
    assertEquals(waiting.toSorted(), open.toSorted(), "nobody who waits is forgotten");
    if (isAtRest(state)) assertEquals([isBusy, this.timers.size, this.open], [false, 0, 0]);
  }

  #take<T>(value: T | undefined): T {
    assert(value !== undefined);
    return value;
  }
}
