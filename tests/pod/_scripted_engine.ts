import type {
  CompactionOutcome,
  CompactionRequest,
  Engine,
  EngineDescription,
  Refusal,
  ResolvedInput,
  SessionStart,
  Turn,
  TurnOutcome,
  TurnSink,
} from "../../lib/engine/mod.ts";
import type { Segment } from "../../lib/protocol/mod.ts";
import { textMessage } from "../../lib/session/mod.ts";

/** What an engine does in one turn. */
export type TurnScript = (turn: Turn, sink: TurnSink) => Promise<TurnOutcome> | TurnOutcome;

/** An engine that plays one script a turn and notes what it saw. */
export class ScriptedEngine implements Engine {
  /** Kinds of the turns so far. */
  readonly kinds: string[] = [];
  /** The history each turn started with. */
  readonly histories: unknown[][] = [];
  readonly #scripts: TurnScript[];
  admit?: (input: readonly Segment[]) => Refusal | undefined;
  startSession?: () => Promise<SessionStart>;
  resolveInput?: (input: readonly Segment[]) => Promise<ResolvedInput>;
  compact?: (request: CompactionRequest) => Promise<CompactionOutcome>;
  isCompactionDue?: () => boolean;
  complete?: NonNullable<Engine["complete"]>;

  constructor(...scripts: TurnScript[]) {
    this.#scripts = scripts;
  }

  describe(): EngineDescription {
    return { provider: "unknown", model: "script", tools: ["Read", "Glob"], contextWindow: 1000 };
  }

  async runTurn(turn: Turn, sink: TurnSink): Promise<TurnOutcome> {
    const script = this.#scripts.shift();
    if (!script) throw new Error("the script has no turn left");
    this.kinds.push(turn.kind);
    this.histories.push([...sink.history]);
    return await script(turn, sink);
  }
}

/** One model response with this text, from start to end. */
export function respond(sink: TurnSink, text: string): void {
  const turn = sink.turnCount;
  sink.emit({ event: "turn_start", data: { turn } });
  sink.takeNotes();
  sink.emit({ event: "llm_call_start", data: { llm_call: turn } });
  sink.emit({ event: "text_delta", data: { text } });
  sink.emit({ event: "text_done", data: { text } });
  sink.usage({ historyLength: sink.history.length, inputTokens: 10, outputTokens: 5 });
  sink.emit({ event: "llm_call_end", data: { llm_call: turn } });
  sink.emit({ event: "turn_end", data: { turn, result: "finished" } });
  sink.commit({ kind: "assistant_item", item: textMessage("assistant", text) });
}

/** A turn that answers with one text. */
export function say(text: string): TurnScript {
  return (_turn, sink) => {
    respond(sink, text);
    return { kind: "finished" };
  };
}

/** A response that calls tools; their results are the script's to commit. */
export function callTools(sink: TurnSink, ...ids: string[]): void {
  const turn = sink.turnCount;
  sink.emit({ event: "turn_start", data: { turn } });
  sink.takeNotes();
  for (const id of ids) {
    sink.emit({ event: "tool_call_start", data: { id, name: "Read" } });
    sink.emit({ event: "tool_call_done", data: { id, name: "Read", arguments: "{}" } });
  }
  sink.emit({ event: "turn_end", data: { turn, result: "finished" } });
  for (const id of ids) {
    sink.commit({
      kind: "assistant_item",
      item: { kind: "tool_call", call_id: id, name: "Read", arguments: "{}" },
    });
  }
}

/** Commits the result of a call. */
export function answer(sink: TurnSink, id: string): void {
  sink.commit({
    kind: "tool_result",
    item: { kind: "tool_result", call_id: id, summary: `result of ${id}` },
  });
}

/** Waits for the abort of the turn; `before` runs first. */
export function hang(before?: (turn: Turn, sink: TurnSink) => void): TurnScript {
  return (turn, sink) => {
    before?.(turn, sink);
    const { promise, resolve } = Promise.withResolvers<TurnOutcome>();
    const end = () => resolve({ kind: "aborted" });
    if (turn.signal.aborted) end();
    else turn.signal.addEventListener("abort", end, { once: true });
    return promise;
  };
}
