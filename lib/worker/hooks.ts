/**
 * Hooks: where a program may look into a turn and steer it.
 *
 * A hook gets a read-only summary and returns a decision. It cannot add messages or change
 * arguments and results. Hooks are asked in registration order; the first decision other than going
 * on wins, and later hooks are not asked. A hook that throws ends nothing: before a tool call it
 * counts as a denial, elsewhere as going on, and the person hears of it.
 *
 * Source: controller specification, section 8.1 and W45.
 *
 * @module
 */

/** Go on; returning nothing means the same. */
export interface Continue {
  /** Names the decision. */
  kind: "continue";
}

/** Fail the turn with `Aborted: <reason>`. */
export interface Abort {
  /** Names the decision. */
  kind: "abort";
  /** Why, for the person. */
  reason: string;
}

/** Pause the turn; a resume takes it up again. */
export interface Pause {
  /** Names the decision. */
  kind: "pause";
}

/** Answer the call with an error result that says `text`; the tool does not run. */
export interface Deny {
  /** Names the decision. */
  kind: "deny";
  /** What the model reads in place of a result. */
  text: string;
}

/** What a hook returns. */
export type Decision<Choice> = Choice | Continue | void | Promise<Choice | Continue | void>;

/** A submission that is about to be worked on. */
export interface PromptSubmitInput {
  /** The submission as the model sees it. */
  text: string;
  /** Number of the turn that starts. */
  turn: number;
}

/** A model request that is about to be sent. */
export interface PreRequestInput {
  /** Number of the turn, over the life of the Pod. */
  turn: number;
  /** Items in the history. */
  itemCount: number;
  /** Tokens of the history, estimated from its length. */
  estimatedTokens: number;
  /** Tool calls of this run so far. */
  toolCallCount: number;
}

/** A call of a registered tool that is about to be made. */
export interface PreToolInput {
  /** Id the model gave the call. */
  callId: string;
  /** The tool that is called. */
  toolName: string;
  /** The arguments, a copy. */
  arguments: Record<string, unknown>;
}

/** A result that was just committed. */
export interface PostToolInput {
  /** Id the model gave the call. */
  callId: string;
  /** The tool that was called. */
  toolName: string;
  /** Whether the call failed or was denied. */
  isError: boolean;
  /** The short part of the output. */
  summary: string;
  /** The whole output, before it was cut to the limit. */
  content?: string;
}

/** A response without tool calls. */
export interface TurnEndInput {
  /** Turns completed over the life of the Pod, this one included. */
  turn: number;
  /** Tool calls of this run. */
  toolCallCount: number;
  /** The first 512 bytes of the last assistant text. */
  preview: string;
}

/** What a program may register; every method is optional. */
export interface WorkerHook {
  /** A `run` is about to be worked on. */
  promptSubmit?(input: PromptSubmitInput): Decision<Abort>;
  /** A model request is about to be sent. */
  preRequest?(input: PreRequestInput): Decision<Abort>;
  /** Asked for every call of a batch, in call order, before the first one runs. */
  preTool?(input: PreToolInput): Decision<Deny | Abort | Pause>;
  /** Told of every result of a registered tool, one after the other, once it is committed. */
  postTool?(input: PostToolInput): Decision<Abort>;
  /** The model answered without tool calls. */
  turnEnd?(input: TurnEndInput): Decision<Pause>;
  /** The turn failed or was aborted. */
  abort?(reason: string): void | Promise<void>;
}

/** The points at which hooks are asked. */
export type HookPoint = Exclude<keyof WorkerHook, "abort">;

/** What a hook at the given point is told. */
export type HookInput<Point extends HookPoint> = Parameters<NonNullable<WorkerHook[Point]>>[0];

/** What comes out at the given point. */
export type HookDecision<Point extends HookPoint> = Exclude<
  Awaited<ReturnType<NonNullable<WorkerHook[Point]>>>,
  void
>;

/** Many hooks, asked as one. */
export interface HookChain {
  /** The first decision other than going on. */
  ask<Point extends HookPoint>(
    point: Point,
    input: HookInput<Point>,
  ): Promise<HookDecision<Point> | Continue>;
  /** Tells every hook that the turn failed or was aborted. */
  tellAbort(reason: string): Promise<void>;
}

/**
 * Makes one chain of many hooks.
 *
 * @param report Hears of every hook that throws, in words for a person.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { chainHooks } from "./hooks.ts";
 *
 * const chain = chainHooks([
 *   { preTool: ({ toolName }) => toolName === "Bash" ? { kind: "deny", text: "no shell" } : undefined },
 * ], (problem) => { throw new Error(problem); });
 * const decision = await chain.ask("preTool", { callId: "1", toolName: "Bash", arguments: {} });
 * assert(decision.kind === "deny");
 * ```
 */
export function chainHooks(
  hooks: readonly WorkerHook[],
  report: (problem: string) => void,
): HookChain {
  return {
    async ask<Point extends HookPoint>(point: Point, input: HookInput<Point>) {
      for (const hook of hooks) {
        const decision = await askOne(hook, point, input, report);
        if (decision && decision.kind !== "continue") return decision;
      }
      return { kind: "continue" };
    },
    async tellAbort(reason) {
      for (const hook of hooks) {
        try {
          await hook.abort?.(reason);
        } catch (error) {
          report(problemText("abort", error));
        }
      }
    },
  };
}

async function askOne<Point extends HookPoint>(
  hook: WorkerHook,
  point: Point,
  input: HookInput<Point>,
  report: (problem: string) => void,
): Promise<HookDecision<Point> | Continue | void> {
  // One signature for all points: the input type follows from the point.
  const method = hook[point] as ((input: HookInput<Point>) => unknown) | undefined;
  try {
    return await method?.call(hook, input) as HookDecision<Point> | undefined;
  } catch (error) {
    const problem = problemText(point, error);
    report(problem);
    // A guard that fails must not open the door.
    if (point !== "preTool") return { kind: "continue" };
    const denial: Deny = { kind: "deny", text: `Denied. ${problem}` };
    return denial as HookDecision<Point>;
  }
}

function problemText(point: string, error: unknown): string {
  return `The ${point} hook failed: ${error instanceof Error ? error.message : String(error)}`;
}
