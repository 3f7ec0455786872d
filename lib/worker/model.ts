/**
 * What the worker asks of a language model: the streaming half of the AI SDK's interface, version 4.
 *
 * Only types come from `@ai-sdk/provider`; nothing of it is loaded.
 *
 * @module
 */

import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";

/** One request to a model: the prompt, the tools it may call, the settings and the abort signal. */
export type ModelRequest = LanguageModelV4CallOptions;
/** One message of a prompt. */
export type ModelMessage = LanguageModelV4Message;
/** One piece of a streamed response. */
export type ModelStreamPart = LanguageModelV4StreamPart;
/** Tokens of one request, as the model reports them. */
export type ModelUsage = LanguageModelV4Usage;

/** A response on its way. */
export interface ModelStream {
  /** The parts of the response, in order. */
  stream: ReadableStream<ModelStreamPart>;
}

/**
 * A language model. Every model of an AI SDK provider package is one, unchanged.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import type { Model } from "./model.ts";
 *
 * const mute: Model = {
 *   provider: "example",
 *   modelId: "mute",
 *   doStream: () => Promise.resolve({ stream: ReadableStream.from([]) }),
 * };
 * assert(mute.contextWindow === undefined);
 * ```
 */
export interface Model {
  /** Provider, for example `anthropic.messages`; its family is the part before the first dot. */
  readonly provider: string;
  /** Name of the model at its provider. */
  readonly modelId: string;
  /** Tokens the model can see at once; absent when unknown. */
  readonly contextWindow?: number;
  /**
   * Whether system messages may stand between the others. Without it, notes in the conversation go
   * out as user text, which every provider takes.
   */
  readonly acceptsSystemMessages?: boolean;
  /** Opens one response. It rejects when the request fails before the first part. */
  doStream(options: ModelRequest): PromiseLike<ModelStream>;
}
