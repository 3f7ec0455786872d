/** @module */

import { initialChild } from "./child_state.ts";
import type { ChildEffect, ChildInput, ChildState, WaiterOutcome } from "./child_state.ts";
import { stepChild } from "./child_step.ts";
import type { Clock } from "./clock.ts";
import type { ControlEvent } from "./control_protocol.ts";
import type { ChildEnd } from "./exit_code.ts";
import { Incarnation, type IncarnationOptions } from "./incarnation.ts";
import type { ProcessIdentity } from "../process/identity.ts";
import type { CompleteChild } from "./supervisor_config.ts";
import { SupervisorError } from "./supervisor_error.ts";

/** What a runner uses of its supervisor. None of these may wait. */
export interface ChildRunnerOptions {
  /** Where its incarnations print. */
  readonly sinks: IncarnationOptions["sinks"];
  /** How they print. */
  readonly form: IncarnationOptions["form"];
  /** Who else wants what they print. */
  readonly follow: NonNullable<IncarnationOptions["follow"]>;
  /** Time and timers. */
  readonly clock: Clock;
  /** Tells the world. */
  onEvent(event: ControlEvent): void;
  /** Told of every new process before anything else can happen. */
  onSpawned(identity: ProcessIdentity): void;
  /** Told when it is over. */
  onOver(): void;
  /** Told after every input, when all its effects are done. */
  onChange(): void;
  /** Told of a fault of the supervisor itself. */
  onFault(error: unknown): void;
}

/**
 * Runs one child: hands what happens to the pure step and does what that asks for. Owns the child's
 * incarnation and its timers; the incarnation's end is the only thing it ever waits for, and it
 * comes back as an input.
 */
export class ChildRunner {
  /** The child's configuration. */
  readonly config: CompleteChild;
  readonly #options: ChildRunnerOptions;
  readonly #inputs: ChildInput[] = [];
  readonly #timers = new Map<"backoff" | "ready", () => void>();
  readonly #waiters = new Map<number, PromiseWithResolvers<void>>();
  #state: ChildState;
  #incarnation: Incarnation | undefined;
  #end: ChildEnd | undefined;
  #nextWaiter = 1;
  #isStepping = false;

  /** A child that waits for its start. */
  constructor(config: CompleteChild, options: ChildRunnerOptions) {
    this.config = config;
    this.#options = options;
    this.#state = initialChild(config.name);
  }

  /** Where the child stands. */
  get state(): ChildState {
    return this.#state;
  }

  /** How the child ended for good, if it has. */
  get end(): ChildEnd | undefined {
    return this.#end;
  }

  /** Takes what happened; what it means is decided, and done, before this returns. */
  dispatch(input: ChildInput): void {
    this.#inputs.push(input);
    if (this.#isStepping) return;
    this.#isStepping = true;
    for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) {
      this.#contain(() => this.#step(next));
    }
    this.#isStepping = false;
    this.#options.onChange();
  }

  /** Requests a restart; settles as decision 49 says. */
  restart(): Promise<void> {
    const waiter = this.#nextWaiter++;
    const settled = Promise.withResolvers<void>();
    this.#waiters.set(waiter, settled);
    this.dispatch({ type: "restart", waiter });
    return settled.promise;
  }

  /** Tells those who wait for a restart that it will not come. */
  rejectWaiters(error: SupervisorError): void {
    this.#settle([...this.#waiters.keys()], { kind: "rejected", error });
  }

  #step(input: ChildInput): void {
    const { state, effects } = stepChild(
      this.#state,
      input,
      this.config,
      this.#options.clock.now(),
    );
    this.#state = state;
    for (const effect of effects) this.#contain(() => this.#perform(effect));
  }

  /** What fails must not keep the rest from being done. */
  #contain(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  #perform(effect: ChildEffect): void {
    switch (effect.type) {
      case "spawn":
        return this.#spawn(effect.incarnation);
      case "stop_incarnation":
        return effect.isForced ? this.#incarnation?.kill() : this.#incarnation?.stop();
      case "start_timer":
        return this.#startTimer(effect);
      case "clear_timer":
        return this.#clearTimer(effect.timer);
      case "emit":
        return this.#options.onEvent(effect.event);
      case "settle_waiters":
        return this.#settle(effect.ids, effect.outcome);
      case "ended_for_good":
        this.#end = { code: effect.code, signal: effect.signal, isGivenUp: effect.isGivenUp };
    }
  }

  #spawn(incarnation: number): void {
    this.#end = undefined;
    const live = this.#tryStart(incarnation);
    if (!live) return;
    this.#incarnation = live;
    this.#watch(live, incarnation).catch(this.#options.onFault);
    if (live.identity) this.#options.onSpawned(live.identity);
    this.dispatch({ type: "spawned", incarnation, pid: live.pid });
  }

  #tryStart(incarnation: number): Incarnation | undefined {
    const { sinks, form, follow, clock } = this.#options;
    try {
      return Incarnation.start(this.config, {
        sinks,
        form,
        follow,
        clock,
        onReady: () => this.dispatch({ type: "ready", incarnation }),
        onFailure: (error) => this.#report(error),
      });
    } catch (error) {
      if (!(error instanceof SupervisorError)) throw error;
      const { message, exitCode: code = 1 } = error;
      this.dispatch({ type: "spawn_failed", incarnation, code, message });
    }
  }

  async #watch(live: Incarnation, incarnation: number): Promise<void> {
    const end = await live.over;
    this.#incarnation = undefined;
    this.#options.onOver();
    this.dispatch({ type: "over", incarnation, ...end });
  }

  #startTimer({ timer, incarnation, ms }: Extract<ChildEffect, { type: "start_timer" }>): void {
    this.#clearTimer(timer);
    const type = timer === "backoff" ? "backoff_over" : "ready_overdue";
    const clear = this.#options.clock.startTimer(ms, () => {
      this.#timers.delete(timer);
      this.dispatch({ type, incarnation });
    });
    this.#timers.set(timer, clear);
  }

  #clearTimer(timer: "backoff" | "ready"): void {
    this.#timers.get(timer)?.();
    this.#timers.delete(timer);
  }

  #settle(ids: readonly number[], outcome: WaiterOutcome): void {
    for (const id of ids) {
      const waiter = this.#waiters.get(id);
      this.#waiters.delete(id);
      if (outcome.kind === "started") waiter?.resolve();
      else waiter?.reject(outcome.error);
    }
  }

  #report(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Child "${this.config.name}": ${reason}`;
    this.#options.onEvent({ event: "error", data: { message } });
  }
}
