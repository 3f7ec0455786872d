/** @module */

import { messageOf } from "./_message_of.ts";
import type { Engine, Refusal } from "../engine/engine.ts";
import type { Event, PodStatus } from "../protocol/event.ts";
import type { Method, MethodOf } from "../protocol/method.ts";
import type { PodEvent } from "../protocol/pod_event.ts";
import { compactHistory } from "./compaction.ts";
import {
  type ChildStanding,
  type ControllerEffect,
  type ControllerInput,
  type ControllerState,
  initialState,
  type Sender,
  statusOf,
} from "./controller_state.ts";
import { discover } from "./discovery.ts";
import type { Journal } from "./journal.ts";
import type { OwnedTasks } from "./owned_tasks.ts";
import { PodError } from "./pod_error.ts";
import type { ChildrenPort, DiscoveryPort } from "./ports.ts";
import type { SegmentChain } from "./segment_chain.ts";
import { step } from "./step.ts";
import { withId } from "./transition.ts";
import { type TurnOrder, TurnTask } from "./turn_task.ts";
import type { UpwardReporter } from "./upward_reporter.ts";

/** What a runner moves. */
export interface ControllerRunnerOptions {
  /** Name of this Pod, for reports. */
  podName: string;
  /** Does the thinking. */
  engine: Engine;
  /** Takes the entries and tells the clients. */
  journal: Journal;
  /** Holds the segments. */
  chain: SegmentChain;
  /** Tells the parent. */
  reporter: UpwardReporter;
  /** Tasks beside the turn: registries, discovery. */
  tasks: OwnedTasks;
  /** The child Pods; without it every PodEvent is a stranger's. */
  children?: ChildrenPort | undefined;
  /** The other Pods. */
  discovery?: DiscoveryPort | undefined;
  /** Milliseconds a turn or compaction has to end after it was told to. */
  abortLimitMs?: number | undefined;
  /** Keeps the status where other programs look for it; called before clients are told. */
  onStatus(status: PodStatus): void;
  /** The Pod is to leave. */
  onClose(): void;
  /** What no client needs to hear. */
  note(message: string): void;
}

/**
 * The controller: one queue of inputs, one pure step for each, and here what the steps ask for. It
 * never waits; what has to is an owned task whose end comes back as an input. It never throws
 * either: what fails is told, and the other effects are still performed.
 *
 * Source: design, "The way of one request"; controller specification, section 1.5.
 */
export class ControllerRunner {
  readonly #options: ControllerRunnerOptions;
  readonly #inputs: ControllerInput[] = [];
  #state: ControllerState;
  #isStepping = false;
  #turn: { id: number; task: TurnTask; ended: Promise<void> } | undefined;
  #compaction: { id: number; abort: AbortController; ended: Promise<void> } | undefined;
  #overdue: ReturnType<typeof setTimeout> | undefined;

  /** An idle controller. */
  constructor(options: ControllerRunnerOptions) {
    this.#options = options;
    this.#state = initialState(options.podName);
  }

  /** What clients see. */
  get status(): PodStatus {
    return statusOf(this.#state.phase);
  }

  /** Whether the Pod is leaving. */
  get isClosing(): boolean {
    return this.#state.phase.name === "closing";
  }

  /** Takes a Method; what it means is decided, and told, before this returns. */
  take(method: Method, from?: Sender): void {
    const input: ControllerInput = { type: "method", method, from };
    if (method.method === "run") input.refusal = this.#refusalOf(method);
    if (method.method === "pod_event") input.child = this.#standingOf(method.params);
    this.#dispatch(input);
  }

  /** Waits for a turn or compaction that is under way. */
  async settled(): Promise<void> {
    await this.#turn?.ended;
    await this.#compaction?.ended;
  }

  #dispatch(input: ControllerInput): void {
    this.#inputs.push(input);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) {
        const { state, effects } = step(this.#state, next);
        this.#state = state;
        for (const effect of effects) this.#performContained(effect);
      }
    } finally {
      this.#isStepping = false;
    }
  }

  #performContained(effect: ControllerEffect): void {
    try {
      this.#perform(effect);
    } catch (error) {
      const message = `Cannot ${effect.type.replaceAll("_", " ")}: ${messageOf(error)}`;
      const { journal, note } = this.#options;
      note(message);
      journal.alert("error", "pod", message);
    }
  }

  #perform(effect: ControllerEffect): void {
    const { journal, reporter } = this.#options;
    switch (effect.type) {
      case "emit":
        return journal.emit(effect.event);
      case "reply":
        return effect.to ? effect.to.reply(effect.event) : journal.emit(effect.event);
      case "alert":
        return journal.alert(effect.level, effect.source, effect.message);
      case "status":
        this.#options.onStatus(effect.status);
        return journal.emit({ event: "status", data: { status: effect.status } });
      case "start_turn":
        return this.#startTurn(effect.id, effect);
      case "abort_turn":
        return this.#abortTurn(effect.id);
      case "revoke_turn":
        return this.#revokeTurn(effect.id);
      case "start_compaction":
        return this.#startCompaction(effect.id, effect.methodId);
      case "abort_compaction":
        return this.#compaction?.abort.abort(new DOMException("Cancelled", "AbortError"));
      case "list_rewind_targets":
        return this.#listRewindTargets(effect.methodId);
      case "rewind":
        return this.#rewind(effect.method);
      case "discover":
        return this.#discover(effect.method);
      case "child_event":
        return this.#applyChildEvent(effect.event);
      case "report":
        return reporter.report(effect.event);
      case "close":
        return this.#options.onClose();
    }
  }

  #startTurn(id: number, order: TurnOrder): void {
    const { engine, journal, chain, note } = this.#options;
    const task = new TurnTask(order, {
      engine,
      journal,
      chain,
      waitingNotes: () => this.#state.notes,
      onNotesTaken: (count) => this.#dispatch({ type: "notes_taken", id, count }),
      onStrayFailure: (error) => note(`An abandoned turn failed: ${error}`),
    });
    const ended = task.settled.then((settlement) => {
      clearTimeout(this.#overdue);
      this.#overdue = undefined;
      this.#turn = undefined;
      this.#dispatch({ type: "turn_settled", id, settlement });
    });
    this.#turn = { id, task, ended };
  }

  #abortTurn(id: number): void {
    if (this.#turn?.id !== id) return;
    this.#turn.task.abort();
    const limitMs = this.#options.abortLimitMs ?? 10_000;
    this.#overdue = setTimeout(() => this.#dispatch({ type: "turn_overdue", id }), limitMs);
  }

  #revokeTurn(id: number): void {
    if (this.#turn?.id !== id) return;
    const { journal, note } = this.#options;
    note("A turn did not end after its abort and lost its pen");
    journal.alert("warn", "pod", "The turn did not stop in time; what it still does is ignored");
    this.#turn.task.revoke();
  }

  #startCompaction(id: number, methodId: string | undefined): void {
    const { engine, journal, chain } = this.#options;
    const abort = new AbortController();
    const work = compactHistory({ engine, journal, chain, signal: abort.signal, methodId });
    const ended = work.then((settlement) => {
      this.#compaction = undefined;
      this.#dispatch({ type: "compaction_settled", id, settlement });
    });
    this.#compaction = { id, abort, ended };
  }

  #listRewindTargets(id: string | undefined): void {
    const { journal, chain } = this.#options;
    try {
      const data = { head_entries: journal.texts.length, targets: chain.targets() };
      journal.emit(withId({ event: "rewind_targets", data }, id));
    } catch (error) {
      journal.emit(withId(internalError(error), id));
    }
  }

  #rewind(method: MethodOf<"rewind_to">): void {
    const { journal, chain } = this.#options;
    const { target, expected_head_entries } = method.params;
    try {
      const { input, summary } = chain.rewind(target, expected_head_entries);
      journal.announceRewind(input, summary, method.id);
    } catch (error) {
      const isInvalid = error instanceof PodError && error.code === "invalid";
      const event: Event = isInvalid
        ? { event: "error", data: { code: "invalid_request", message: error.message } }
        : internalError(error);
      return journal.emit(withId(event, method.id));
    }
    this.#perform({ type: "status", status: this.status });
  }

  #discover(method: Method): void {
    const { discovery, journal, tasks } = this.#options;
    tasks.start(method.method, async (signal) => {
      const answer = await discover(discovery, method, signal);
      try {
        journal.emit(withId(answer, method.id));
      } catch (error) {
        // The payload is the port's, and need not be JSON.
        journal.emit(withId(internalError(error), method.id));
      }
    });
  }

  #applyChildEvent(event: PodEvent): void {
    const { children, reporter, tasks } = this.#options;
    if (!children) return;
    tasks.start(`child event ${event.kind}`, async (signal) => {
      const passedOn = await children.apply(event, { signal });
      if (passedOn) reporter.report(passedOn);
    });
  }

  /** An engine that cannot say whether it takes a submission does not take it. */
  #refusalOf(method: MethodOf<"run">): Refusal | undefined {
    try {
      return this.#options.engine.admit?.(method.params.input);
    } catch (error) {
      return { code: "internal", message: `Cannot run: ${messageOf(error)}` };
    }
  }

  #standingOf(event: PodEvent): ChildStanding {
    const { children, note } = this.#options;
    try {
      return children?.standing(event) ?? "stranger";
    } catch (error) {
      note(`Cannot look up the sender of ${event.kind}: ${messageOf(error)}`);
      return "stranger";
    }
  }
}

function internalError(error: unknown): Event {
  return { event: "error", data: { code: "internal", message: messageOf(error) } };
}
