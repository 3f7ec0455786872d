import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  columnOf,
  type ControllerEffect,
  type ControllerInput,
  type ControllerState,
  initialState,
  type Intent,
  type Phase,
  statusOf,
  type TurnSettlement,
} from "../../lib/pod/controller_state.ts";
import { actionFor, METHOD_TABLE, PHASE_COLUMNS } from "../../lib/pod/method_table.ts";
import { NOTE_CAPACITY } from "../../lib/pod/notes.ts";
import { HELD_RUN_CAPACITY, step } from "../../lib/pod/step.ts";
import type { Method, MethodName } from "../../lib/protocol/method.ts";

const TEXT = [{ kind: "text" as const, content: "hi" }];
const UUID = "0192f0e8-4d84-7d6e-a000-000000000001";

const METHODS: Record<MethodName, Method> = {
  run: { method: "run", params: { input: TEXT } },
  notify: { method: "notify", params: { message: "built" } },
  pod_event: { method: "pod_event", params: { kind: "turn_ended", pod_name: "child" } },
  resume: { method: "resume" },
  cancel: { method: "cancel" },
  pause: { method: "pause" },
  compact: { method: "compact" },
  list_rewind_targets: { method: "list_rewind_targets" },
  rewind_to: {
    method: "rewind_to",
    params: {
      target: { segment_id: UUID, user_input_entry_index: 2 },
      expected_head_entries: 9,
    },
  },
  shutdown: { method: "shutdown" },
  list_completions: { method: "list_completions", params: { kind: "file", prefix: "" } },
  list_pods: { method: "list_pods" },
  restore_pod: { method: "restore_pod", params: { name: "other" } },
  register_peer: { method: "register_peer", params: { name: "other" } },
};

const TURN: Extract<Phase, { name: "turn" }> = {
  name: "turn",
  id: 5,
  kind: "run",
  intent: "none",
  from: "idle",
  drained: [],
};

const PHASES: Record<string, Phase> = {
  idle: { name: "idle" },
  running: TURN,
  paused: { name: "paused" },
  compacting: { name: "compaction", id: 5, intent: "none", held: [] },
  closing: { name: "closing", under: "idle" },
};

function at(phase: Phase, more: Partial<ControllerState> = {}): ControllerState {
  return { ...initialState("agent"), nextId: 6, phase, ...more };
}

function take(state: ControllerState, method: Method, child: "known" | "stranger" = "known") {
  return step(state, { type: "method", method, child });
}

/** A short reading of what a step did: next phase and effects. */
function reading(state: ControllerState, input: ControllerInput): string {
  const next = step(state, input);
  return [next.state.phase.name, ...next.effects.map(words)].join(" ");
}

function words(effect: ControllerEffect): string {
  switch (effect.type) {
    case "emit":
    case "reply": {
      const { event } = effect;
      const detail = event.event === "error"
        ? `:${event.data.code}`
        : event.event === "run_end"
        ? `:${event.data.result}`
        : "";
      return `${effect.type === "reply" ? "privately-" : ""}${event.event}${detail}`;
    }
    case "status":
      return `status:${effect.status}`;
    case "start_turn":
      return `turn:${effect.kind}:${effect.trigger ?? "none"}`;
    case "report":
      return `report:${effect.event.kind}`;
    default:
      return effect.type;
  }
}

Deno.test("step() does in every phase what the Method table says", () => {
  const readings: Record<MethodName, string[]> = {
    run: [
      "turn status:running turn:run:user_send",
      "turn error:already_running",
      "turn status:running turn:run:user_send",
      "compaction",
      "closing privately-error:invalid_request",
    ],
    notify: [
      "turn status:running turn:notification:notify",
      "turn",
      "paused",
      "compaction",
      "closing privately-error:invalid_request",
    ],
    pod_event: [
      "turn child_event status:running turn:notification:pod_event",
      "turn child_event",
      "paused child_event",
      "compaction child_event",
      "closing child_event",
    ],
    resume: [
      "idle error:not_paused",
      "turn error:already_running",
      "turn status:running turn:resume:none",
      "compaction error:already_running",
      "closing privately-error:invalid_request",
    ],
    cancel: [
      "idle error:not_running",
      "turn abort_turn",
      "paused error:not_running",
      "compaction abort_compaction",
      "closing privately-error:invalid_request",
    ],
    pause: [
      "idle error:not_running",
      "turn abort_turn",
      "paused privately-status",
      "compaction error:not_running",
      "closing privately-error:invalid_request",
    ],
    compact: [
      "compaction start_compaction",
      "turn error:already_running",
      "paused error:invalid_request",
      "compaction error:already_running",
      "closing privately-error:invalid_request",
    ],
    list_rewind_targets: [
      "idle list_rewind_targets",
      "turn error:already_running",
      "paused list_rewind_targets",
      "compaction error:already_running",
      "closing privately-error:invalid_request",
    ],
    rewind_to: [
      "idle rewind",
      "turn error:already_running",
      "paused error:invalid_request",
      "compaction error:already_running",
      "closing privately-error:invalid_request",
    ],
    shutdown: [
      "closing shutdown close",
      "turn abort_turn",
      "closing shutdown close",
      "compaction abort_compaction",
      "closing",
    ],
    list_completions: ["idle", "turn", "paused", "compaction", "closing"],
    list_pods: discovery(),
    restore_pod: discovery(),
    register_peer: discovery(),
  };
  for (const name of Object.keys(METHOD_TABLE) as MethodName[]) {
    PHASE_COLUMNS.forEach((column, index) => {
      const input: ControllerInput = { type: "method", method: METHODS[name], child: "known" };
      assertEquals(reading(at(PHASES[column]!), input), readings[name][index], `${name} ${column}`);
    });
  }
});

function discovery(): string[] {
  return [
    "idle discover",
    "turn error:already_running",
    "paused discover",
    "compaction error:already_running",
    "closing privately-error:invalid_request",
  ];
}

Deno.test("step() ignores late inputs of turns and compactions that are over", () => {
  const late: ControllerInput[] = [
    { type: "turn_settled", id: 4, settlement: { kind: "finished" } },
    { type: "compaction_settled", id: 4, settlement: { kind: "aborted" } },
    { type: "notes_taken", id: 4, count: 1 },
    { type: "turn_overdue", id: 4 },
  ];
  for (const phase of Object.values(PHASES)) {
    for (const input of late) {
      const state = at(phase);
      assertEquals(step(state, input), { state, effects: [] });
    }
  }
});

Deno.test("step() settles a turn by its outcome and the strongest intent", () => {
  const rows: [Intent, TurnSettlement, string][] = [
    ["none", { kind: "finished" }, "idle run_end:finished status:idle report:turn_ended"],
    ["none", { kind: "paused" }, "paused run_end:paused status:paused"],
    ["none", { kind: "limit_reached" }, "idle run_end:limit_reached status:idle report:turn_ended"],
    ["none", failed(true), "idle error:provider_error status:idle report:errored"],
    ["pause", { kind: "finished" }, "idle run_end:finished status:idle report:turn_ended"],
    ["pause", { kind: "cancelled" }, "paused run_end:paused status:paused"],
    ["pause", { kind: "rolled_back" }, "idle run_end:rolled_back status:idle report:errored"],
    ["cancel", { kind: "cancelled" }, "idle error:internal status:idle report:errored"],
    ["cancel", { kind: "rolled_back" }, "idle run_end:rolled_back status:idle report:errored"],
    ["shutdown", { kind: "cancelled" }, "closing error:internal status:idle shutdown close"],
    ["shutdown", { kind: "rolled_back" }, "closing run_end:rolled_back status:idle shutdown close"],
    [
      "shutdown",
      { kind: "finished" },
      "closing run_end:finished status:idle report:turn_ended shutdown close",
    ],
    ["shutdown", failed(true), "closing error:provider_error status:idle shutdown close"],
  ];
  for (const [intent, settlement, expected] of rows) {
    const state = at({ ...TURN, intent });
    assertEquals(reading(state, { type: "turn_settled", id: 5, settlement }), expected);
  }
});

function failed(began: boolean): TurnSettlement {
  return { kind: "failed", code: "provider_error", message: "overloaded", began };
}

Deno.test("step() origin_table: only runs and resumes report upward", () => {
  const report = (kind: "run" | "resume" | "notification", settlement: TurnSettlement) =>
    step(at({ ...TURN, kind }), { type: "turn_settled", id: 5, settlement }).effects
      .some((effect) => effect.type === "report");
  for (const settlement of [{ kind: "finished" } as const, failed(true)]) {
    assert(report("run", settlement));
    assert(report("resume", settlement));
    assert(!report("notification", settlement));
  }
});

Deno.test("step() pause_then_cancel: the stronger intent wins, and only the first one aborts", () => {
  const paused = take(at(TURN), METHODS.pause);
  const cancelled = take(paused.state, METHODS.cancel);
  assertEquals(cancelled.effects, []);
  assertEquals(take(cancelled.state, METHODS.pause).state, cancelled.state);
  assertEquals(
    reading(cancelled.state, { type: "turn_settled", id: 5, settlement: { kind: "cancelled" } }),
    "idle error:internal status:idle report:errored",
  );
});

Deno.test("step() a turn that fails before it began leaves a paused Pod paused", () => {
  const state = at({ ...TURN, from: "paused" });
  const input: ControllerInput = { type: "turn_settled", id: 5, settlement: failed(false) };
  assertEquals(reading(state, input), "paused error:provider_error status:paused report:errored");
});

Deno.test("step() refuses empty runs and refused input without a change of status", () => {
  for (const phase of [PHASES.idle!, PHASES.paused!]) {
    const state = at(phase);
    const empty = take(state, { method: "run", params: { input: [] } });
    assertEquals(empty.state, state);
    assertEquals(words(empty.effects[0]!), "error:invalid_request");
    const refusal = { code: "invalid_request" as const, message: "no such workflow" };
    const refused = step(state, { type: "method", method: METHODS.run, refusal });
    assertEquals(refused.state, state);
    assertEquals(words(refused.effects[0]!), "error:invalid_request");
  }
});

Deno.test("step() ignores an empty notification", () => {
  const state = at(PHASES.idle!);
  assertEquals(take(state, { method: "notify", params: { message: "" } }), { state, effects: [] });
});

Deno.test("step() repeats the id of a Method on the events it causes", () => {
  const { effects } = take(at(TURN), { method: "resume", id: "r-1" });
  const effect = effects[0];
  assert(effect?.type === "emit");
  assertEquals(effect.event.id, "r-1");
  const started = take(at(PHASES.idle!), { ...METHODS.run, id: "r-2" });
  const settled = step(started.state, {
    type: "turn_settled",
    id: 6,
    settlement: { kind: "finished" },
  });
  const end = settled.effects[0];
  assert(end?.type === "emit" && end.event.event === "run_end");
  assertEquals(end.event.id, "r-2");
});

Deno.test("step() answers a PodEvent of a stranger to the sender alone", () => {
  const state = at(PHASES.idle!);
  const { state: next, effects } = take(state, METHODS.pod_event, "stranger");
  assertEquals(next, state);
  assertEquals(effects.map(words), ["privately-error:invalid_request"]);
});

Deno.test("step() does not wake the model for the end of a child this Pod has stopped", () => {
  const method: Method = {
    method: "pod_event",
    params: { kind: "shut_down", pod_name: "child" },
  };
  const { state, effects } = step(at(PHASES.idle!), {
    type: "method",
    method,
    child: "stopped_here",
  });
  assertEquals(state.phase.name, "idle");
  assertEquals(state.notes.length, 1);
  assertEquals(effects.map(words), ["child_event"]);
});

Deno.test("step() sub_delegated_idle, sub_delegated_running: registries only, no note, no turn", () => {
  const method: Method = {
    method: "pod_event",
    params: {
      kind: "scope_sub_delegated",
      parent_pod: "child",
      sub_pod: "grandchild",
      sub_socket: "/run/grandchild/sock",
      scope: [],
    },
  };
  for (const phase of [PHASES.idle!, TURN]) {
    const next = take(at(phase), method);
    assertEquals(next.state, at(phase));
    assertEquals(next.effects.map(words), ["child_event"]);
  }
});

Deno.test("step() notify_gate: a note starts a turn only when idle and asked to", () => {
  const notify = (auto_run: boolean): Method => ({
    method: "notify",
    params: { message: "x", auto_run },
  });
  const starts = (phase: Phase, autoRun: boolean) =>
    take(at(phase), notify(autoRun)).effects.some((effect) => effect.type === "start_turn");
  assert(starts(PHASES.idle!, true));
  assert(!starts(PHASES.idle!, false));
  for (const phase of [TURN, PHASES.paused!, PHASES.compacting!]) {
    assert(!starts(phase, true));
    assert(!starts(phase, false));
  }
});

Deno.test("step() notify_fifo_cap: order is kept, the oldest are dropped, people hear of it once", () => {
  let state = at(PHASES.paused!);
  let alerts = 0;
  for (let number = 1; number <= NOTE_CAPACITY + 5; number++) {
    const next = take(state, { method: "notify", params: { message: `${number}` } });
    state = next.state;
    alerts += next.effects.filter((effect) => effect.type === "alert").length;
  }
  const messages = state.notes.map(({ content }) =>
    content.kind === "notification" ? content.message : ""
  );
  assertEquals(messages.length, NOTE_CAPACITY);
  assertEquals(messages[0], "6");
  assertEquals(messages.at(-1), `${NOTE_CAPACITY + 5}`);
  assertEquals(alerts, 1);
});

Deno.test("step() notify_last_call: a note left when the turn ends starts the next turn", () => {
  const running = take(at(TURN), METHODS.notify).state;
  const input: ControllerInput = { type: "turn_settled", id: 5, settlement: { kind: "finished" } };
  assertEquals(
    reading(running, input),
    "turn run_end:finished status:idle report:turn_ended status:running turn:notification:notify",
  );
});

Deno.test("step() rollback_keeps_notifications: drained notes go back to the front", () => {
  const queued = take(at(TURN), { method: "notify", params: { message: "1", auto_run: false } });
  const taken = step(queued.state, { type: "notes_taken", id: 5, count: 1 });
  assertEquals(taken.state.notes, []);
  const later = take(taken.state, { method: "notify", params: { message: "2", auto_run: false } });
  const settled = step(later.state, {
    type: "turn_settled",
    id: 5,
    settlement: { kind: "rolled_back" },
  });
  assertEquals(
    settled.state.notes.map(({ content }) => content.kind === "notification" && content.message),
    ["1", "2"],
  );
});

Deno.test("step() does not repeat a notification turn that failed before it took its notes", () => {
  const state = at({ ...TURN, kind: "notification" }, {
    notes: [{ content: { kind: "notification", message: "x" }, autoRun: true }],
  });
  const settled = step(state, { type: "turn_settled", id: 5, settlement: failed(true) });
  assertEquals(settled.state.phase.name, "idle");
  assertEquals(settled.state.notes.map((note) => note.autoRun), [false]);
});

Deno.test("step() holds runs during a compaction and starts the first one behind it", () => {
  let state = at(PHASES.compacting!);
  for (let held = 0; held < HELD_RUN_CAPACITY; held++) {
    const next = take(state, { ...METHODS.run, id: `run-${held}` });
    assertEquals(next.effects, []);
    state = next.state;
  }
  assertEquals(take(state, METHODS.run).effects.map(words), ["error:already_running"]);
  const settled = step(state, {
    type: "compaction_settled",
    id: 5,
    settlement: { kind: "compacted", segmentId: UUID },
  });
  assertEquals(settled.effects.slice(0, 3).map(words), [
    "compact_done",
    "status:running",
    "turn:run:user_send",
  ]);
  assertEquals(settled.effects.slice(3).map(words), Array(7).fill("error:already_running"));
});

Deno.test("step() compact_skips, and a failed compaction says why", () => {
  const settle = (settlement: Parameters<typeof settled>[0]) => settled(settlement);
  const settled = (
    settlement: Extract<ControllerInput, { type: "compaction_settled" }>["settlement"],
  ) => reading(at(PHASES.compacting!), { type: "compaction_settled", id: 5, settlement });
  assertEquals(settle({ kind: "skipped", reason: "empty" }), "idle alert");
  assertEquals(settle({ kind: "aborted" }), "idle compact_failed");
  assertEquals(
    settle({ kind: "failed", message: "no" }),
    "idle compact_failed alert error:internal",
  );
});

Deno.test("step() a shutdown during a compaction aborts it and leaves behind it", () => {
  const raised = take(at(PHASES.compacting!), METHODS.shutdown);
  assertEquals(raised.effects.map(words), ["abort_compaction"]);
  assertEquals(
    reading(raised.state, { type: "compaction_settled", id: 5, settlement: { kind: "aborted" } }),
    "closing compact_failed shutdown close",
  );
});

Deno.test("step() revokes a turn that is overdue, once it is its own", () => {
  assertEquals(reading(at(TURN), { type: "turn_overdue", id: 5 }), "turn revoke_turn");
});

Deno.test("step() keeps its promises over random inputs", () => {
  const methods = fc.constantFrom(...Object.values(METHODS));
  const settlement = fc.constantFrom<TurnSettlement>(
    { kind: "finished" },
    { kind: "paused" },
    { kind: "cancelled" },
    { kind: "rolled_back" },
    failed(true),
    failed(false),
  );
  const input = fc.oneof(
    { weight: 4, arbitrary: methods.map((method) => ({ kind: "method" as const, method })) },
    { weight: 2, arbitrary: settlement.map((outcome) => ({ kind: "settle" as const, outcome })) },
    { weight: 1, arbitrary: fc.constant({ kind: "take" as const }) },
  );
  fc.assert(fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
    let state = initialState("agent");
    let running = 0;
    let notes = 0;
    for (const one of inputs) {
      const next = step(state, toInput(one, state));
      for (const effect of next.effects) {
        if (effect.type === "start_turn") running++;
        if (effect.type === "close") assertEquals(next.state.phase.name, "closing");
      }
      if (one.kind === "settle" && state.phase.name === "turn") running--;
      // At most one turn runs, and the phase knows it.
      assertEquals(running, next.state.phase.name === "turn" ? 1 : 0);
      // Nobody is left waiting: an idle Pod has no note that asks for a turn, unless its turn failed.
      if (next.state.phase.name === "idle" && one.kind !== "settle") {
        notes = next.state.notes.filter((note) => note.autoRun).length;
        assertEquals(notes, 0);
      }
      // A status that changed was told.
      if (statusOf(state.phase) !== statusOf(next.state.phase)) {
        const told = next.effects.findLast((effect) => effect.type === "status");
        assertEquals(told?.type === "status" && told.status, statusOf(next.state.phase));
      }
      assert(actionFor("cancel", columnOf(next.state.phase)) !== undefined);
      state = next.state;
    }
  }));
});

type RandomInput =
  | { kind: "method"; method: Method }
  | { kind: "settle"; outcome: TurnSettlement }
  | { kind: "take" };

function toInput(one: RandomInput, state: ControllerState): ControllerInput {
  const id = "id" in state.phase ? state.phase.id : 0;
  switch (one.kind) {
    case "method":
      return { type: "method", method: one.method, child: "known" };
    case "settle":
      return state.phase.name === "compaction"
        ? { type: "compaction_settled", id, settlement: { kind: "aborted" } }
        : { type: "turn_settled", id, settlement: one.outcome };
    case "take":
      return { type: "notes_taken", id, count: state.notes.length };
  }
}
