/** What a model may call. Source: worker-and-tools specification, section A.0. @module */

/** What a call gives back. */
export interface ToolOutput {
  /** One or two lines that always stay in the model's context. */
  summary: string;
  /** The long part, absent when the summary says it all. */
  content?: string;
  /** Whether the call failed; a failed call never fails the turn. */
  isError?: boolean;
}

/** What a tool is told about the call it serves. */
export interface ToolContext {
  /** Id the model gave the call. */
  callId: string;
  /** Names the batch of calls one response asked for, `tool-batch-N`. */
  batchId: string;
  /** 0-based place of the call in its batch. */
  index: number;
  /** Fires when the turn is paused or cancelled; the tool then ends as soon as it can. */
  signal: AbortSignal;
}

/** The part of a tool that the model sees. */
export interface ToolDefinition {
  /** Unique among the tools of a Pod. */
  name: string;
  /** What the tool does and when to use it, for the model. */
  description: string;
  /** JSON Schema of the input, an object schema. */
  inputSchema: Record<string, unknown>;
}

/** Something a model can call. */
export interface Tool extends ToolDefinition {
  /**
   * Does the work. `input` is a JSON object that came from the model and is checked by the tool;
   * a rejection becomes an error result, it never fails the turn.
   */
  execute(input: Record<string, unknown>, context: ToolContext): Promise<ToolOutput>;
}
